import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { waitFor } from '@underware/testkit';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DesiredSlice } from '@underware/core';
import type { Desired } from '../desired-state.js';
import { MemoryHost, serviceSlice, stateOf } from '../memory-host.spec-support.js';
import { FlowExporter } from './flow-exporter.js';

/** nfcapd, of the package nfdump: a collector that others use, which writes what it heard into a file. */
let collector: ChildProcess;
let directory: string;
let port: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'uwt-ipfix-'));
  port = await freePort();
  collector = spawn('nfcapd', ['-b', '127.0.0.1', '-p', String(port), '-w', directory, '-t', '60'], {
    stdio: 'ignore',
  });
  await waitFor('the collector to listen', () => queued(port) !== undefined);
});
afterEach(async () => {
  if (collector.exitCode === null) {
    collector.kill('SIGTERM');
    await once(collector, 'exit');
  }
  rmSync(directory, { recursive: true });
});

const MAPPED = '00000000000000000000ffff';
const NOW = process.hrtime.bigint();
const row = (source: string, destination: string, packets: number, flags: number, agoS: number) => ({
  key: {
    source,
    destination,
    source_port: 40000 + packets,
    destination_port: 443,
    family: source.startsWith(MAPPED) ? 4 : 6,
    protocol: 6,
  },
  value: {
    packets,
    bytes: packets * 1000,
    tcp_flags: flags,
    first_ns: Number(NOW) + 1,
    last_ns: Number(NOW - BigInt(agoS) * 1_000_000_000n),
  },
});

it('is understood by a collector: both families, ends, flags and what came since', async () => {
  const host = MemoryHost.make();
  const slices = [withExport(serviceSlice(1), port)];
  const state = stateOf(1, ...slices);
  let desired: Desired = { accepted: state, target: state, reports: [], settled: true };
  const [instance] = slices[0]?.slice.instances ?? [];
  if (!instance) throw new Error('the slice has no instance');
  await host.perform({ kind: 'load-instance', instance }, state);
  const moment = { monotonicNs: NOW, ms: Date.now() };
  const warnings: string[] = [];
  const exporter = new FlowExporter(
    host.kernel,
    { desired: async () => desired },
    { warn: (_, message) => warnings.push(message) },
    () => moment,
  );
  await exporter.look();
  const many = Array.from({ length: 40 }, (_, i) =>
    row(`${MAPPED}0a3c0002`, `${MAPPED}c0000209`, i + 1, 0x13, 2),
  );
  const six = row('fd600000000000000000000000000002', '20010db8000000000000000000000009', 70, 0x1b, 2);
  const silent = row(`${MAPPED}0a3c0003`, `${MAPPED}c0000209`, 80, 0x18, 20);
  const going = row(`${MAPPED}0a3c0004`, `${MAPPED}c0000209`, 90, 0x18, 0);
  host.fake.fill(instance.key, 'flows', [...many, six, silent, going]);
  await exporter.look();
  // Nothing of it asks for an export any more: what was not told is told now.
  desired = { ...desired, target: stateOf(2) };
  await exporter.look();
  expect(warnings).toEqual([]);
  await waitFor('the collector to take it', () => queued(port) === 0);
  collector.kill('SIGTERM');
  await once(collector, 'exit');

  const told = readFlows(directory);
  expect(told).toHaveLength(43);
  const of = (source: string) => told.filter((flow) => flow['src'] === source);
  expect(
    of('10.60.0.2')
      .map((flow) => Number(flow['packets']))
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(of('fd60::2')).toEqual([
    {
      src: 'fd60::2',
      dst: '2001:db8::9',
      dstPort: '443',
      protocol: '6',
      packets: '70',
      bytes: '70000',
      flags: '...AP.SF',
    },
  ]);
  expect(of('10.60.0.3')).toMatchObject([{ packets: '80', bytes: '80000' }]);
  expect(of('10.60.0.4')).toMatchObject([{ packets: '90' }]);
}, 30_000);

function withExport(slice: DesiredSlice, to: number): DesiredSlice {
  const [first] = slice.slice.instances;
  if (!first) throw new Error('the slice has no instance');
  const settings = { collector: '127.0.0.1', port: to, activeTimeout: 60, idleTimeout: 15 };
  const instance = { ...first, config: { ...first.config, export: settings } };
  return { ...slice, slice: { ...slice.slice, instances: [instance] } };
}

function readFlows(from: string): Record<string, string>[] {
  const [file] = readdirSync(from).filter((name) => /^nfcapd\.\d+$/.test(name));
  const format = 'fmt:%sa,%da,%dp,%pr,%pkt,%byt,%flg';
  const text = execFileSync('nfdump', ['-r', join(from, file ?? ''), '-q', '-N', '-6', '-o', format], {
    encoding: 'utf8',
  });
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [src = '', dst = '', dstPort = '', protocol = '', packets = '', bytes = '', flags = ''] = line
        .split(',')
        .map((field) => field.trim());
      return { src, dst, dstPort, protocol, packets, bytes, flags };
    });
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port: found } = socket.address();
  socket.close();
  return found;
}

/** Bytes that wait at a UDP port of this machine; undefined while nobody listens there. */
function queued(number: number): number | undefined {
  const local = `0100007F:${number.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .find((each) => each.includes(local));
  const bytes = row?.trim().split(/\s+/)[4]?.split(':')[1];
  return bytes === undefined ? undefined : Number.parseInt(bytes, 16);
}
