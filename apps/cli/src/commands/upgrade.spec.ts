import { expect, it, test } from '@jest/globals';
import { UnderwareClient } from '@underware/client';
import type { Operation, UpgradeRequest } from '@underware/client';
import { runCli } from '../run.spec-support.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const CHANGE = {
  mark: '↻',
  what: 'instance',
  name: 'guard on p xdp',
  detail: 'firewall@0.2.0 → firewall@0.3.0',
};

/** Knows one version, two hosts and a service, and remembers what it was asked for. */
function clientThat(asked: UpgradeRequest[], ended: Partial<Operation> | null): UnderwareClient {
  const services = [
    { nsInstanceId: 's1', nsInstanceName: 'shop', hosts: [{ host: 'h1', changes: [CHANGE] }] },
  ];
  return Object.assign(new UnderwareClient({ url: 'http://x', token: 't' }), {
    plugins: async () => [{ name: 'firewall', version: '0.3.0', digest: DIGEST }],
    hosts: async () => ['edge1', '10'].map((name) => ({ id: `id-${name}`, name })),
    instances: async () => ['shop', 'web'].map((name) => ({ id: `id-${name}`, nsInstanceName: name })),
    upgradePlugin: async (_digest: string, request: UpgradeRequest) => {
      asked.push(request);
      const operation = request.dryRun === true ? {} : { operation: 'o1' };
      const known = { plugin: 'firewall@0.3.0', canary: ['edge1'], hostNames: { h1: 'edge1' } };
      return {
        ...known,
        services: ended === null ? [] : services.map((each) => ({ ...each, ...operation })),
      };
    },
    operation: async () => ({
      id: 'o1',
      lcmOperationType: 'UPDATE',
      phase: 'done',
      allowedActions: [],
      ...ended,
    }),
    steps: async () => [],
  });
}

const DONE: Partial<Operation> = { operationState: 'COMPLETED' };
const run = async (args: string[], ended: Partial<Operation> | null = DONE) => {
  const asked: UpgradeRequest[] = [];
  const client = clientThat(asked, ended);
  return { ...(await runCli(['plugins', 'upgrade', ...args], { client: () => client })), asked };
};

test.each<[string[], object]>([
  [[], {}],
  [['--canary', '25%'], { canary: { percent: 25 } }],
  [['--canary', '12.5'], { canary: { percent: 12.5 } }],
  [['--canary', '10'], { canary: { hosts: ['id-10'] } }],
  [['--canary', 'edge1, 10'], { canary: { hosts: ['id-edge1', 'id-10'] } }],
  [['--service', 'shop', '--service', 'web'], { services: ['id-shop', 'id-web'] }],
  [
    ['--window', '60', '--tolerance', '2.5', '--error-tolerance', '0', '--min-packets', '0'],
    { band: { windowSeconds: 60, tolerance: 0.025, errorTolerance: 0, minPackets: 0 } },
  ],
])('%j is asked for', async (options, request) => {
  const { code, asked } = await run(['firewall@0.3.0', ...options]);
  expect(code).toBe(0);
  expect(asked).toEqual([{ band: {}, dryRun: false, ...request }]);
});

test.each([[['--window', '0']], [['--tolerance', '101']], [['--min-packets', 'many']], [['--canary']]])(
  '%j is wrong',
  async (options) => {
    const { code, asked } = await run(['firewall@0.3.0', ...options]);
    expect([code, asked]).toEqual([2, []]);
  },
);

it('refuses what it does not know', async () => {
  expect(await run(['firewall@9.9.9'])).toMatchObject({
    code: 1,
    asked: [],
    err: expect.stringContaining('firewall@9.9.9'),
  });
  expect(await run(['firewall@0.3.0', '--canary', 'edge7'])).toMatchObject({ code: 1, asked: [] });
});

it('shows what changes, and on which hosts first', async () => {
  const { code, out } = await run(['firewall@0.3.0', '--dry-run']);
  expect(code).toBe(0);
  expect(out).toBe(
    'service shop\nhost edge1\n  ↻ instance guard on p xdp: firewall@0.2.0 → firewall@0.3.0\n1 replaced in place\ncanary  edge1\n',
  );
});

it('is done where nothing has another version', async () => {
  expect(await run(['firewall@0.3.0'], null)).toMatchObject({
    code: 0,
    out: 'Every instance is firewall@0.3.0 already\n',
  });
});

it('ends with 1 where the canary was taken back, and gives the operation as data', async () => {
  const { code, out } = await run(['firewall@0.3.0', '--json'], { operationState: 'ROLLED_BACK' });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    plugin: 'firewall@0.3.0',
    operations: [{ operation: { operationState: 'ROLLED_BACK' }, steps: [] }],
  });
});
