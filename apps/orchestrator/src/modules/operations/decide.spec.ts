import { describe, expect, test } from '@jest/globals';
import type { SliceReport } from '@underware/core';
import { DEFAULT_TIMINGS } from '../../configuration.js';
import { decide } from './decide.js';
import type { HostStanding, Move, Situation } from './situation.js';

const NOW = Date.parse('2026-01-01T00:10:00.000Z');
const seconds = (ago: number): string => new Date(NOW - ago * 1_000).toISOString();

function host(id: string, generation: number, stage?: SliceReport['stage'], heardAgo = 1): HostStanding {
  return {
    id,
    name: id,
    lastHeartbeatAt: new Date(NOW - heardAgo * 1_000),
    generation,
    slice: stage === undefined ? undefined : { service: 's', stage },
  };
}

function situation(change: Partial<Situation>): Situation {
  return {
    type: 'INSTANTIATE',
    phase: 'planning',
    rollingBack: false,
    barrier: null,
    planned: true,
    hosts: [],
    now: NOW,
    listeningSince: 0,
    timings: DEFAULT_TIMINGS,
    ...change,
  };
}

const asked = (ago = 1): Situation['barrier'] => ({ generations: { h1: 7, h2: 4 }, askedAt: seconds(ago) });

const table: [string, Partial<Situation>, Pick<Move, 'kind'> & Record<string, unknown>][] = [
  ['instantiate plans first', { planned: false }, { kind: 'plan' }],
  ['a retry asks for the same phase again', { phase: 'starting' }, { kind: 'ask', phase: 'starting' }],
  [
    'waits while one host has not answered',
    {
      phase: 'conditioning',
      barrier: asked(),
      hosts: [host('h1', 7, 'conditioned'), host('h2', 3, 'conditioned')],
    },
    { kind: 'wait' },
  ],
  [
    'an older generation does not count, whatever it says',
    {
      phase: 'conditioning',
      barrier: asked(),
      hosts: [host('h1', 6, 'failed'), host('h2', 4, 'conditioned')],
    },
    { kind: 'wait' },
  ],
  [
    'VNFs start when every host is conditioned, also by a newer generation',
    {
      phase: 'conditioning',
      barrier: asked(),
      hosts: [host('h1', 9, 'conditioned'), host('h2', 4, 'conditioned')],
    },
    { kind: 'ask', phase: 'starting' },
  ],
  [
    'being conditioned is not running',
    { phase: 'starting', barrier: asked(), hosts: [host('h1', 7, 'running'), host('h2', 4, 'conditioned')] },
    { kind: 'wait' },
  ],
  [
    'is completed when every host runs',
    { phase: 'starting', barrier: asked(), hosts: [host('h1', 7, 'running'), host('h2', 4, 'running')] },
    { kind: 'finish', nsState: 'INSTANTIATED' },
  ],
  [
    'a failed slice fails at once, and names the host',
    { phase: 'conditioning', barrier: asked(), hosts: [host('h1', 3), host('h2', 4, 'failed')] },
    { kind: 'fail', error: expect.objectContaining({ on: 'h2' }) },
  ],
  [
    'a silent host is unreachable',
    {
      phase: 'conditioning',
      barrier: asked(30),
      hosts: [host('h1', 7, 'conditioned'), host('h2', 3, undefined, 40)],
    },
    {
      kind: 'fail',
      error: expect.objectContaining({
        code: 'HOST_UNREACHABLE',
        on: 'h2',
        why: expect.stringContaining(seconds(40)),
      }),
    },
  ],
  [
    'a host that was silent before is given time to come back',
    {
      phase: 'conditioning',
      barrier: asked(2),
      hosts: [host('h1', 7, 'conditioned'), host('h2', 3, undefined, 40)],
    },
    { kind: 'wait' },
  ],
  [
    'an orchestrator that just came back has not heard anyone yet',
    {
      phase: 'conditioning',
      barrier: asked(600),
      listeningSince: NOW - 2_000,
      hosts: [host('h1', 3, undefined, 599), host('h2', 3, undefined, 599)],
    },
    { kind: 'wait' },
  ],
  [
    'a silent host that has answered holds nothing up',
    {
      phase: 'starting',
      barrier: asked(30),
      hosts: [host('h1', 7, 'running', 40), host('h2', 4, 'running')],
    },
    { kind: 'finish', nsState: 'INSTANTIATED' },
  ],
  [
    'a host that beats and takes too long times out',
    { phase: 'conditioning', barrier: asked(61), hosts: [host('h1', 7, 'conditioned'), host('h2', 3)] },
    { kind: 'fail', error: expect.objectContaining({ code: 'TIMED_OUT', on: 'h2' }) },
  ],
  [
    'starting may take longer than conditioning',
    { phase: 'starting', barrier: asked(61), hosts: [host('h1', 7, 'running'), host('h2', 3)] },
    { kind: 'wait' },
  ],
  [
    'a host that was removed cannot be conditioned',
    { phase: 'conditioning', barrier: asked(30), hosts: [host('h1', 7, 'conditioned')] },
    { kind: 'fail', error: expect.objectContaining({ code: 'HOST_UNREACHABLE', why: 'it was removed' }) },
  ],
  [
    'terminate stops the VNFs first',
    { type: 'TERMINATE', phase: 'stopping' },
    { kind: 'ask', phase: 'stopping' },
  ],
  [
    'conditioning goes when all VNFs have stopped',
    {
      type: 'TERMINATE',
      phase: 'stopping',
      barrier: asked(),
      hosts: [host('h1', 7, 'conditioned'), host('h2', 4, 'conditioned')],
    },
    { kind: 'ask', phase: 'unconditioning' },
  ],
  [
    'a host that no longer mentions the service holds nothing of it',
    {
      type: 'TERMINATE',
      phase: 'unconditioning',
      barrier: asked(),
      hosts: [host('h1', 7), host('h2', 4, 'absent')],
    },
    { kind: 'finish', nsState: 'NOT_INSTANTIATED' },
  ],
  [
    'a host that was removed holds nothing either',
    { type: 'TERMINATE', phase: 'unconditioning', barrier: asked(), hosts: [host('h1', 7)] },
    { kind: 'finish', nsState: 'NOT_INSTANTIATED' },
  ],
  [
    'a host that was removed holds up no stop',
    {
      type: 'TERMINATE',
      phase: 'stopping',
      barrier: asked(30),
      hosts: [host('h1', 7, 'conditioned')],
    },
    { kind: 'ask', phase: 'unconditioning' },
  ],
  [
    'a host that is silent while it is stopped names both ways out',
    {
      type: 'TERMINATE',
      phase: 'stopping',
      barrier: asked(30),
      hosts: [host('h1', 7, 'conditioned'), host('h2', 3, undefined, 40)],
    },
    {
      kind: 'fail',
      error: expect.objectContaining({
        code: 'HOST_UNREACHABLE',
        remedy: expect.stringMatching(/^Start its agent and retry; .*remove it with force, then retry$/),
      }),
    },
  ],
  [
    'rolling back an instantiation that was never planned ends at once',
    { rollingBack: true, phase: 'unconditioning', planned: false },
    { kind: 'finish', nsState: 'NOT_INSTANTIATED' },
  ],
  [
    'rolling back an instantiation goes down',
    {
      rollingBack: true,
      phase: 'stopping',
      barrier: asked(),
      hosts: [host('h1', 7, 'conditioned'), host('h2', 4, 'conditioned')],
    },
    { kind: 'ask', phase: 'unconditioning' },
  ],
  [
    'rolling back a termination goes up',
    {
      type: 'TERMINATE',
      rollingBack: true,
      phase: 'conditioning',
      barrier: asked(),
      hosts: [host('h1', 7, 'conditioned'), host('h2', 4, 'conditioned')],
    },
    { kind: 'ask', phase: 'starting' },
  ],
  [
    'an update keeps what runs running while hosts are conditioned, and waits for hosts that it leaves',
    {
      type: 'UPDATE',
      phase: 'conditioning',
      changesVnfs: true,
      barrier: { ...asked(), leaving: ['h2'] } as Situation['barrier'],
      hosts: [host('h1', 7, 'running'), host('h2', 4, 'running')],
    },
    { kind: 'wait' },
  ],
  [
    'an update starts VNFs when every host is conditioned',
    {
      type: 'UPDATE',
      phase: 'conditioning',
      changesVnfs: true,
      barrier: { ...asked(), leaving: ['h2'] } as Situation['barrier'],
      hosts: [host('h1', 7, 'running'), host('h2', 4)],
    },
    { kind: 'ask', phase: 'starting' },
  ],
  [
    'an update that changes no VNF is done when every host is conditioned',
    {
      type: 'UPDATE',
      phase: 'conditioning',
      changesVnfs: false,
      barrier: asked(),
      hosts: [host('h1', 7, 'running'), host('h2', 4, 'running')],
    },
    { kind: 'finish', nsState: 'INSTANTIATED' },
  ],
  [
    'rolling back an update leads to what runs as well',
    {
      type: 'UPDATE',
      rollingBack: true,
      phase: 'starting',
      changesVnfs: true,
      barrier: asked(),
      hosts: [host('h1', 7, 'running'), host('h2', 4, 'running')],
    },
    { kind: 'finish', nsState: 'INSTANTIATED' },
  ],
  ['what is done stays done', { phase: 'done' }, { kind: 'wait' }],
];

describe('the next move of an operation', () => {
  test.each(table)('%s', (_words, change, move) => {
    expect(decide(situation(change))).toMatchObject(move);
  });
});
