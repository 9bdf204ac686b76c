import { describe, expect, it } from '@jest/globals';
import type { Link } from '@underware/core';
import { assignVnis } from './assign-vnis.js';
import { MacPool } from './mac-pool.js';

const position = { file: 'x', line: 1, column: 1 };
const links = (...names: string[]): Link[] =>
  names.map((name) => ({ name, subnets: [], mtu: 1500, position }));

describe('network identifiers', () => {
  it('are the same for the same link, whatever the order, and differ between links and services', () => {
    const { vnis } = assignVnis('s1', links('a', 'b'));
    expect(assignVnis('s1', links('b', 'a')).vnis).toEqual(vnis);
    const others = Object.values(assignVnis('s2', links('a', 'b')).vnis);
    expect(new Set([...Object.values(vnis), ...others]).size).toBe(4);
  });

  it('are never those of another service, and use the pool to its end', () => {
    const pool = { first: 10, last: 14 };
    const first = assignVnis('s1', links('a', 'b'), [], pool).vnis;
    const taken = Object.values(first);
    const second = assignVnis('s2', links('a', 'b', 'c'), taken, pool);
    expect([...taken, ...Object.values(second.vnis)].sort()).toEqual([10, 11, 12, 13, 14]);
    expect(second.decisions).toHaveLength(3);
    expect(() => assignVnis('s3', links('a'), [10, 11, 12, 13, 14], pool)).toThrow(/10 to 14 is taken/);
  });
});

describe('MAC addresses', () => {
  it('are locally administered, the same for the same port, and never those of another service', () => {
    const own = new MacPool('s1').of('web', 'host');
    expect(own).toMatch(/^02(:[0-9a-f]{2}){5}$/);
    expect(new MacPool('s1').of('web', 'host')).toBe(own);
    const next = new MacPool('s1', [own]).of('web', 'host');
    expect(next).not.toBe(own);
    expect(new MacPool('s1', [own, next]).of('web', 'host')).not.toBe(next);
  });
});
