import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Flow } from '@underware/client';
import { startAnswers } from '../answers.spec-support.js';
import { SERVICE_TREE } from '../service.spec-support.js';

const FLOW: Flow = {
  flow: {
    protocol: 'tcp',
    source: '10.60.0.11',
    destination: '10.60.0.2',
    sourcePort: 40000,
    destinationPort: 8080,
  },
  packets: 12,
  bytes: 3400,
  startedAt: '2026-01-01T01:02:00.000Z',
  lastAt: '2026-01-01T01:02:03.004Z',
  tcpFlags: ['SYN', 'ACK'],
  destinationRttUs: 1500,
  sourceRttUs: 90,
  host: 'x',
  hostName: 'h2',
  underservice: 'meter',
  port: 'web_port',
  direction: 'inbound',
};
const path = `GET /underware/v1/flows/${SERVICE_TREE.id}`;

let answers: Record<string, unknown>;
let api: Awaited<ReturnType<typeof startAnswers>>;

beforeEach(async () => {
  answers = {
    'GET /nslcm/v1/ns_instances': [
      { id: SERVICE_TREE.id, nsInstanceName: 'demo', nsState: 'INSTANTIATED', nsdId: 'd' },
    ],
  };
  api = await startAnswers(answers);
});
afterEach(() => api.close());

it('lists the largest flows, and how many there are besides', async () => {
  const { destinationRttUs: _, sourceRttUs: __, ...untimed } = FLOW;
  answers[`${path}?top=20`] = {
    flows: [FLOW, { ...untimed, bytes: 90, tcpFlags: [] }],
    known: 7,
    silent: [],
  };
  const { code, out, err } = await api.run('flows', 'demo');
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  '))).toEqual([
    'BYTES  PACKETS  FLOW  SEEN AT  LAST  ROUND TRIP  FLAGS',
    '3.4 kB  12  tcp 10.60.0.11:40000 → 10.60.0.2:8080  h2 web_port inbound  01:02:03  90 µs + 1.5 ms  SYN,ACK',
    '90 B  12  tcp 10.60.0.11:40000 → 10.60.0.2:8080  h2 web_port inbound  01:02:03',
    '',
  ]);
  expect(err).toContain('2 of 7 flows');
});

it('says which hosts did not answer, and ends with 1, with what the others know', async () => {
  const silent = [{ hostName: 'h3', why: 'nobody took the question' }];
  answers[`${path}?top=5&port=web_port`] = { flows: [FLOW], known: 1, silent };
  const { code, out, err } = await api.run('flows', 'demo', '--top', '5', '--port', 'web_port');
  expect([code, err]).toEqual([1, 'h3 did not answer: nobody took the question\n']);
  expect(out).toContain('10.60.0.2:8080');
  const json = await api.run('flows', 'demo', '--top', '5', '--port', 'web_port', '--json');
  expect(JSON.parse(json.out)).toEqual({ flows: [FLOW], known: 1, silent });
});

it('says so where nothing was seen, and refuses a number that is none', async () => {
  answers[`${path}?top=20`] = { flows: [], known: 0, silent: [] };
  expect(await api.run('flows', 'demo')).toMatchObject({ code: 0, out: 'No flows were seen.\n' });
  expect((await api.run('flows', 'demo', '--top', '0')).code).toBe(2);
});
