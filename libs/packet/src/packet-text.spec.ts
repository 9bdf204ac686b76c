import { describe, expect, it } from '@jest/globals';
import { buildPacket } from './build-packet.js';
import { describeFrame, parsePacketText } from './packet-text.js';

const L2 = { sourceMac: '02:00:00:00:00:0a', destinationMac: '02:00:00:00:00:0b' };

describe('a packet in words', () => {
  it.each([
    [
      'tcp 192.0.2.7:40000 > 10.71.0.10:23 [syn]',
      {
        protocol: 'tcp',
        source: '192.0.2.7',
        sourcePort: 40_000,
        destination: '10.71.0.10',
        destinationPort: 23,
        tcpFlags: ['syn'],
      },
    ],
    [
      'udp client_port > web_port:53 40 bytes',
      {
        protocol: 'udp',
        source: 'client_port',
        destination: 'web_port',
        destinationPort: 53,
        payloadBytes: 40,
      },
    ],
    ['ICMP fd00::1 to fd00::2', { protocol: 'icmp', source: 'fd00::1', destination: 'fd00::2' }],
    [
      'tcp [fd00::1]:1>[fd00::2]:65535 [SYN, ack]',
      {
        protocol: 'tcp',
        source: 'fd00::1',
        sourcePort: 1,
        destination: 'fd00::2',
        destinationPort: 65_535,
        tcpFlags: ['syn', 'ack'],
      },
    ],
    [
      'tcp fd00::1 > 10.0.0.1 []',
      { protocol: 'tcp', source: 'fd00::1', destination: '10.0.0.1', tcpFlags: [] },
    ],
  ])('%s', (text, spec) => {
    expect(parsePacketText(text)).toEqual(spec);
  });

  it.each([
    ['', 'packet'],
    ['tcp 10.0.0.1', 'packet'],
    ['sctp 10.0.0.1 > 10.0.0.2', 'protocol'],
    ['udp 10.0.0.1 > 10.0.0.2:70000', 'destination port'],
    ['tcp 10.0.0.1 > 10.0.0.2 [urg]', 'flags'],
    ['udp 10.0.0.1 > 10.0.0.2 [syn]', 'flags'],
    ['icmp 10.0.0.1 > 10.0.0.2:7', 'packet'],
    ['tcp 10.0.0.1:x > 10.0.0.2', 'source'],
  ])('refuses %j for its %s', (text, field) => {
    expect(() => parsePacketText(text)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining(field) }),
    );
  });

  it('describes frames', () => {
    const tcp = {
      protocol: 'tcp',
      source: '10.0.0.1',
      destination: '10.0.0.2',
      destinationPort: 23,
    } as const;
    expect(describeFrame(buildPacket(tcp, L2))).toBe(
      '02:00:00:00:00:0a > 02:00:00:00:00:0b  10.0.0.1:49152 > 10.0.0.2:23 tcp syn ttl 64, 54 bytes',
    );
    const v6 = { protocol: 'udp', source: 'fd00::1', destination: 'fd00::2' } as const;
    expect(describeFrame(buildPacket(v6, L2))).toContain(
      '[fd00::1]:49152 > [fd00::2]:9 udp ttl 64, 62 bytes',
    );
    expect(describeFrame(buildPacket(tcp, L2).subarray(0, 20))).toContain('(ipv4 header cut: 6 of 20 bytes)');
  });
});
