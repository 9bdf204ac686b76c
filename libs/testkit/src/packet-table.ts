import { VERDICTS } from '@underware/core';
import type { InstanceConfig, Verdict } from '@underware/core';
import { describeKernel, itKernel } from './kernel-gate.js';
import { PluginInstance } from './plugin-instance.js';

/** A row of a packet table: a packet in; the verdict, the packet out and one counter as they must be. */
export interface PacketRow {
  name: string;
  packet: Uint8Array;
  expect: Verdict;
  /** Where not all programs of the table can be given the packet: the kernel makes no socket buffer of a cut IP header. */
  programs?: readonly string[];
  /** The packet that comes out; default the one that went in. */
  out?: Uint8Array;
  /** Counters that go up by one packet and by the packet's bytes, as `[map, index]`; all others of those maps must not. */
  counts: [map: string, index: number][];
}

export interface PacketTable {
  /** Name of the object, e.g. `firewall`. */
  object: string;
  /** Every row runs through each of them. */
  programs: readonly string[];
  config: Partial<InstanceConfig>;
  /** Maps whose counters are compared, listed or not in a row. */
  counterMaps: readonly string[];
  rows: readonly PacketRow[];
}

/** Declares one test for every program and row: run through BPF_PROG_TEST_RUN, on a freshly loaded instance. */
export function packetTable(name: string, table: PacketTable): void {
  for (const program of table.programs) {
    describeKernel(`${name}: ${program}`, () => {
      for (const row of table.rows.filter(({ programs }) => programs?.includes(program) ?? true)) {
        itKernel(`${row.name}: ${row.expect}`, () => checkRow(table, program, row));
      }
    });
  }
}

async function checkRow(table: PacketTable, program: string, row: PacketRow): Promise<void> {
  const instance = await PluginInstance.load(table.object, program, table.config);
  try {
    const { verdict, packet } = await instance.run(row.packet);
    const counted: string[] = [];
    for (const map of ['uw_verdicts', ...table.counterMaps]) {
      for (const [index, { packets, bytes }] of (await instance.counters(map)).entries()) {
        if (packets > 0) counted.push(`${map}[${index}] ${packets} packets ${bytes} bytes`);
      }
    }
    const one = `1 packets ${row.packet.length} bytes`;
    const wanted = [
      `uw_verdicts[${VERDICTS.indexOf(row.expect)}] ${one}`,
      ...row.counts.map(([map, index]) => `${map}[${index}] ${one}`),
    ];
    compare(
      { verdict, packet: hex(packet), counted: counted.sort() },
      { verdict: row.expect, packet: hex(row.out ?? row.packet), counted: wanted.sort() },
    );
  } finally {
    instance.close();
  }
}

/** Jest's own comparison where it runs, for its readable difference. */
function compare(actual: object, wanted: object): void {
  const { expect } = globalThis as unknown as { expect(value: object): { toEqual(value: object): void } };
  expect(actual).toEqual(wanted);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
