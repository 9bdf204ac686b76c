import { afterEach, beforeEach, expect } from '@jest/globals';
import type { PacketSpec } from '@underware/core';
import { buildPacket } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance, waitFor, withBytes } from '@underware/testkit';
import { FIREWALL_STATES } from '@underware/underservices';
import { COUNTER, DROP, firewallConfig, PASS } from './firewall-config.spec-support.js';
import type { Rule } from './firewall-config.spec-support.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const TABLES = ['connections', 'pending'];
/** The rules let the client in, and nothing out. */
const RULES: Rule[] = [
  { action: PASS, destination: '10.60.0.2/32' },
  { action: PASS, destination: 'fd60::2/128' },
];
const SEQUENCE = 1000;

type Flags = NonNullable<PacketSpec['tcpFlags']>;
type Protocol = PacketSpec['protocol'];
type Family = 'ipv4' | 'ipv6';
type Way = { packets: number | bigint };

/** The port of a server: what goes to it and what comes from it meet two instances with one set of tables. */
class ServerPort {
  private constructor(
    private readonly inbound: PluginInstance,
    private readonly outbound: PluginInstance,
  ) {}

  static async open(
    rules: readonly Rule[] = RULES,
    settings: Record<string, unknown> = {},
  ): Promise<ServerPort> {
    const config = firewallConfig(DROP, rules, settings);
    const inbound = await PluginInstance.load('firewall', 'firewall_tcx', config);
    return new ServerPort(inbound, await this.beside(inbound, 'firewall_xdp', rules, settings));
  }

  private static beside(
    of: PluginInstance,
    program: string,
    rules: readonly Rule[],
    settings: Record<string, unknown>,
  ): Promise<PluginInstance> {
    return PluginInstance.load('firewall', program, firewallConfig(DROP, rules, settings), {
      of,
      maps: TABLES,
    });
  }

  /** Another revision: its rules are others, the tables are the same. */
  async revised(rules: readonly Rule[], settings: Record<string, unknown> = {}): Promise<ServerPort> {
    const inbound = await ServerPort.beside(this.inbound, 'firewall_tcx', rules, settings);
    return new ServerPort(inbound, await ServerPort.beside(this.inbound, 'firewall_xdp', rules, settings));
  }

  async toServer(packet: Uint8Array): Promise<string> {
    return (await this.inbound.run(packet)).verdict;
  }

  async fromServer(packet: Uint8Array): Promise<string> {
    return (await this.outbound.run(packet)).verdict;
  }

  /** Both tables: where each connection is, its state, and packets both ways. */
  async listed(): Promise<string[]> {
    const found: string[] = [];
    for (const table of TABLES) {
      for await (const [, value] of this.inbound.map(table).entries()) {
        const { state, asked, answered } = value as { state: number; asked: Way; answered: Way };
        found.push(`${table} ${FIREWALL_STATES[state]} ${asked.packets}/${answered.packets}`);
      }
    }
    return found.sort();
  }

  async count(counter: keyof typeof COUNTER): Promise<number> {
    const [inbound, outbound] = [
      await this.inbound.counters('counters'),
      await this.outbound.counters('counters'),
    ];
    return (inbound[COUNTER[counter]]?.packets ?? 0) + (outbound[COUNTER[counter]]?.packets ?? 0);
  }

  close(): void {
    this.inbound.close();
    this.outbound.close();
  }
}

const ADDRESSES = {
  ipv4: { client: '10.60.0.9', server: '10.60.0.2' },
  ipv6: { client: 'fd60::9', server: 'fd60::2' },
};

interface Numbers {
  sequence?: number;
  acknowledged?: number;
}

function packet(
  family: Family,
  way: 'ask' | 'answer',
  protocol: Protocol,
  flags: Flags = ['syn'],
  { sequence = SEQUENCE, acknowledged = 0 }: Numbers = {},
): Uint8Array {
  const { client, server } = ADDRESSES[family];
  const asks = way === 'ask';
  const bytes = buildPacket(
    {
      protocol,
      source: asks ? client : server,
      destination: asks ? server : client,
      ...(protocol === 'icmp' ? {} : { sourcePort: asks ? 40_000 : 80, destinationPort: asks ? 80 : 40_000 }),
      ...(protocol === 'tcp' ? { tcpFlags: flags } : {}),
    },
    l2,
  );
  const transport = family === 'ipv4' ? 34 : 54;
  if (protocol === 'icmp' && !asks) return withBytes(bytes, transport, [family === 'ipv4' ? 0 : 129]);
  if (protocol !== 'tcp') return bytes;
  return withBytes(bytes, transport + 4, [...word(sequence), ...word(acknowledged)]);
}

const word = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];

/** A datagram to the server from one of many sources. */
function datagramFrom(source: number): Uint8Array {
  const address = `10.${source >> 16}.${(source >> 8) & 255}.${source & 255}`;
  return buildPacket({ protocol: 'udp', source: address, destination: ADDRESSES.ipv4.server }, l2);
}

