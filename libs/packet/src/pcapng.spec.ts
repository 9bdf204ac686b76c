import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPacket } from './build-packet.js';
import { writePcapng } from './pcapng.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const ping = buildPacket({ protocol: 'icmp', source: '10.60.0.2', destination: '192.0.2.9' }, l2);
const query = buildPacket(
  {
    protocol: 'udp',
    source: 'fd60::2',
    destination: '2001:db8::9',
    sourcePort: 40000,
    destinationPort: 5353,
  },
  l2,
);

it('is read by tcpdump: packets, times, lengths and what was cut', () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000 + 678901;
  const interfaces = [
    { name: 'web_port out', direction: 'outbound' },
    { name: 'web_port in', direction: 'inbound' },
  ] as const;
  const bytes = writePcapng(
    interfaces,
    [
      { interface: 0, at, data: ping, bytes: ping.length },
      { interface: 1, at: at + 1, data: query, bytes: query.length },
      { interface: 1, at: at + 2, data: query.subarray(0, 41), bytes: 1400 },
    ],
    2048,
  );
  const directory = mkdtempSync(join(tmpdir(), 'uwt-pcapng-'));
  try {
    const file = join(directory, 'three.pcapng');
    writeFileSync(file, bytes);
    const text = execFileSync('tcpdump', ['-r', file, '-n', '-e', '-tttt'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, TZ: 'UTC' },
    });
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^2026-01-02 03:04:05\.678901 02:00:00:00:00:01 > .* 10\.60\.0\.2 > 192\.0\.2\.9: ICMP/,
    );
    expect(lines[1]).toMatch(/^2026-01-02 03:04:05\.678902 .*fd60::2\.40000 > 2001:db8::9\.5353/);
    expect(lines[2]).toContain('length 1400');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it('may be empty', () => {
  expect(writePcapng([], [], 2048)).toHaveLength(28 + 16 + 4);
});
