import type { FlowExport } from '@underware/core';
import { readFlowEnds } from '@underware/underservices';
import type { EndReason, FlowRecord } from './ipfix.js';

/** A row of an instance's flow table, as the kernel decodes it. */
export interface FlowRow {
  key: unknown;
  value: unknown;
}

/** Times of the kernel's clock and the time of day at one moment. */
export interface Moment {
  monotonicNs: bigint;
  ms: number;
}

interface Account {
  row: { source: string; destination: string; sourcePort: number; destinationPort: number };
  protocol: number;
  tcpFlags: number;
  firstNs: bigint;
  lastNs: bigint;
  packets: bigint;
  bytes: bigint;
  /** What of these was told already, and since when the next record counts. */
  toldPackets: bigint;
  toldBytes: bigint;
  sinceNs: bigint;
}

/** Flows of one instance that are kept in mind; of more, those that were silent longest are forgotten. */
const MOST_FLOWS = 65_536;
const FIN_OR_RST = 0x05;
const NS_PER_S = 1_000_000_000n;

/**
 * What of an instance's flows was told to its collector. The kernel counts from a flow's beginning on, a record says what
 * came since the one before: the difference is kept here. What went on before this book was opened is not told, since
 * another agent may have told it.
 */
export class FlowBook {
  private readonly accounts = new Map<string, Account>();
  private newest = 0n;

  constructor(
    private readonly wanted: Pick<FlowExport, 'activeTimeout' | 'idleTimeout'>,
    private readonly direction: 0 | 1,
    private readonly openedNs: bigint,
  ) {}

  /** The time of the last packet that is known: older rows have not changed since. */
  get since(): bigint {
    return this.newest;
  }

  /** Takes what changed, and gives back what is to be told now. */
  take(rows: readonly FlowRow[], now: Moment): FlowRecord[] {
    for (const row of rows) this.#enter(row);
    const records: FlowRecord[] = [];
    for (const account of this.accounts.values()) {
      const reason = this.#reason(account, now.monotonicNs);
      if (reason) records.push(this.#tell(account, reason, now));
    }
    for (const oldest of this.accounts.keys()) {
      if (this.accounts.size <= MOST_FLOWS) break;
      this.accounts.delete(oldest);
    }
    return records;
  }

  /** What was not told yet: the instance is about to go, or gone. */
  close(now: Moment): FlowRecord[] {
    return [...this.accounts.values()]
      .filter(({ packets, toldPackets }) => packets > toldPackets)
      .map((account) => this.#tell(account, 'forced', now));
  }

  #enter({ key, value }: FlowRow): void {
    const ends = readFlowEnds(key);
    if (!ends) return;
    const id = JSON.stringify(key);
    const [firstNs, lastNs] = [number(value, 'first_ns'), number(value, 'last_ns')];
    const [packets, bytes] = [number(value, 'packets'), number(value, 'bytes')];
    const before = this.accounts.get(id);
    // Another beginning: the kernel had made room and met the flow again.
    const known = before && before.firstNs === firstNs ? before : undefined;
    const isOld = firstNs < this.openedNs;
    // The end of the map is what changed last.
    this.accounts.delete(id);
    this.accounts.set(id, {
      row: ends,
      protocol: Number(number(key, 'protocol')),
      tcpFlags: Number(number(value, 'tcp_flags')),
      firstNs,
      lastNs,
      packets,
      bytes,
      toldPackets: known?.toldPackets ?? (isOld ? packets : 0n),
      toldBytes: known?.toldBytes ?? (isOld ? bytes : 0n),
      sinceNs: known?.sinceNs ?? (isOld ? lastNs : firstNs),
    });
    if (lastNs > this.newest) this.newest = lastNs;
  }

  #reason({ packets, toldPackets, tcpFlags, lastNs, sinceNs }: Account, now: bigint): EndReason | undefined {
    if (packets <= toldPackets) return undefined;
    const silence = now - lastNs;
    // What acknowledges the end comes after it: a moment's patience makes one record of both.
    if (tcpFlags & FIN_OR_RST && silence >= NS_PER_S) return 'ended';
    if (silence >= seconds(this.wanted.idleTimeout)) return 'idle';
    return now - sinceNs >= seconds(this.wanted.activeTimeout) ? 'active' : undefined;
  }

  #tell(account: Account, reason: EndReason, now: Moment): FlowRecord {
    const { row, protocol, tcpFlags, packets, bytes, toldPackets, toldBytes, sinceNs, lastNs } = account;
    account.toldPackets = packets;
    account.toldBytes = bytes;
    account.sinceNs = lastNs;
    const time = (ns: bigint): number => now.ms - Number(now.monotonicNs - ns) / 1e6;
    return {
      source: row.source,
      destination: row.destination,
      sourcePort: row.sourcePort,
      destinationPort: row.destinationPort,
      protocol,
      tcpFlags,
      packets: packets - toldPackets,
      bytes: bytes - toldBytes,
      startedAt: time(sinceNs),
      endedAt: time(lastNs),
      reason,
      direction: this.direction,
    };
  }
}

function seconds(count: number): bigint {
  return BigInt(Math.round(count * 1e9));
}

function number(struct: unknown, field: string): bigint {
  const value: unknown =
    typeof struct === 'object' && struct !== null ? Reflect.get(struct, field) : undefined;
  return typeof value === 'number' || typeof value === 'string' ? BigInt(value) : 0n;
}
