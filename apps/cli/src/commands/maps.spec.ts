import { beforeEach, expect, it } from '@jest/globals';
import { UnderwareClient } from '@underware/client';
import { runCli } from '../run.spec-support.js';

let asked: unknown[][];
const note =
  <T>(name: string, answer: T) =>
  async (...args: unknown[]): Promise<T> => {
    asked.push([name, ...args]);
    return answer;
  };

const hop = (key: string, underservice: string) => ({ key, underservice });
const END = { address: 'fd00::1', port: 80 };
const WAY = { packets: 1, bytes: 54 };

/** A service with a firewall on both ways of its port, and a probe on the way in. */
const client = Object.assign(new UnderwareClient({ url: 'http://x', token: 't' }), {
  instances: async () => [{ id: 'i1', nsInstanceName: 'web', nsState: 'INSTANTIATED' }],
  service: async () => ({
    chains: [
      {
        port: 'web_port',
        direction: 'inbound',
        hook: 'tcx/egress',
        hostName: 'h2',
        hops: [hop('a1', 'meter'), hop('b1', 'guard')],
      },
      { port: 'web_port', direction: 'outbound', hook: 'xdp', hostName: 'h2', hops: [hop('b2', 'guard')] },
    ],
  }),
  maps: note('maps', [
    {
      name: 'flows',
      role: 'state',
      scope: 'service',
      type: 'hash',
      maxEntries: 8,
      memoryBytes: 1000,
      description: 'Flows',
      perCpu: false,
    },
  ]),
  mapRows: note('rows', { rows: [{ key: 1, value: { packets: 2 } }], more: true }),
  mapEntry: note('entry', { key: 1, value: { packets: 2 } }),
  setMapEntry: note('set', undefined),
  deleteMapEntry: note('delete', undefined),
  connections: note('connections', {
    connections: [
      {
        host: 'h',
        underservice: 'guard',
        protocol: 'tcp',
        state: 'established',
        from: END,
        to: { ...END, name: 'web_port' },
        asked: WAY,
        answered: WAY,
        rule: 'site',
        ageSeconds: 75.2,
        idleSeconds: 1.04,
      },
    ],
    more: false,
  }),
  flushConnections: note('flush', { flushed: 3 }),
});

const run = (...argv: string[]) => runCli(argv, { client: () => client as unknown as UnderwareClient });

beforeEach(() => {
  asked = [];
});

it('lists the maps of the plugin instances that are meant', async () => {
  const { code, out } = await run('map', 'list', 'web', '--underservice', 'guard');
  expect(code).toBe(0);
  expect(out).toContain('guard on web_port inbound of h2');
  expect(asked).toEqual([
    ['maps', 'i1', 'b1'],
    ['maps', 'i1', 'b2'],
  ]);
});

it('reads a page, and one entry', async () => {
  const page = await run('map', 'get', 'web', 'flows', '--underservice', 'meter', '--limit', '1');
  expect(page).toMatchObject({ code: 0, out: '1  {"packets":2}\n', err: 'There are more: --offset 1\n' });
  await run('map', 'get', 'web', 'flows', '1', '--instance', 'b1', '--json');
  expect(asked).toEqual([
    ['rows', 'i1', 'a1', 'flows', { offset: 0, limit: 1 }],
    ['entry', 'i1', 'b1', 'flows', '1'],
  ]);
});

it('says which instances there are where several could be meant, and asks none', async () => {
  const { code, err } = await run('map', 'get', 'web', 'flows', '--underservice', 'guard');
  expect(code).toBe(1);
  expect(err).toContain('b1 (guard on web_port inbound of h2), b2 (guard on web_port outbound of h2)');
  expect((await run('map', 'delete', 'web', 'flows', '1', '--underservice', 'nobody')).code).toBe(1);
  expect((await run('map', 'set', 'web', 'flows', '1', '{', '--instance', 'b1')).err).toContain(
    'read the value',
  );
  expect((await run('map', 'delete', 'web', 'flows', '', '--instance', 'b1')).err).toContain('read the key');
  expect((await run('map', 'get', 'web', 'flows', '{', '--instance', 'b1')).err).toContain('read the key');
  expect((await run('map', 'get', 'web', 'flows', '--limit', 'x')).code).toBe(2);
  expect(asked).toEqual([]);
});

it('edits entries', async () => {
  const at = ['--underservice', 'guard', '--direction', 'outbound'];
  await run('map', 'set', 'web', 'flows', '1', '{"packets":3}', ...at);
  await run('map', 'delete', 'web', 'flows', '1', ...at);
  expect(asked).toEqual([
    ['set', 'i1', 'b2', 'flows', '1', { packets: 3 }],
    ['delete', 'i1', 'b2', 'flows', '1'],
  ]);
});

it('shows connections by name, and flushes them', async () => {
  const { out } = await run('connections', 'web', '--address', 'fd00::1', '--port', '80');
  expect(out).toMatch(/\[fd00::1\]:80 +web_port:80 +tcp +established +site +1\.0 s +75 s/);
  expect((await run('connections', 'web', '--flush', '--all')).out).toBe('3 connections are forgotten\n');
  expect(asked).toEqual([
    ['connections', 'i1', { address: 'fd00::1', port: 80, offset: 0, limit: 100 }],
    ['flush', 'i1', { all: true }],
  ]);
});
