import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import { describeKernel } from '@underware/testkit';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../fixture.spec-support.js';
import { generateKeyPair, loadSigner, loadTrustedKeys, type Signer, type TrustedKeys } from '../keys.js';
import { openPackage } from '../package.js';
import { importProgram, type ImportedProgram, type ImportOptions } from './import-program.js';

const SOURCE = `
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __uint(pinning, 1);
  __type(key, __u32); __type(value, __u32); } denied SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 4);
  __type(key, __u32); __type(value, __u32); } progs SEC(".maps");
SEC("xdp") int pass_xdp(struct xdp_md *ctx) {
  __u32 key = 0;
  if (bpf_map_lookup_elem(&denied, &key)) return XDP_DROP;
  bpf_tail_call(ctx, &progs, 0);
  return XDP_PASS;
}
SEC("xdp") int other_xdp(struct xdp_md *ctx) { return XDP_PASS; }
SEC("tc") int pass_tc(struct __sk_buff *ctx) { return 0; }
`;

const say = (options: Partial<ImportOptions>): ImportOptions => ({
  order: 'filter',
  programs: [],
  maps: {},
  ...options,
});

/** Real images, made by Podman in a storage of the test's own. */
describeKernel(
  'importing a program of others',
  () => {
    let directory: string;
    let elf: Uint8Array;
    let signer: Signer;
    let trusted: TrustedKeys;

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'uwt-import-'));
      elf = compile(SOURCE);
      mkdirSync(join(directory, 'keys'));
      await generateKeyPair(join(directory, 'key'));
      signer = await loadSigner(join(directory, 'key'));
      writeFileSync(join(directory, 'keys/key.pub'), readFileSync(join(directory, 'key.pub')));
      trusted = await loadTrustedKeys(join(directory, 'keys'));
      writeFileSync(join(directory, 'pass.bpf.o'), elf);
      writeFileSync(join(directory, 'README'), 'not an object');
    });
    afterAll(() => {
      rmSync(directory, { recursive: true, force: true });
    });

    function run(command: string, ...args: string[]): void {
      execFileSync(command, args, { cwd: directory, stdio: 'pipe' });
    }

    function podman(...args: string[]): void {
      const storage = ['--root', join(directory, 'storage'), '--runroot', join(directory, 'run')];
      run('podman', ...storage, '--storage-driver', 'vfs', ...args);
    }

    const take = (file: string, options: Partial<ImportOptions>): Promise<ImportedProgram> =>
      importProgram(readFileSync(join(directory, file)), file, say(options), signer);
    const refusal = async (bytes: Uint8Array, options: Partial<ImportOptions> = {}): Promise<string> => {
      try {
        await importProgram(bytes, 'given', say(options), signer);
      } catch (error) {
        if (error instanceof UnderwareError) return `${error.code}: ${error.report.why}`;
        throw error;
      }
      return 'taken';
    };

    it('takes an object alone, unaltered, as a package that both ends accept', async () => {
      const { bytes, manifest } = await take('pass.bpf.o', {
        version: '1.0.0',
        programs: ['pass_xdp', 'pass_tc'],
        maps: { denied: 'config' },
      });
      const opened = openPackage(bytes, trusted);
      expect(Buffer.from(opened.elf).equals(elf)).toBe(true);
      expect(opened.manifest).toEqual(manifest);
      expect(manifest).toMatchObject({
        name: 'pass',
        license: 'Dual BSD/GPL',
        implements: 'program',
        programs: [
          { name: 'pass_xdp', hook: 'xdp' },
          { name: 'pass_tc', hook: 'tcx' },
        ],
        maps: { denied: { role: 'config', scope: 'instance' } },
        thirdParty: {},
      });
    });

    it('takes images, with what their labels and tags say', async () => {
      writeFileSync(
        join(directory, 'Containerfile'),
        `FROM scratch\nCOPY README pass.bpf.o /\nLABEL io.ebpf.programs='{"pass_xdp":"xdp"}' io.ebpf.maps='{"denied":"hash"}'\n`,
      );
      for (const format of ['oci', 'docker']) {
        podman('build', '--quiet', '--format', format, '--tag', 'uwt.example/team/pass-filter:v1.2.3', '.');
        podman(
          'save',
          '--quiet',
          '--format',
          `${format}-archive`,
          '--output',
          `${format}.tar`,
          'uwt.example/team/pass-filter:v1.2.3',
        );
        run('gzip', '--keep', '--force', `${format}.tar`);
        for (const file of [`${format}.tar`, `${format}.tar.gz`]) {
          const { manifest } = await take(file, {});
          expect([file, manifest]).toMatchObject([
            file,
            { name: 'pass-filter', version: '1.2.3', programs: [{ name: 'pass_xdp', hook: 'xdp' }] },
          ]);
        }
      }
    });

    it('takes an archive with a folder, and its chain', async () => {
      mkdirSync(join(directory, 'l3af'), { recursive: true });
      run('cp', 'pass.bpf.o', 'README', 'l3af');
      run('tar', '-czf', 'l3af.tar.gz', 'l3af');
      run('zip', '-qr', 'l3af.zip', 'l3af');
      for (const file of ['l3af.tar.gz', 'l3af.zip']) {
        const { manifest } = await take(file, { version: '2.0.0', programs: ['pass_xdp'], next: 'progs' });
        expect(manifest).toMatchObject({ name: 'pass', thirdParty: { next: 'progs' } });
      }
    });

    it('says what is missing, and what cannot be', async () => {
      const version = '1.0.0';
      expect(await refusal(elf)).toBe('INPUT_INVALID: nothing tells its version');
      expect(await refusal(elf, { version })).toContain('several programs for xdp: pass_xdp, other_xdp');
      expect(await refusal(elf, { version, programs: ['none'] })).toContain('it has no program none');
      expect(await refusal(elf, { version, programs: ['pass_xdp'], next: 'denied' })).toContain(
        'map denied, which is hash, not prog_array',
      );
      expect(await refusal(elf, { version, programs: ['pass_xdp'], maps: { none: 'config' } })).toContain(
        'map none is not in the object',
      );
      expect(await refusal(elf, { version, name: 'No Name', programs: ['pass_xdp'] })).toContain(
        'lower-case',
      );
      const frags = compile('SEC("xdp.frags") int f(struct xdp_md *ctx) { return XDP_PASS; }');
      expect(await refusal(frags, { version })).toContain(
        'none of its programs is for the hook of a port: f (xdp)',
      );
      const two = join(directory, 'two');
      mkdirSync(two, { recursive: true });
      for (const name of ['a.o', 'b.o']) writeFileSync(join(two, name), elf);
      run('tar', '-cf', 'two.tar', 'two');
      const archive = readFileSync(join(directory, 'two.tar'));
      expect(await refusal(archive, { version })).toContain(
        'one object is wanted, and it has two/a.o, two/b.o',
      );
      expect(await refusal(archive, { version, object: 'a.o', programs: ['pass_xdp'] })).toBe('taken');
    });

    it('refuses what is broken, hostile or too large', async () => {
      expect(await refusal(Buffer.from('nothing of the kind'))).toContain('PACKAGE_MALFORMED');
      expect(await refusal(Buffer.alloc(100_000))).toContain('PACKAGE_MALFORMED');
      const cut = readFileSync(join(directory, 'oci.tar')).subarray(0, 3000);
      expect(await refusal(cut)).toContain('PACKAGE_MALFORMED');
      run('sh', '-c', 'head -c 100000000 /dev/zero | gzip > zeros.gz');
      expect(await refusal(readFileSync(join(directory, 'zeros.gz')))).toContain('PACKAGE_MALFORMED');
      // The object in the layer, with another byte: its digest does not hold any more.
      const image = readFileSync(join(directory, 'oci.tar'));
      const at = image.indexOf('io.ebpf.programs');
      image[at] = 'X'.charCodeAt(0);
      expect(await refusal(image)).toContain('has another digest');
    });
  },
  ['root', 'bpf'],
);
