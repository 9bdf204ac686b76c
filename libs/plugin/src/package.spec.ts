import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnderwareError, type PluginManifest } from '@underware/core';
import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, RICH_MANIFEST, RICH_SOURCE } from './fixture.spec-support.js';
import { generateKeyPair, loadSigner, loadTrustedKeys, type Signer, type TrustedKeys } from './keys.js';
import { buildPackage, inspectPlugin, LARGEST_PACKAGE, openPackage } from './package.js';
import { readTar, writeTar } from './tar.js';

const elf = compile(RICH_SOURCE);
const manifest: PluginManifest = { ...RICH_MANIFEST, events: { map: 'events', struct: 'event' } };
manifest.maps['events'] = { role: 'telemetry', scope: 'instance', description: 'Events' };

const PINNED = `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __uint(pinning, LIBBPF_PIN_BY_NAME);
  __type(key, __u32); __type(value, __u32); } shared SEC(".maps");
SEC("xdp") int f(struct xdp_md *c) { __u32 k = 0; return bpf_map_lookup_elem(&shared, &k) ? XDP_PASS : XDP_DROP; }`;

let directory: string;
let trusted: TrustedKeys;
const signers: Record<string, Signer> = {};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-package-'));
  await generateKeyPair(join(directory, 'ed'), 'ed25519');
  await generateKeyPair(join(directory, 'ec'), 'ecdsa-p256-sha256');
  trusted = await loadTrustedKeys(directory);
  for (const name of ['ed', 'ec']) signers[name] = await loadSigner(join(directory, name));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const signer = (name = 'ed'): Signer => {
  const found = signers[name];
  if (!found) throw new Error(`no key ${name}`);
  return found;
};

