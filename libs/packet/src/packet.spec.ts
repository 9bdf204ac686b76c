import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { PacketSpec } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { buildPacket, checksum, formatIp, parseIp, readPacket } from './index.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const tcp: PacketSpec = {
  protocol: 'tcp',
  source: '10.60.0.1',
  destination: '10.60.0.2',
  sourcePort: 40000,
  destinationPort: 80,
};

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatIp);
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatIp);
const port = fc.integer({ min: 0, max: 65_535 });
const flags = fc.uniqueArray(fc.constantFrom('syn', 'ack', 'fin', 'rst', 'psh'));
const spec: fc.Arbitrary<PacketSpec> = fc.boolean().chain((six) =>
  fc.record({
    protocol: fc.constantFrom('tcp', 'udp', 'icmp'),
    source: six ? ipv6 : ipv4,
    destination: six ? ipv6 : ipv4,
    sourcePort: port,
    destinationPort: port,
    tcpFlags: flags,
    payloadBytes: fc.integer({ min: 0, max: 2000 }),
  }),
);

describe('buildPacket', () => {
  it('is read back as what was written, with valid checksums', () => {
    fc.assert(
      fc.property(spec, (wanted) => {
        const packet = readPacket(buildPacket(wanted, l2));
        expect(packet.malformed).toBeUndefined();
        expect(packet.ethernet).toMatchObject({ ...l2, vlans: [] });
        expect(packet.ip).toMatchObject({
          source: wanted.source,
          destination: wanted.destination,
          checksumValid: true,
        });
        expect(packet.payload).toHaveLength(wanted.payloadBytes ?? 0);
        const transport = packet[wanted.protocol];
        expect(transport?.checksumValid).toBe(true);
        const { sourcePort, destinationPort } = wanted;
        const ports =
          wanted.protocol === 'icmp'
            ? { type: packet.ip?.version === 4 ? 8 : 128 }
            : { sourcePort, destinationPort };
        expect(transport).toMatchObject(ports);
        expect(new Set(packet.tcp?.flags)).toEqual(new Set(wanted.protocol === 'tcp' ? wanted.tcpFlags : []));
      }),
    );
  });

  it('has its checksums broken by any single flipped bit that they cover', () => {
    fc.assert(
      fc.property(spec, fc.nat(), (wanted, seed) => {
        fc.pre(wanted.protocol !== 'udp'); // a flip can make its checksum zero, which means "none"
        const bytes = buildPacket(wanted, l2);
        const ipBytes = wanted.source.includes(':') ? 40 : 20;
        const from = 14 + ipBytes;
        const at = from + (seed % (bytes.length - from));
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (seed % 8));
        const packet = readPacket(bytes);
        const transport = packet[wanted.protocol];
        expect(packet.malformed !== undefined || transport?.checksumValid === false).toBe(true);
      }),
    );
  });

  it('gives the bytes that the kernel would send', () => {
    // An echo request whose checksums were computed by hand: type 8, everything else zero.
    const bytes = buildPacket({ protocol: 'icmp', source: '10.0.0.1', destination: '10.0.0.2' }, l2);
    expect(Buffer.from(bytes).toString('hex')).toBe(
      '02000000000202000000000108004500001c00004000400126df0a0000010a0000020800f7ff00000000',
    );
  });

  it.each([
    ['source', { ...tcp, source: '10.60.0.256' }],
    ['source', { ...tcp, source: 'web' }],
    ['source', { ...tcp, source: '010.1.1.1' }],
    ['destination', { ...tcp, destination: 'fd60::2' }],
    ['destination', { ...tcp, source: 'fd60::1', destination: 'fd60::1::2' }],
    ['destinationPort', { ...tcp, destinationPort: 65_536 }],
    ['sourcePort', { ...tcp, sourcePort: 1.5 }],
    ['payloadBytes', { ...tcp, payloadBytes: -1 }],
    ['payloadBytes', { ...tcp, payloadBytes: 65_535 }],
  ])('refuses a wrong %s', (field, wrong) => {
    const attempt = (): Uint8Array => buildPacket(wrong as PacketSpec, l2);
    expect(attempt).toThrow(UnderwareError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(attempt).toThrow(field);
  });

  it('refuses a wrong MAC address', () => {
    expect(() => buildPacket(tcp, { ...l2, sourceMac: '02:00' })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

describe('readPacket', () => {
  it('never throws and names what was cut, whatever the length', () => {
    const bytes = buildPacket({ ...tcp, source: 'fd60::1', destination: 'fd60::2' }, l2);
    for (let length = 0; length < bytes.length; length++) {
      expect(readPacket(bytes.subarray(0, length)).malformed).toMatch(/cut/);
    }
  });

  it('survives arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readPacket(bytes)));
  });

  it('leaves Ethernet padding out of the payload', () => {
    const bytes = buildPacket({ ...tcp, payloadBytes: 2 }, l2);
    const padded = new Uint8Array(80);
    padded.set(bytes);
    expect(readPacket(padded).payload).toHaveLength(2);
    expect(readPacket(padded).tcp?.checksumValid).toBe(true);
  });

  it('reads VLAN tags, outermost first', () => {
    const bytes = buildPacket(tcp, l2);
    const tags = [0x88, 0xa8, 0, 7, 0x81, 0, 0x20, 42];
    const tagged = Uint8Array.from([...bytes.subarray(0, 12), ...tags, ...bytes.subarray(12)]);
    expect(readPacket(tagged)).toMatchObject({
      ethernet: { vlans: [7, 42], etherType: 0x0800 },
      tcp: { destinationPort: 80 },
    });
  });

  it('does not look for ports in a later fragment', () => {
    const bytes = buildPacket({ ...tcp, payloadBytes: 40 }, l2);
    new DataView(bytes.buffer).setUint16(14 + 6, 3);
    const packet = readPacket(bytes);
    expect(packet.ip?.fragment).toEqual({ offsetBytes: 24, more: false, identification: 0 });
    expect(packet.ip?.checksumValid).toBe(false);
    expect(packet.tcp).toBeUndefined();
  });

  it('walks IPv6 extension headers to the transport', () => {
    const bytes = buildPacket({ ...tcp, source: 'fd60::1', destination: 'fd60::2' }, l2);
    const hopByHop = [44, 0, 1, 4, 0, 0, 0, 0];
    const fragment = [6, 0, 0, 1, 0, 0, 0, 9];
    const longer = Uint8Array.from([
      ...bytes.subarray(0, 54),
      ...hopByHop,
      ...fragment,
      ...bytes.subarray(54),
    ]);
    longer[14 + 6] = 0;
    longer[14 + 5] = 20 + 16;
    expect(readPacket(longer)).toMatchObject({
      ip: {
        extensions: [0, 44],
        protocol: 6,
        fragment: { offsetBytes: 0, more: true, identification: 9 },
      },
      tcp: { destinationPort: 80 },
    });
  });
});

describe('addresses', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['FD60:0:0:0::2', 'fd60::2'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ])('%s is written %s', (text, canonical) => {
    expect(formatIp(parseIp(text).bytes)).toBe(canonical);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    'g::',
    '1.2.3.4::',
    '12345::',
  ])('refuses %p', (text) => {
    expect(() => parseIp(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

it('checksum matches the example of RFC 1071', () => {
  expect(checksum(Uint8Array.from([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]))).toBe(0x220d);
});
