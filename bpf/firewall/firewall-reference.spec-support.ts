import type { PacketSpec } from '@underware/core';
import { parseIp } from '@underware/packet';
import { PASS } from './firewall-config.spec-support.js';
import type { Action, Rule } from './firewall-config.spec-support.js';

/** What the reference says of a packet: the verdict, and whether a connection (`known`), a rule or the default decided. */
export interface Judgement {
  action: Action;
  by: 'known' | 'default' | number;
}

/** A packet; `reply` makes an echo request an echo reply. TCP packets are SYNs: other flags are in a table of their own. */
export type Sent = Omit<PacketSpec, 'sourcePort' | 'destinationPort'> & {
  sourcePort: number;
  destinationPort: number;
  reply?: boolean;
};

interface Connection {
  initiator: string;
  answered: boolean;
}

interface Range {
  family: 4 | 6;
  first: bigint;
  last: bigint;
}

/** The firewall in few words: rules tried one by one, connections that nothing ever displaces. */
export class ReferenceFirewall {
  private readonly connections = new Map<string, Connection>();
  private readonly rules: (Rule & { from: Range | undefined; to: Range | undefined })[];

  constructor(
    private readonly otherwise: Action,
    rules: readonly Rule[],
  ) {
    this.rules = rules.map((rule) => ({
      ...rule,
      from: rangeOf(rule.source),
      to: rangeOf(rule.destination),
    }));
  }

  judge(sent: Sent): Judgement {
    const sender = `${sent.source} ${portOf(sent.sourcePort, sent)}`;
    const receiver = `${sent.destination} ${portOf(sent.destinationPort, sent)}`;
    const isReply = sent.protocol === 'icmp' && sent.reply === true;
    const asker = sent.protocol !== 'icmp' ? '' : isReply ? receiver : sender;
    const name = [sent.protocol, asker, ...[sender, receiver].sort()].join(' ');
    const known = this.connections.get(name);
    if (known !== undefined && (known.answered || known.initiator !== sender)) {
      known.answered = true;
      return { action: PASS, by: 'known' };
    }
    const by = this.firstMatch(sent);
    const action = (by < 0 ? undefined : this.rules[by]?.action) ?? this.otherwise;
    if (action === PASS && known === undefined && !isReply)
      this.connections.set(name, { initiator: sender, answered: false });
    return { action, by: by < 0 ? 'default' : by };
  }

  private firstMatch(sent: Sent): number {
    const version = sent.source.includes(':') ? 6 : 4;
    const source = numberOf(sent.source);
    const destination = numberOf(sent.destination);
    const within = (ports: [number, number] | undefined, port: number): boolean =>
      ports === undefined || (sent.protocol !== 'icmp' && port >= ports[0] && port <= ports[1]);
    return this.rules.findIndex(
      (rule) =>
        (rule.family ?? version) === version &&
        (rule.protocol ?? sent.protocol) === sent.protocol &&
        contains(rule.from, version, source) &&
        contains(rule.to, version, destination) &&
        within(rule.sourcePorts, sent.sourcePort) &&
        within(rule.destinationPorts, sent.destinationPort),
    );
  }
}

function portOf(port: number, { protocol }: Sent): string {
  return protocol === 'icmp' ? '' : String(port);
}

function contains(range: Range | undefined, version: 4 | 6, address: bigint): boolean {
  return range === undefined || (range.family === version && address >= range.first && address <= range.last);
}

function rangeOf(prefix: string | undefined): Range | undefined {
  if (prefix === undefined) return undefined;
  const [network = '', length = ''] = prefix.split('/');
  const { version, bytes } = parseIp(network);
  const open = BigInt(bytes.length * 8 - Number(length));
  const first = (numberOf(network) >> open) << open;
  return { family: version, first, last: first | ((1n << open) - 1n) };
}

function numberOf(address: string): bigint {
  return parseIp(address).bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
