import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startAnswers } from './answers.spec-support.js';
import { SERVICE_TREE } from './service.spec-support.js';

const PACKET = {
  at: '2026-01-01T01:02:03.004Z',
  hostName: 'h2',
  serviceName: 'demo',
  port: 'web_port',
  direction: 'inbound',
  underservice: 'guard',
  what: 'rule telnet',
  action: 'drop',
  flow: {
    protocol: 'tcp',
    source: '192.0.2.7',
    destination: '10.60.0.2',
    sourcePort: 40000,
    destinationPort: 23,
  },
  bytes: 60,
  lost: 0,
};
const PACKET_LINE =
  'packet     h2  demo web_port inbound  guard: rule telnet drop  tcp 192.0.2.7:40000 → 10.60.0.2:23  60 B';

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

it('tells them as they come, only when asked, of all services or of one', async () => {
  const stream = `event: packet\ndata: ${JSON.stringify(PACKET)}\n\n`;
  answers['GET /underware/v1/events'] = stream;
  answers[`GET /underware/v1/events?service=${SERVICE_TREE.id}`] = stream + stream;
  expect((await api.run('events')).out).toBe('');
  expect((await api.run('events', '--packets')).out).toContain(PACKET_LINE);
  expect((await api.run('events', 'demo', '--packets')).out.split('\n')).toHaveLength(3);
  expect((await api.run('events', '--json')).out).toContain('"packet"');
});

it('tells what plugins of a service reported of packets until now', async () => {
  const path = `GET /underware/v1/packet_events/${SERVICE_TREE.id}?limit=9`;
  answers[path] = [
    PACKET,
    { ...PACKET, lost: 3, flow: { ...PACKET.flow, source: 'fd60::7', destinationPort: 0 } },
    { ...PACKET, flow: undefined, bytes: undefined, action: undefined, what: 'event' },
  ];
  const { code, out } = await api.run('events', 'demo', '--last', '9');
  expect([code, out]).toEqual([
    0,
    [
      `01:02:03.004  ${PACKET_LINE}`,
      '01:02:03.004  packet     h2  demo web_port inbound  guard: rule telnet drop  tcp [fd60::7]:40000 → 10.60.0.2  60 B  (3 before it were not told)',
      '01:02:03.004  packet     h2  demo web_port inbound  guard: event',
      '',
    ].join('\n'),
  ]);
  expect(JSON.parse((await api.run('events', 'demo', '--last', '9', '--json')).out)).toHaveLength(3);
  answers[path] = [];
  expect((await api.run('events', 'demo', '--last', '9')).err).toContain('reported a packet');
  expect(await api.run('events', '--last', '9')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Name a service instance'),
  });
  expect((await api.run('events', 'demo', '--last', '0')).code).toBe(2);
});
