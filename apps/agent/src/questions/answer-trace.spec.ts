import { beforeEach, expect, it } from '@jest/globals';
import type { DesiredSlice } from '@underware/core';
import { InstanceMaps } from '@underware/kernel';
import { MemoryHost, serviceSlice } from '../memory-host.spec-support.js';
import { answerTrace } from './answer-trace.js';
import type { AskedOf } from './asked-of.js';

const packet = { protocol: 'udp', source: '10.60.0.1', destination: '10.60.0.9' } as const;
const DEVICE = 'uw0001';

let host: MemoryHost;
let slices: DesiredSlice[];
let asked: AskedOf;

beforeEach(async () => {
  host = MemoryHost.make();
  slices = [serviceSlice(1)];
  asked = { host, maps: new InstanceMaps('/nowhere'), slices: async () => slices };
  host.fake.createDevice(DEVICE);
  await host.kernel.attachRoot(DEVICE, 'xdp');
  const [first] = slices[0]?.slice.instances ?? [];
  if (!first) throw new Error('the slice has no instance');
  await host.perform({ kind: 'load-instance', instance: first }, { host: 'h', generation: 1, slices });
  await host.kernel.setNext({ kind: 'root', device: DEVICE, hook: 'xdp' }, first.key);
});

it('tells the frame as it was sent and what each instance made of it', async () => {
  const answer = await answerTrace(asked, { port: 'service-1/web', hook: 'xdp', packet });
  expect(answer).toMatchObject({
    verdict: 'pass',
    hops: [{ device: DEVICE, hook: 'xdp', verdict: 'pass', frame: answer.sent, maps: {} }],
  });
  // From the VNF to the host's end of its port.
  expect(answer.sent.slice(0, 24)).toBe('020000000001020000000002');
  const other = { port: 'service-1/web', hook: 'xdp', packet, destinationMac: '02:00:00:00:00:07' } as const;
  expect((await answerTrace(asked, other)).sent.slice(0, 12)).toBe('020000000007');
});

const at = (port: string, hook: 'xdp' | 'tcx/egress') => answerTrace(asked, { port, hook, packet });

it('says what is not there', async () => {
  await expect(at('service-1/other', 'xdp')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(at('service-1/web', 'tcx/egress')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
