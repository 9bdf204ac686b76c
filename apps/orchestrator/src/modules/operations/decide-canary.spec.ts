import { describe, expect, test } from '@jest/globals';
import { DEFAULT_BAND } from '@underware/core';
import type { CanaryFigures, Phase, SliceReport } from '@underware/core';
import { DEFAULT_TIMINGS } from '../../configuration.js';
import { decide } from './decide.js';
import type { CanaryStanding, HostStanding, Move, OtherCanary, Situation } from './situation.js';

const NOW = Date.parse('2026-01-01T00:10:00.000Z');
const ago = (seconds: number): number => NOW - seconds * 1_000;

function host(heardAgo = 1, stage: SliceReport['stage'] = 'running', generation = 7): HostStanding {
  const error = { code: 'STATE_INCOMPATIBLE', attempted: 'load', on: 'x', why: 'y', remedy: 'z' } as const;
  const slice = { service: 's', stage, ...(stage === 'failed' ? { error } : {}) };
  return { id: 'h1', name: 'h1', lastHeartbeatAt: new Date(ago(heardAgo)), generation, slice };
}

const figures = (before: number, after: number, verdict = 'pass'): CanaryFigures[] => [
  { host: 'h1', instance: 'guard on p xdp', before: { pass: before }, after: { [verdict]: after } },
];
const others = (...states: [OtherCanary['state'], OtherCanary['outcome']?][]): OtherCanary[] =>
  states.map(([state, outcome]) => ({ service: 'other', state, ...(outcome && { outcome }) }));

function move(
  phase: Phase,
  canary: Partial<CanaryStanding> | undefined,
  change: Partial<Situation> = {},
): Move {
  const standing = { plugin: 'firewall@2', hosts: [host()], band: DEFAULT_BAND, figures: [], others: [] };
  return decide({
    type: 'UPDATE',
    phase,
    rollingBack: false,
    barrier: null,
    planned: true,
    hosts: [host()],
    now: NOW,
    listeningSince: 0,
    timings: DEFAULT_TIMINGS,
    ...(canary === undefined ? {} : { canary: { ...standing, ...canary } }),
    ...change,
  });
}

const asked = { generations: { h1: 7 }, askedAt: new Date(ago(1)).toISOString() };
const back = (why: RegExp) => ({ kind: 'turn-back', error: { why: expect.stringMatching(why) } });

describe('an update with a canary', () => {
  test.each<[string, Move, object]>([
    ['measures first', move('measuring', {}), { kind: 'observe', phase: 'measuring' }],
    ['measures for its time', move('measuring', { since: ago(29) }), { kind: 'wait' }],
    [
      'measures until every host has said so',
      move('measuring', { since: ago(31), hosts: [host(2)] }),
      { kind: 'wait' },
    ],
    ['then asks its hosts', move('measuring', { since: ago(32) }), { kind: 'ask', phase: 'canary' }],
    [
      'waits for a person where a host falls silent before anything changed',
      move('measuring', { since: ago(60), hosts: [host(40)] }),
      { kind: 'fail', error: { code: 'HOST_UNREACHABLE', on: 'h1' } },
    ],
    ['asks them again', move('canary', {}), { kind: 'ask', phase: 'canary' }],
    [
      'waits for them',
      move('canary', {}, { barrier: asked, hosts: [host(1, 'running', 6)] }),
      { kind: 'wait' },
    ],
    ['watches them', move('canary', {}, { barrier: asked }), { kind: 'observe', phase: 'watching' }],
    [
      'is taken back where a host refuses it',
      move('canary', {}, { barrier: asked, hosts: [host(1, 'failed')] }),
      { kind: 'turn-back', error: { code: 'STATE_INCOMPATIBLE', on: 'h1: x' } },
    ],
    [
      'watches for its time',
      move('watching', { since: ago(5), figures: figures(900, 900) }),
      { kind: 'wait' },
    ],
    [
      'is taken back as soon as it is known to be outside',
      move('watching', { since: ago(5), figures: figures(900, 200, 'drop') }),
      back(/^guard on p xdp on h1: drop 0\.0 % of 900 packets before, 100\.0 % of 200 after/),
    ],
    [
      'is taken back where a host falls silent with it',
      move('watching', { since: ago(25), hosts: [host(24)] }),
      back(/last heard of/),
    ],
    [
      'is taken back where a host does not hold it',
      move('watching', { since: ago(5), hosts: [host(1, 'failed')] }),
      { kind: 'turn-back', error: { code: 'STATE_INCOMPATIBLE' } },
    ],
    [
      'is judged when its time is over',
      move('watching', { since: ago(32), figures: figures(900, 900) }),
      { kind: 'judge', verdict: { outcome: 'inside' } },
    ],
    [
      'goes on when it was inside',
      move('watching', { judged: 'inside' }),
      { kind: 'ask', phase: 'conditioning' },
    ],
    ['does not go on unseen', move('watching', { judged: 'unseen' }), back(/judged 100 packets/)],
    [
      'waits for the other services',
      move('watching', { judged: 'inside', others: others(['judged', 'inside'], ['on its way']) }),
      { kind: 'wait' },
    ],
    [
      'goes on unseen where it was seen in another service',
      move('watching', { judged: 'unseen', others: others(['judged', 'inside']) }),
      { kind: 'ask', phase: 'conditioning' },
    ],
    [
      'is taken back with the others',
      move('watching', { judged: 'inside', others: others(['on its way'], ['turned back']) }),
      back(/^other, which tries it as well, is taken back$/),
    ],
    [
      'has no say once it goes on',
      move('conditioning', undefined, { barrier: asked, changesVnfs: false }),
      { kind: 'finish', nsState: 'INSTANTIATED' },
    ],
  ])('%s', (_words, made, expected) => {
    expect(made).toMatchObject(expected);
  });
});
