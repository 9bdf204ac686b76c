import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyzeElf, analyzeObject } from './analyze-elf.js';
import { compile, RICH_SOURCE } from './fixture.spec-support.js';
import { HELPER_NAMES } from './helper-names.js';

const LOADABLE = `
struct { __uint(type, BPF_MAP_TYPE_LRU_HASH); __uint(max_entries, 8);
  __type(key, __u32); __type(value, __u32); } uwt_flows SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 1);
  __type(key, __u32); __type(value, __u32); } uwt_next SEC(".maps");
const volatile __u32 start = 3;
SEC("xdp") int uwt_xdp(struct xdp_md *ctx) {
  __u32 key = start, *value = bpf_map_lookup_elem(&uwt_flows, &key);
  bpf_tail_call(ctx, &uwt_next, 0);
  return value ? XDP_DROP : XDP_PASS;
}
SEC("tc") int uwt_tc(struct __sk_buff *ctx) { return start; }
SEC("cgroup/connect4") int uwt_connect(struct bpf_sock_addr *ctx) { return 1; }
`;

const root = process.getuid?.() === 0;
if (!root)
  process.stderr.write('skipped: analysis against the loaded object needs root (it mounts a bpffs)\n');
const describeKernel = root ? describe : describe.skip;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'uwt-elf-'));
  if (root) execFileSync('mount', ['-t', 'bpf', 'bpf', directory]);
});
afterAll(() => {
  if (root) execFileSync('umount', [directory]);
  rmSync(directory, { recursive: true, force: true });
});

function bpftool(...args: string[]): unknown {
  return JSON.parse(execFileSync('bpftool', ['-j', ...args], { encoding: 'utf8' }) || 'null');
}

describeKernel('analysis beside the kernel and other readers', () => {
  it('names the types that the kernel gave the loaded programs and maps', () => {
    const elf = compile(LOADABLE);
    const file = `${directory}.o`;
    writeFileSync(file, elf);
    try {
      bpftool('prog', 'loadall', file, join(directory, 'uwt'));
      const { requirements, maps } = analyzeObject(elf);
      const mapTypes = new Set<string>();
      for (const [name, { type }] of Object.entries(requirements.programs)) {
        const shown = bpftool('prog', 'show', 'pinned', join(directory, 'uwt', name)) as {
          type: string;
          map_ids?: number[];
        };
        expect([name, shown.type]).toEqual([name, type]);
        for (const id of shown.map_ids ?? [])
          mapTypes.add((bpftool('map', 'show', 'id', String(id)) as { type: string }).type);
      }
      expect(requirements.mapTypes).toEqual([...mapTypes].sort());
      expect(maps.map((map) => map.name)).toEqual(['uwt_flows', 'uwt_next']);
    } finally {
      rmSync(file);
      rmSync(join(directory, 'uwt'), { recursive: true, force: true });
    }
  });

  it('finds the helper calls that a disassembler finds', () => {
    const file = `${directory}.o`;
    writeFileSync(file, compile(RICH_SOURCE));
    try {
      for (const [name, { helpers }] of Object.entries(analyzeElf(compile(RICH_SOURCE)).programs)) {
        const listing = execFileSync('llvm-objdump', ['-d', `--disassemble-symbols=${name}`, file], {
          encoding: 'utf8',
        });
        // A call of a helper is `call <id>`; of a function, `call -1` or `call 0x…` with a relocation.
        const called = [...listing.matchAll(/\t85 00 .*call (0x[0-9a-f]+|\d+)$/gm)].map(
          ([, id]) => HELPER_NAMES[Number(id)] ?? '?',
        );
        const found = [...new Set(called)].sort();
        // Who reaches .text is counted with more than its own instructions call.
        const reachesText = ['judge_tc', 'leave_tc'].includes(name);
        expect([name, reachesText ? found.filter((one) => !helpers.includes(one)) : found]).toEqual([
          name,
          reachesText ? [] : helpers,
        ]);
      }
    } finally {
      rmSync(file);
    }
  });
});
