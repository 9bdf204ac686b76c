import { nearestName } from './nearest.js';

describe('nearestName', () => {
  it.each([
    ['hots', ['host', 'port'], 'host'],
    ['Server', ['server'], 'server'],
    ['requirement', ['requirements', 'properties'], 'requirements'],
    ['xyz', ['host', 'port'], undefined],
    ['', ['a'], undefined],
  ])('%s among %j: %s', (name, candidates, expected) => {
    expect(nearestName(name, candidates)).toBe(expected);
  });

  it('does bounded work on many long candidates', () => {
    const candidates = Array.from({ length: 200_000 }, (_, i) => `${'n'.repeat(70)}${i}`);
    const start = performance.now();
    nearestName(`${'m'.repeat(74)}`, candidates);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
