import { describe, expect, it } from '@jest/globals';
import { resolve } from './resolve-id.js';

const THINGS = [
  { id: 'aa11', name: 'web' },
  { id: 'aa22', name: 'db' },
  { id: 'bb33', name: 'db' },
  { id: 'cc44', name: 'aa11' },
];
const find = (given: string) => resolve('host', THINGS, given, ({ name }) => name).id;

describe('resolve', () => {
  it('takes a full id before a name, a unique name before a beginning', () => {
    expect(find('aa11')).toBe('aa11');
    expect(find('web')).toBe('aa11');
    expect(find('aa2')).toBe('aa22');
  });

  it('refuses what means several, naming them', () => {
    expect(() => find('aa')).toThrow(/aa11.*aa22/);
    expect(() => find('db')).toThrow(/aa22.*bb33/);
  });

  it('refuses what means none', () => {
    expect(() => find('zz')).toThrow(
      expect.objectContaining({
        report: expect.objectContaining({ code: 'NOT_FOUND', remedy: 'See underware hosts' }),
      }),
    );
  });
});
