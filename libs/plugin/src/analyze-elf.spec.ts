import { describe, expect, it } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import * as fc from 'fast-check';
import { analyzeElf, analyzeObject } from './analyze-elf.js';
import { compile, RICH_SOURCE } from './fixture.spec-support.js';

const rich = compile(RICH_SOURCE);

describe('analyzeElf', () => {
  it('tells programs, their types and where they attach from the sections', () => {
    const { programs } = analyzeElf(rich);
    expect(Object.entries(programs).map(([name, { type, attach }]) => [name, type, attach])).toEqual([
      ['judge_xdp', 'xdp', 'xdp'],
      ['judge_tc', 'sched_cls', 'tcx'],
      ['leave_tc', 'sched_cls', 'tcx/egress'],
      ['on_receive', 'tracepoint', 'none'],
      ['on_connect', 'cgroup_sock_addr', 'none'],
    ]);
  });

  it('finds the helpers of each program, those of subprograms and callbacks included', () => {
    const { programs } = analyzeElf(rich);
    expect(programs['judge_xdp']?.helpers).toEqual(['map_lookup_elem']);
    expect(programs['on_connect']?.helpers).toEqual([]);
    // .text holds `shared` and `visit`; who reaches one of them counts both.
    const inText = ['get_prandom_u32', 'ktime_get_ns', 'map_lookup_elem'];
    expect(programs['judge_tc']?.helpers).toEqual([...inText, 'get_smp_processor_id'].sort());
    expect(programs['leave_tc']?.helpers).toEqual([...inText, 'loop'].sort());
  });

  it('finds kernel functions, CO-RE needs and map types', () => {
    const { programs, coRe, mapTypes, kernelBtf } = analyzeElf(rich);
    expect(programs['on_receive']?.kfuncs).toEqual(['bpf_rcu_read_lock']);
    expect(coRe).toEqual(['net_device.ifindex', 'sk_buff.dev', 'sk_buff.mark']);
    expect(mapTypes).toEqual(['array', 'lpm_trie', 'percpu_array', 'ringbuf']);
    expect(kernelBtf).toBe(true);
    expect(analyzeObject(rich).maps).toEqual([
      { name: 'rules', type: 'lpm_trie', pinsItself: false },
      { name: 'counts', type: 'percpu_array', pinsItself: false },
      { name: 'events', type: 'ringbuf', pinsItself: false },
    ]);
  });

  it('needs no kernel BTF where nothing is relocated against it', () => {
    const plain = analyzeElf(compile('SEC("xdp") int pass(struct xdp_md *ctx) { return XDP_PASS; }'));
    expect(plain).toEqual({
      programs: { pass: { type: 'xdp', helpers: [], kfuncs: [], attach: 'xdp' } },
      mapTypes: [],
      coRe: [],
      kernelBtf: false,
    });
  });

  it('refuses what is no little-endian BPF object with BTF and programs', () => {
    const cases: [string, Uint8Array, string][] = [
      ['empty', new Uint8Array(), 'not an ELF file'],
      ['text', Buffer.from('#!/bin/sh\n'.repeat(20)), 'not an ELF file'],
      ['32-bit', edited([[4, 1]]), '64-bit'],
      ['big-endian', edited([[5, 2]]), 'little-endian'],
      ['x86-64', edited([[18, 62]]), 'machine is 62'],
      ['executable', edited([[16, 2]]), 'relocatable'],
      ['no program', compile('int global = 1;'), 'no program'],
      ['unknown section', compile('SEC("nonsense") int f(void *ctx) { return 0; }'), 'nonsense'],
      [
        'unknown helper',
        compile('static int (*h)(void) = (void *)4000; SEC("xdp") int f(void *c) { return h(); }'),
        '4000',
      ],
    ];
    for (const [name, bytes, why] of cases) {
      expect([name, refusal(bytes)]).toEqual([name, expect.stringContaining(why)]);
    }
  });

  it('does not take a program for fragments as one for a chain', () => {
    const { programs } = analyzeElf(
      compile('SEC("xdp.frags") int f(struct xdp_md *ctx) { return XDP_PASS; }'),
    );
    expect(programs['f']).toMatchObject({ type: 'xdp', attach: 'none' });
  });

  it('ends in PACKAGE_MALFORMED or a result, whatever is cut off or flipped', () => {
    const damaged = fc.oneof(
      fc.nat(rich.length - 1).map((length) => rich.slice(0, length)),
      fc
        .array(fc.tuple(fc.nat(rich.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 12,
        })
        .map((edits) => edited(edits)),
      // Headers and tables decide most: damage them more often.
      fc.tuple(fc.nat(63), fc.integer({ min: 0, max: 255 })).map((edit) => edited([edit])),
      fc
        .tuple(fc.nat(20 * 64 - 1), fc.integer({ min: 0, max: 255 }))
        .map(([offset, value]) => edited([[rich.length - 20 * 64 + offset, value]])),
    );
    fc.assert(
      fc.property(damaged, (bytes) => {
        refusal(bytes);
      }),
      { numRuns: 3000 },
    );
  });
});

function edited(edits: [number, number][]): Uint8Array {
  const bytes = rich.slice();
  for (const [offset, value] of edits) bytes[offset] = value;
  return bytes;
}

/** Why it was refused; throws when analysis failed in any other way. */
function refusal(bytes: Uint8Array): string | undefined {
  try {
    analyzeElf(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof UnderwareError && error.code === 'PACKAGE_MALFORMED') return error.report.why;
    throw error;
  }
}