/** An ICMP error of `from` about a packet, which it quotes up to the ports. */
function errorAbout(quoted: Uint8Array, family: Family, to: string, from = '10.60.0.77'): Uint8Array {
  const header = family === 'ipv4' ? 20 : 40;
  const source = family === 'ipv4' ? from : 'fd60::77';
  const bytes = buildPacket({ protocol: 'icmp', source, destination: to, payloadBytes: header + 8 }, l2);
  const transport = 14 + header;
  const unreachable = withBytes(bytes, transport, [family === 'ipv4' ? 3 : 1, 1]);
  return withBytes(unreachable, transport + 8, [...quoted.subarray(14, 14 + header + 8)]);
}

describeKernel('connections of a firewall', () => {
  let port: ServerPort;
  beforeEach(async () => {
    port = await ServerPort.open();
  });
  afterEach(() => port.close());

  for (const family of ['ipv4', 'ipv6'] as const) {
    const ask = (protocol: Protocol, flags?: Flags, numbers?: Numbers) =>
      port.toServer(packet(family, 'ask', protocol, flags, numbers));
    const answer = (protocol: Protocol, flags?: Flags, numbers?: Numbers) =>
      port.fromServer(packet(family, 'answer', protocol, flags, numbers));
    const shake = async () => {
      expect(await ask('tcp', ['syn'])).toBe('pass');
      expect(await answer('tcp', ['syn', 'ack'], { sequence: 5000 })).toBe('pass');
      expect(await ask('tcp', ['ack'], { acknowledged: 5001 })).toBe('pass');
    };

    itKernel(`of TCP over ${family} open and close as both ends say`, async () => {
      expect(await answer('tcp', ['syn', 'ack'])).toBe('drop');
      const seen: string[][] = [];
      const note = async (verdict: Promise<string>) => {
        expect(await verdict).toBe('pass');
        seen.push(await port.listed());
      };
      await note(ask('tcp', ['syn']));
      await note(answer('tcp', ['syn', 'ack'], { sequence: 5000 }));
      await note(ask('tcp', ['ack'], { acknowledged: 5001 }));
      await note(answer('tcp', ['ack', 'psh']));
      await note(ask('tcp', ['fin', 'ack']));
      await note(answer('tcp', ['ack']));
      await note(answer('tcp', ['fin', 'ack']));
      await note(ask('tcp', ['ack']));
      await note(answer('tcp', ['fin', 'ack']));
      expect(seen.flat()).toEqual([
        'pending syn_sent 1/0',
        'pending syn_received 1/1',
        'connections established 2/1',
        'connections established 2/2',
        'connections fin_wait 3/2',
        'connections close_wait 3/3',
        'connections last_ack 3/4',
        'connections time_wait 4/4',
        'connections time_wait 4/5',
      ]);
      expect(await port.count('opened')).toBe(1);
      expect(await port.count('known')).toBe(8);
      // The same ports again: a connection of its own, judged by rules.
      await note(ask('tcp', ['syn']));
      expect(seen.at(-1)).toEqual(['pending syn_sent 1/0']);
      expect(await port.count('opened')).toBe(2);
    });

    itKernel(`of TCP over ${family} end with a reset, and begin anew with a SYN`, async () => {
      await shake();
      expect(await answer('tcp', ['rst'])).toBe('pass');
      expect(await port.listed()).toEqual(['connections closed 2/2']);
      // A reset that crosses two ports of the host is seen twice.
      expect(await answer('tcp', ['rst'])).toBe('pass');
      expect(await answer('tcp', ['syn'])).toBe('drop');
      expect(await ask('tcp', ['syn'])).toBe('pass');
      expect(await port.listed()).toEqual(['pending syn_sent 1/0']);
      expect(await answer('tcp', ['rst', 'ack'])).toBe('pass');
      expect(await port.listed()).toEqual(['pending closed 1/1']);
    });

    itKernel(`of TCP over ${family} are not opened by who does not hear the answer`, async () => {
      expect(await ask('tcp', ['syn'])).toBe('pass');
      expect(await answer('tcp', ['syn', 'ack'], { sequence: 5000 })).toBe('pass');
      expect(await ask('tcp', ['ack'], { acknowledged: 9_000_000 })).toBe('pass');
      expect(await port.listed()).toEqual(['pending syn_received 2/1']);
      expect(await ask('tcp', ['ack'], { acknowledged: 5001 + 100 })).toBe('pass');
      expect(await port.listed()).toEqual(['connections established 3/1']);
    });

    itKernel(`of TCP over ${family} are picked up in their midst as rules say, unless strict`, async () => {
      expect(await ask('tcp', ['ack'])).toBe('pass');
      expect(await answer('tcp', ['ack'])).toBe('pass');
      expect(await port.listed()).toEqual(['connections established 1/1']);
      const strict = await ServerPort.open(RULES, { strict: true });
      expect(await strict.toServer(packet(family, 'ask', 'tcp', ['ack']))).toBe('drop');
      expect(await strict.count('invalid')).toBe(1);
      expect(await strict.toServer(packet(family, 'ask', 'tcp', ['syn']))).toBe('pass');
      strict.close();
    });

    for (const protocol of ['udp', 'icmp'] as const) {
      itKernel(`of ${protocol} over ${family} let answers out, and nothing before the question`, async () => {
        expect(await answer(protocol)).toBe('drop');
        expect(await ask(protocol)).toBe('pass');
        expect(await ask(protocol)).toBe('pass');
        expect(await port.listed()).toEqual(['pending unreplied 2/0']);
        expect(await answer(protocol)).toBe('pass');
        expect(await port.listed()).toEqual(['pending replied 2/1']);
        expect(await ask(protocol)).toBe('pass');
        expect(await port.listed()).toEqual(['connections stream 3/1']);
        expect([await port.count('opened'), await port.count('known')]).toEqual([1, 2]);
      });
    }

    itKernel(`let ICMP errors about them pass over ${family}, both ways and no others`, async () => {
      const { client, server } = ADDRESSES[family];
      const request = packet(family, 'ask', 'udp');
      // From the server's side nothing is allowed: only what is related can pass.
      expect(await port.fromServer(errorAbout(request, family, client))).toBe('drop');
      expect(await ask('udp')).toBe('pass');
      expect(await port.fromServer(errorAbout(request, family, client))).toBe('pass');
      expect(await port.count('related')).toBe(1);
      // To somebody who did not send what it quotes.
      const stranger = family === 'ipv4' ? '10.60.0.55' : 'fd60::55';
      expect(await port.fromServer(errorAbout(request, family, stranger))).toBe('drop');
      // About a packet that nobody sent.
      expect(await port.fromServer(errorAbout(packet(family, 'ask', 'tcp'), family, client))).toBe('drop');
      expect(await port.toServer(errorAbout(packet(family, 'answer', 'udp'), family, server))).toBe('pass');
      expect(await port.count('related')).toBe(2);
    });
  }

  itKernel('are not begun by TCP flags that contradict each other', async () => {
    const wrong: Flags[] = [['syn', 'fin'], ['syn', 'rst'], ['fin'], [], ['rst', 'fin', 'ack']];
    for (const flags of wrong) expect(await port.toServer(packet('ipv4', 'ask', 'tcp', flags))).toBe('drop');
    expect(await port.count('invalid')).toBe(wrong.length);
    expect(await port.listed()).toEqual([]);
  });

  itKernel('are forgotten when nothing was heard of them for too long', async () => {
    const config = firewallConfig(DROP, RULES);
    const settings = config.rodata['firewall_config'] as { timeouts: number[] };
    settings.timeouts = settings.timeouts.map(() => 0);
    const firewall = await PluginInstance.load('firewall', 'firewall_xdp', config);
    expect((await firewall.run(packet('ipv4', 'ask', 'udp'))).verdict).toBe('pass');
    // The clock goes by ticks: within one, nothing is too old.
    await waitFor('the next tick', async () => {
      await firewall.run(packet('ipv4', 'ask', 'udp'));
      return (await firewall.run(packet('ipv4', 'answer', 'udp'))).verdict === 'drop' || undefined;
    });
    firewall.close();
  });

  itKernel('that are open are not displaced by a flood of those that begin', async () => {
    const small = await ServerPort.open(RULES, { connections: 4096 });
    for (let round = 0; round < 2; round++) {
      expect(await small.toServer(packet('ipv4', 'ask', 'udp'))).toBe('pass');
      expect(await small.fromServer(packet('ipv4', 'answer', 'udp'))).toBe('pass');
    }
    for (let source = 0; source < 6000; source++) await small.toServer(datagramFrom(source));
    expect(await small.listed()).toContain('connections stream 2/2');
    expect((await small.listed()).length).toBeLessThanOrEqual(1 + 1024);
    expect(await small.fromServer(packet('ipv4', 'answer', 'udp'))).toBe('pass');
    small.close();
  });
});

describeKernel('a firewall whose rules are revised', () => {
  itKernel('keeps connections that were answered, and judges by the new rules what was not', async () => {
    const port = await ServerPort.open();
    expect(await port.toServer(packet('ipv4', 'ask', 'udp'))).toBe('pass');
    expect(await port.fromServer(packet('ipv4', 'answer', 'udp'))).toBe('pass');
    expect(await port.toServer(packet('ipv4', 'ask', 'tcp'))).toBe('pass');
    const closed = await port.revised([]);
    expect(await closed.toServer(packet('ipv4', 'ask', 'udp'))).toBe('pass');
    expect(await closed.toServer(packet('ipv4', 'ask', 'tcp'))).toBe('drop');
    port.close();
    expect(await closed.toServer(packet('ipv4', 'ask', 'udp'))).toBe('pass');
    closed.close();
  });
});
