import { expect, it } from '@jest/globals';
import { FlowBook } from './flow-book.js';
import type { FlowRow } from './flow-book.js';

const S = 1_000_000_000;
const at = (second: number) => ({ monotonicNs: BigInt(second * S), ms: 1_700_000_000_000 + second * 1000 });

function row(change: {
  port?: number;
  packets: number;
  first: number;
  last: number;
  flags?: number;
}): FlowRow {
  const { port = 40000, packets, first, last, flags = 0 } = change;
  return {
    key: {
      source: '00000000000000000000ffff0a3c0002',
      destination: '00000000000000000000ffffc0000209',
      source_port: port,
      destination_port: 443,
      family: 4,
      protocol: 6,
      reserved: '0000',
    },
    value: { packets, bytes: packets * 100, first_ns: first * S, last_ns: last * S, tcp_flags: flags },
  };
}
const open = () => new FlowBook({ activeTimeout: 60, idleTimeout: 15 }, 0, 0n);

it('tells a flow that goes on when its time has come, and then only what came since', () => {
  const book = open();
  expect(book.take([row({ packets: 10, first: 1, last: 30 })], at(31))).toEqual([]);
  expect(book.since).toBe(BigInt(30 * S));
  expect(book.take([row({ packets: 20, first: 1, last: 60 })], at(61))).toMatchObject([
    {
      reason: 'active',
      packets: 20n,
      bytes: 2000n,
      source: '10.60.0.2',
      sourcePort: 40000,
      protocol: 6,
      startedAt: at(1).ms,
      endedAt: at(60).ms,
    },
  ]);
  expect(book.take([row({ packets: 25, first: 1, last: 62 })], at(63))).toEqual([]);
  expect(book.take([], at(78))).toMatchObject([
    { reason: 'idle', packets: 5n, bytes: 500n, startedAt: at(60).ms, endedAt: at(62).ms },
  ]);
  expect(book.take([], at(200))).toEqual([]);
});

it('tells an ended connection soon, with what acknowledged the end', () => {
  const book = open();
  expect(book.take([row({ packets: 10, first: 1, last: 2, flags: 0x13 })], at(2))).toEqual([]);
  expect(book.take([row({ packets: 11, first: 1, last: 2, flags: 0x13 })], at(3))).toMatchObject([
    { reason: 'ended', packets: 11n, tcpFlags: 0x13 },
  ]);
});

it('takes a flow that the kernel had forgotten for another one', () => {
  const book = open();
  book.take([row({ packets: 10, first: 1, last: 2 })], at(20));
  expect(book.take([row({ packets: 3, first: 30, last: 30 })], at(46))).toMatchObject([
    { packets: 3n, startedAt: at(30).ms },
  ]);
});

it('tells nothing of what went on before it was opened', () => {
  const book = new FlowBook({ activeTimeout: 60, idleTimeout: 15 }, 0, BigInt(100 * S));
  expect(book.take([row({ packets: 10, first: 1, last: 90 })], at(120))).toEqual([]);
  expect(book.take([row({ packets: 12, first: 1, last: 130 })], at(150))).toMatchObject([{ packets: 2n }]);
});

it('tells what is left when it is closed', () => {
  const book = open();
  book.take(
    [row({ packets: 1, first: 1, last: 2 }), row({ packets: 2, first: 1, last: 2, port: 40001 })],
    at(3),
  );
  expect(book.close(at(4)).map(({ reason, packets }) => [reason, packets])).toEqual([
    ['forced', 1n],
    ['forced', 2n],
  ]);
  expect(book.close(at(5))).toEqual([]);
});

it('passes over rows that are no flows', () => {
  expect(open().take([{ key: 7, value: {} }], at(100))).toEqual([]);
});