describe('package', () => {
  it.each(['ed', 'ec'])('opens what was built and signed with a trusted %s key', (name) => {
    const built = buildPackage(manifest, elf, signer(name));
    const opened = openPackage(built.bytes, trusted);
    expect(opened.digest).toBe(built.digest);
    expect(opened.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(opened.keyId).toBe(signer(name).keyId);
    expect(opened.manifest).toEqual(manifest);
    expect(Buffer.from(opened.elf).equals(elf)).toBe(true);
    expect(Object.keys(opened.requirements.programs)).toContain('judge_xdp');
  });

  it('is the same bytes however the manifest was ordered', () => {
    const reordered = Object.fromEntries(Object.entries(manifest).reverse()) as unknown as PluginManifest;
    const [a, b] = [manifest, reordered].map((one) => Buffer.from(buildPackage(one, elf, signer()).bytes));
    expect(b?.equals(a ?? Buffer.alloc(0))).toBe(true);
  });

  it('is a tar archive that tar itself reads', async () => {
    const { execFileSync } = await import('node:child_process');
    const listing = execFileSync('tar', ['-tf', '-'], { input: buildPackage(manifest, elf, signer()).bytes });
    expect(listing.toString().split('\n')).toEqual(['manifest.json', 'uwt-rich.bpf.o', 'signature.json', '']);
  });

  it('is refused without a signature, with an unknown key, and when any signed byte changed', () => {
    const members = readTar(buildPackage(manifest, elf, signer()).bytes);
    const replace = (name: string, edit: (text: Buffer) => Uint8Array) =>
      writeTar(
        members.map((member) =>
          member.name === name ? { name, data: edit(Buffer.from(member.data)) } : member,
        ),
      );
    const without = (name: string) => writeTar(members.filter((member) => member.name !== name));

    expect(codeOf(without('signature.json'))).toBe('PACKAGE_UNSIGNED');
    expect(codeOf(replace('manifest.json', textually('filter', 'guard')))).toBe('PACKAGE_ALTERED');
    expect(codeOf(replace('manifest.json', (text) => Buffer.concat([text, Buffer.from('\n')])))).toBe(
      'PACKAGE_ALTERED',
    );
    expect(codeOf(replace('uwt-rich.bpf.o', (text) => text.fill(0, 600, 601)))).toBe('PACKAGE_ALTERED');
    expect(codeOf(replace('uwt-rich.bpf.o', (text) => text.subarray(1)))).toBe('PACKAGE_ALTERED');
    expect(codeOf(replace('signature.json', textually('ed25519', 'ecdsa-p256-sha256')))).toBe(
      'PACKAGE_ALTERED',
    );
    expect(codeOf(replace('signature.json', textually('"signature":"', '"signature":"AAAA')))).toBe(
      'PACKAGE_ALTERED',
    );
    expect(codeOf(replace('signature.json', () => Buffer.from('{}')))).toBe('PACKAGE_MALFORMED');
    expect(codeOf(buildPackage(manifest, elf, signer()).bytes, new Map())).toBe('PACKAGE_KEY_UNKNOWN');
  });

  it('is not made of an object that pins its maps itself, unless others wrote it', () => {
    const pinned = compile(PINNED);
    const own: PluginManifest = { ...manifest, programs: [{ name: 'f', hook: 'xdp' }], maps: {} };
    delete own.events;
    expect(() => buildPackage(own, pinned, signer())).toThrow(/LIBBPF_PIN_BY_NAME/);
    const theirs = buildPackage({ ...own, thirdParty: {} }, pinned, signer());
    expect(openPackage(theirs.bytes, trusted).manifest.thirdParty).toEqual({});
  });

  it('is refused when it is not exactly the three members', () => {
    const members = readTar(buildPackage(manifest, elf, signer()).bytes);
    const [first] = members;
    if (!first) throw new Error('no member');
    const whole = writeTar(members);
    const cases: [string, Uint8Array][] = [
      ['empty', new Uint8Array()],
      ['not tar', Buffer.alloc(2048, 'x')],
      ['no manifest', writeTar(members.slice(1))],
      ['extra member', writeTar([...members, { name: 'run.sh', data: Buffer.from('true') }])],
      ['path as member', writeTar([...members, { name: '../../etc/cron.d/x', data: Buffer.from('x') }])],
      ['member twice', writeTar([...members, first])],
      ['cut short', whole.slice(0, whole.length - 512)],
      ['something behind the end', Buffer.concat([whole, Buffer.alloc(512)])],
      ['too large', new Uint8Array(LARGEST_PACKAGE + 1)],
    ];
    for (const [name, bytes] of cases) expect([name, codeOf(bytes)]).toEqual([name, 'PACKAGE_MALFORMED']);
    // A link under the object's name.
    const linked = Buffer.from(whole);
    linked[512 + Math.ceil(first.data.length / 512) * 512 + 156] = '2'.charCodeAt(0);
    expect(codeOf(linked)).toBe('PACKAGE_MALFORMED');
  });

  it('never fails in another way, whatever bytes are damaged', () => {
    const { bytes } = buildPackage(manifest, elf, signer());
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (offset, value, cut) => {
          const damaged = cut ? bytes.slice(0, offset) : bytes.slice();
          if (!cut) damaged[offset] = (damaged[offset] ?? 0) ^ value;
          expect(codeOf(damaged)).toMatch(/^PACKAGE_(MALFORMED|UNSIGNED|ALTERED|KEY_UNKNOWN)$/);
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each([
    ['a program that is not there', { programs: [{ name: 'absent', hook: 'xdp' as const }] }, 'absent'],
    ['a program on the wrong hook', { programs: [{ name: 'judge_tc', hook: 'xdp' as const }] }, 'judge_tc'],
    [
      'a map that is not there',
      {
        maps: {
          ...manifest.maps,
          gone: { role: 'state' as const, scope: 'instance' as const, description: 'x' },
        },
      },
      'gone',
    ],
    ['events from a map of another type', { events: { map: 'counts', struct: 'event' } }, 'counts'],
  ])('is not built when the manifest names %s', (_what, change, named) => {
    const error = refusal(() => buildPackage({ ...manifest, ...change }, elf, signer()));
    expect(error.code).toBe('PACKAGE_MALFORMED');
    expect(error.message).toContain(named);
  });
});

function textually(from: string, to: string): (text: Buffer) => Buffer {
  return (text) => Buffer.from(text.toString().replace(from, to));
}

function codeOf(bytes: Uint8Array, keys = trusted): string {
  return refusal(() => openPackage(bytes, keys)).code;
}

function refusal(attempt: () => unknown): UnderwareError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof UnderwareError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('inspecting', () => {
  it('reads a package that nobody trusts, and an object alone', () => {
    const { requirements } = openPackage(buildPackage(manifest, elf, signer()).bytes, trusted);
    expect(inspectPlugin(buildPackage(manifest, elf, signer()).bytes)).toEqual({ manifest, requirements });
    expect(inspectPlugin(elf)).toEqual({ requirements });
  });

  it('refuses what is neither', () => {
    expect(() => inspectPlugin(Buffer.from('not a plugin'))).toThrow(
      expect.objectContaining({ code: 'PACKAGE_MALFORMED' }),
    );
    expect(() => inspectPlugin(elf.subarray(0, 100))).toThrow(
      expect.objectContaining({ code: 'PACKAGE_MALFORMED' }),
    );
  });
});
