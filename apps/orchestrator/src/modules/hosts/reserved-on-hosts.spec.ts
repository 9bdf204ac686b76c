import { describe, expect, it } from '@jest/globals';
import { reservedOnHosts } from './reserved-on-hosts.js';

const MIB = 2 ** 20;
const pages = (count: number) => [{ pageBytes: 2 * MIB, count }];

describe('what services set aside on hosts', () => {
  it('is summed up by host', () => {
    const reserved = reservedOnHosts([
      { service: 'a', host: 'h1', reserved: { hugepages: pages(4), bitsPerSecond: 5 } },
      { service: 'b', host: 'h1', reserved: { hugepages: pages(3), devices: { gpu: 1 } } },
      { service: 'b', host: 'h2', reserved: { devices: { gpu: 2 } } },
    ]);
    expect(reserved).toEqual(
      new Map([
        ['h1', { hugepages: pages(7), devices: { gpu: 1 }, bitsPerSecond: 5 }],
        ['h2', { hugepages: [], devices: { gpu: 2 }, bitsPerSecond: 0 }],
      ]),
    );
  });

  it('is the more of what a service has and of what it moves to', () => {
    const reserved = reservedOnHosts([
      { service: 'a', host: 'h1', reserved: { hugepages: pages(4), bitsPerSecond: 5 } },
      { service: 'a', host: 'h1', reserved: { hugepages: pages(1), bitsPerSecond: 9 } },
    ]);
    expect(reserved.get('h1')).toEqual({ hugepages: pages(4), devices: {}, bitsPerSecond: 9 });
  });
});
