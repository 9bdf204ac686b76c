import { expect, it } from '@jest/globals';
import {
  NOTHING_THERE,
  apply,
  hostState,
  instance,
  sliceOf,
  vnfPort,
  workload,
} from './diff.spec-support.js';
import { diff } from './diff.js';

const guard = instance('guard', 's1/web_port', 'tcx/egress', 100);
const meter = instance('meter', 's1/web_port', 'tcx/egress', 200);
const state = hostState(
  sliceOf('s1', {
    ports: [vnfPort('s1', 'web_port', 'uwweb')],
    routes: [
      { destination: '10.60.0.2/32', via: { device: 'uwweb' } },
      { destination: '10.60.0.3/32', via: { nextHop: '192.0.2.2' } },
    ],
    instances: [guard, meter],
    workloads: [workload('s1', 'web')],
  }),
);
const titles = (steps: ReturnType<typeof diff>): string[] => steps.map(({ title }) => title);

it('says what steps do by the names of the descriptor, also of what goes', () => {
  const plugin = `${guard.plugin.name}@${guard.plugin.version}`;
  const up = diff(state, NOTHING_THERE);
  expect(titles(up)).toEqual(
    expect.arrayContaining([
      'make port web_port',
      'route 10.60.0.2/32 to port web_port',
      'route 10.60.0.3/32 by host 192.0.2.2',
      `load guard ${plugin} on web_port inbound`,
      'attach the chain of web_port inbound',
      'put meter after guard on web_port inbound',
      'put guard first on web_port inbound',
      'start VNF web',
    ]),
  );
  const down = diff(hostState(), apply(NOTHING_THERE, up), { previous: state });
  expect(titles(down)).toEqual(
    expect.arrayContaining([
      'stop VNF web',
      'empty the chain of web_port inbound',
      `unload guard ${plugin} on web_port inbound`,
      'remove port web_port',
    ]),
  );
  // What nobody knows any more has no name but its key.
  expect(titles(diff(hostState(), apply(NOTHING_THERE, up)))).toContain(`unload instance ${guard.key}`);
});
