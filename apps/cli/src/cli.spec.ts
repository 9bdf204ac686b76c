import { UnderwareClient } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { json } from 'node:stream/consumers';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from './connection.js';
import { runCli } from './run.spec-support.js';
import type { CliRun } from './run.spec-support.js';
import { NEW_KERNEL } from './kernel.spec-support.js';
import { SERVICE_PLAN, SERVICE_TREE } from './service.spec-support.js';

const INSTANCES = [
  { id: SERVICE_TREE.id, nsInstanceName: 'demo', nsState: 'INSTANTIATED', nsdId: 'd', nsdName: 'web' },
];
const OPERATION = {
  id: 'op1',
  nsInstanceId: SERVICE_TREE.id,
  lcmOperationType: 'TERMINATE',
  startTime: 't',
  allowedActions: [],
};
let server: Server;
let url: string;
let directory: string;
let answers: Record<string, unknown>;
let asked: string[];
/** Bodies of requests for plans. */
let sent: unknown[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-cli-'));
  asked = [];
  sent = [];
  answers = {
    'GET /nslcm/v1/ns_instances': INSTANCES,
    [`GET /underware/v1/service_instances/${SERVICE_TREE.id}`]: SERVICE_TREE,
    [`GET /underware/v1/plans/${SERVICE_TREE.id}`]: SERVICE_PLAN,
    'GET /underware/v1/service_instances': [{ id: SERVICE_TREE.id, troubles: ['1 of 2 VNFs down'] }],
    'GET /underware/v1/hosts': [],
  };
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    const answer = answers[`${request.method} ${request.url}`] ?? answers[`${request.method} ${path}`];
    asked.push(`${request.method} ${path}`);
    if (path.endsWith('/plans')) void json(request).then((body) => sent.push(body));
    if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'text/plain' }).end(answer);
    else if (answer instanceof UnderwareError)
      response
        .writeHead(409, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ status: 409, report: answer.report }));
    else if (path.endsWith('/terminate'))
      response.writeHead(202, { location: '/nslcm/v1/ns_lcm_op_occs/op1' }).end();
    else if (answer === undefined) response.writeHead(404).end('{}');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

/** The requests that changed something. */
const changes = (): string[] => asked.filter((each) => !each.startsWith('GET') && !each.endsWith('/plans'));

const run = (...argv: string[]): Promise<CliRun> =>
  runCli(argv, { client: () => new UnderwareClient({ url, token: 't' }) });

describe('underware', () => {
  it('shows a service as a tree with its chains in order and counters by rule name', async () => {
    const { code, out } = await run('show', 'demo');
    expect(code).toBe(0);
    expect(out).toBe(`demo  INSTANTIATED  ${SERVICE_TREE.id}
└─ host h2
   └─ VNF web  running, healthy  container
      └─ port web_port  10.60.0.10/32
         └─ inbound tcx/egress on uw1
            ├─ 1. meter  probe@0.1.0  pass 12 (1.2 kB)
            └─ 2. guard  firewall@0.1.0  pass 10 (1.0 kB), drop 2 (120 B)  since 2026-01-01T04:12:33Z
               ├─ default (deny: no rule matched): 2 packets, 120 B
               └─ rule site (allow tcp from 10.60.0.2 to any port 8080): 10 packets, 1.0 kB
`);
  });

  it('gives the same as data, on either side of the command', async () => {
    for (const argv of [
      ['show', SERVICE_TREE.id.slice(0, 4), '--json'],
      ['--json', 'show', 'demo'],
    ]) {
      const shown = JSON.parse((await run(...argv)).out) as typeof SERVICE_TREE;
      expect(shown.chains[0]?.hops[1]).toMatchObject({
        underservice: 'guard',
        counters: expect.arrayContaining([
          expect.objectContaining({ map: 'counters', name: 'default', packets: 2, bytes: 120 }),
          expect.objectContaining({ map: 'rule_counters', name: 'site', packets: 10, bytes: 1000 }),
        ]),
      });
    }
  });

  it('ends with 0 when the operation is done', async () => {
    answers['GET /nslcm/v1/ns_lcm_op_occs/op1'] = {
      ...OPERATION,
      operationState: 'COMPLETED',
      phase: 'done',
    };
    answers['GET /underware/v1/operations/op1/steps'] = [
      { id: '1', hostName: 'h2', name: 'unload-instance a', status: 'done', at: '2026-01-01T00:00:00.001Z' },
    ];
    const { code, out } = await run('terminate', 'demo');
    expect(out).toContain('00:00:00.001  h2  done     unload-instance a');
    expect(code).toBe(0);
  });

  it('ends with 1 and says what failed, why, the remedy and what can be done next', async () => {
    const report = {
      code: 'DEVICE_BUSY',
      attempted: 'delete port',
      on: 'uw1',
      why: 'it is held',
      remedy: 'Let go',
    };
    answers['GET /nslcm/v1/ns_lcm_op_occs/op1'] = {
      ...OPERATION,
      operationState: 'FAILED_TEMP',
      phase: 'unconditioning',
      allowedActions: ['retry', 'rollback'],
      error: { type: '', title: '', status: 500, detail: '', report },
    };
    answers['GET /underware/v1/operations/op1/steps'] = [];
    const { code, err } = await run('terminate', 'demo');
    expect(code).toBe(1);
    expect(err).toMatch(/FAILED_TEMP[\s\S]*delete port on uw1[\s\S]*it is held[\s\S]*Let go/);
    expect(err).toMatch(/underware retry op1[\s\S]*underware rollback op1/);
  });

  it('ends with 1 and the report as data when something was refused', async () => {
    const { code, out } = await run('show', 'nothing', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'NOT_FOUND', on: 'nothing' } });
  });

  it.each([
    [['bogus']],
    [['show']],
    [['deploy', 'x.yaml', '--input', 'novalue']],
    [['logs', 'demo', '--tail', '0']],
  ])('ends with 2 on wrong usage: %j', async (argv) => {
    await expect(run(...argv)).resolves.toMatchObject({ code: 2 });
  });

  const EXAMPLE = 'examples/web-behind-firewall.yaml';

  it('refuses to deploy under a name that is taken, and makes nothing', async () => {
    answers['POST /underware/v1/plans'] = {
      hosts: [{ host: 'x', changes: [{ mark: '~' }] }],
      hostNames: {},
    };
    const { code, err } = await run('deploy', EXAMPLE, '--name', 'demo');
    expect(code).toBe(1);
    expect(err).toMatch(/STATE_CONFLICT[\s\S]*is not what[\s\S]*--name[\s\S]*underware update demo/);
    expect(changes()).toEqual([]);
  });

  it('is content when a name runs already what shall be deployed under it', async () => {
    answers['POST /underware/v1/plans'] = { hosts: [{ host: 'x', changes: [] }], hostNames: {} };
    const { code, out } = await run('deploy', EXAMPLE, '--name', 'demo');
    expect({ code, out }).toEqual({ code: 0, out: `demo is deployed already, as ${EXAMPLE} says\n` });
    expect(sent).toMatchObject([{ nsInstanceId: SERVICE_TREE.id }]);
    expect(changes()).toEqual([]);
  });

  it('refuses to deploy what cannot be planned, with the reasons, and makes nothing', async () => {
    answers['POST /underware/v1/plans'] = new UnderwareError({
      code: 'PLAN_IMPOSSIBLE',
      attempted: 'plan',
      on: 'web',
      why: 'no host fits',
      remedy: 'Add one',
      detail: 'h1: too small',
    });
    const { code, err } = await run('deploy', EXAMPLE, '--name', 'other');
    expect(code).toBe(1);
    expect(err).toMatch(/PLAN_IMPOSSIBLE[\s\S]*no host fits[\s\S]*h1: too small/);
    expect(changes()).toEqual([]);
  });

  it('is content when what shall be terminated is down, and what shall be deleted is gone', async () => {
    answers['GET /nslcm/v1/ns_instances'] = INSTANCES.map((each) => ({
      ...each,
      nsState: 'NOT_INSTANTIATED',
    }));
    await expect(run('terminate', 'demo')).resolves.toMatchObject({
      code: 0,
      out: 'demo is already terminated\n',
    });
    await expect(run('delete', 'nothing')).resolves.toMatchObject({ code: 1 });
    await expect(run('delete', 'nothing', '--if-exists')).resolves.toMatchObject({ code: 0 });
    expect(changes()).toEqual([]);
  });

  it('says of a VNF that it wrote nothing, and which VNFs there are', async () => {
    answers[`GET /underware/v1/logs/${SERVICE_TREE.id}/web`] = '';
    await expect(run('logs', 'demo', 'web')).resolves.toEqual({
      code: 0,
      out: '',
      err: 'web wrote nothing\n',
    });
    const { code, err } = await run('logs', 'demo', 'nosuch');
    expect(code).toBe(1);
    expect(err).toContain('Name one of its VNFs: web');
  });

  it('says of figures that they are old, of an exited VNF how it ended, and which operation waits for a person', async () => {
    const [web] = SERVICE_TREE.workloads;
    answers[`GET /underware/v1/service_instances/${SERVICE_TREE.id}`] = {
      ...SERVICE_TREE,
      operation: 'op1',
      workloads: [{ ...web, state: 'exited', health: 'healthy', exitCode: 3 }],
    };
    answers['GET /underware/v1/hosts'] = [
      { id: 'x', name: 'h2', ready: false, lastHeartbeatAt: '2026-01-01T00:00:00.000Z' },
    ];
    const operation = {
      ...OPERATION,
      operationState: 'FAILED_TEMP',
      phase: 'stopping',
      allowedActions: ['retry'],
    };
    answers['GET /nslcm/v1/ns_lcm_op_occs/op1'] = operation;
    answers['GET /nslcm/v1/ns_lcm_op_occs'] = [operation];
    const { out } = await run('show', 'demo');
    expect(out).toContain('in TERMINATE FAILED_TEMP (underware operation op1)');
    expect(out).toContain('host h2  not heard of since 2026-01-01T00:00:00.000Z — figures are of then');
    expect(out).toContain('VNF web  exited, exit code 3  container');
    expect((await run('instances')).out).toMatch(
      /demo +INSTANTIATED +1 of 2 VNFs down .*TERMINATE FAILED_TEMP \(underware operation op1\)/,
    );
  });

  const FAILED = {
    ...OPERATION,
    operationState: 'FAILED_TEMP',
    phase: 'unconditioning',
    allowedActions: ['retry'],
    error: {
      type: '',
      title: '',
      status: 500,
      detail: '',
      report: {
        code: 'DEVICE_BUSY',
        attempted: 'delete port',
        on: 'uw1',
        why: 'it is held\nby somebody',
        remedy: 'Let go',
      },
    },
  };

  it('tells an operation: its steps, what failed, the remedy and what can be done', async () => {
    answers['GET /nslcm/v1/ns_lcm_op_occs'] = [FAILED];
    answers['GET /underware/v1/operations/op1/steps'] = [
      { id: '1', hostName: 'h2', name: 'delete-port a', status: 'done', at: '2026-01-01T00:00:00.001Z' },
    ];
    const { code, out } = await run('operation', 'op1');
    expect(code).toBe(0);
    expect(out).toMatch(
      /h2 {2}done {5}delete-port a[\s\S]*FAILED_TEMP[\s\S]*Let go[\s\S]*underware retry op1/,
    );
    expect(out).toContain(`operation op1  service ${SERVICE_TREE.name}  unconditioning`);
    const { out: table } = await run('operations');
    expect(table).toContain('it is held');
    expect(table).not.toContain('by somebody');
  });

  it('tells the steps since a retry, not those before it', async () => {
    answers['GET /nslcm/v1/ns_lcm_op_occs'] = [FAILED];
    answers['POST /nslcm/v1/ns_lcm_op_occs/op1/retry'] = {};
    answers['GET /nslcm/v1/ns_lcm_op_occs/op1'] = {
      ...FAILED,
      operationState: 'COMPLETED',
      error: undefined,
    };
    answers['GET /underware/v1/operations/op1/steps'] = [
      { id: '7', hostName: 'h2', name: 'old', status: 'done', at: 't' },
    ];
    answers['GET /underware/v1/operations/op1/steps?after=7'] = [
      { id: '8', hostName: 'h2', name: 'new', status: 'done', at: '2026-01-01T00:00:00.001Z' },
    ];
    const { code, out } = await run('retry', 'op1');
    expect(code).toBe(0);
    expect(out).toContain('new');
    expect(out).not.toContain('old');
  });

  it('tells events in a line each, and counters only when asked', async () => {
    const stream = [
      ['step', { service: 's', operation: 'op1', hostName: 'h2', status: 'failed', name: 'load a' }],
      ['host', { name: 'h2', ready: false, reason: 'gone', appliedGeneration: 1, desiredGeneration: 2 }],
      ['host', { id: 'x', removed: true }],
      ['operation', FAILED],
      ['telemetry', { host: 'x' }],
    ].map(([event, data]) => `event: ${String(event)}\ndata: ${JSON.stringify(data)}\n\n`);
    answers['GET /underware/v1/events'] = stream.join('');
    const { out } = await run('events');
    expect(out.replaceAll(/^[\d:.]+ {2}/gm, '')).toBe(
      [
        'step       s  h2  failed   load a',
        'host       h2  not ready: gone, generation 1 of 2',
        'host       x  removed',
        'operation  demo  TERMINATE FAILED_TEMP  unconditioning: it is held  (operation op1)',
        '',
      ].join('\n'),
    );
    expect((await run('events', '--telemetry')).out).toContain('telemetry');
    expect((await run('events', '--json')).out).toContain('"telemetry"');
  });

  it('simulates what residency policies would have cost on a history, without an orchestrator', async () => {
    const history = new URL('../../../examples/residency-history.json', import.meta.url).pathname;
    const { code, out } = await run('residency', 'simulate', '--history', history, '--json');
    expect(code).toBe(0);
    const { policies } = JSON.parse(out) as { policies: { policy: string; timesOptimum: number }[] };
    expect(policies.map(({ policy }) => policy)).toEqual(['dynamic', 'persistent', 'lru', 'auto', 'optimum']);
    const times = Object.fromEntries(policies.map(({ policy, timesOptimum }) => [policy, timesOptimum]));
    expect(times['optimum']).toBe(1);
    expect(times['auto']).toBeLessThan(2);
    expect((await run('residency', 'simulate', '--history', history)).out).toContain('auto (ours)');
    expect(asked).toEqual([]);
    expect((await run('residency', 'simulate')).code).toBe(2);
  });

  it('explains what a host holds, and sets what it does', async () => {
    answers['GET /underware/v1/residency'] = [
      {
        host: 'h-1',
        hostName: 'h1',
        policy: 'as-asked',
        budgetBytes: 16 * 2 ** 20,
        usedBytes: 2 ** 20,
        heldBytes: 2 ** 21,
        held: [
          {
            key: 'k',
            plugin: 'probe@0.1.0',
            underservice: 'meter',
            program: 'probe_xdp',
            memoryBytes: 2 ** 21,
            since: '2026-01-01T00:00:00.000Z',
            until: '2026-01-01T00:10:00.000Z',
            reason: 'auto: held 600 s',
            loaded: true,
          },
        ],
        plugins: [
          {
            plugin: 'probe@0.1.0',
            inUse: 1,
            uses: 4,
            memoryBytes: 2 ** 21,
            loadMilliseconds: 20,
            breakEvenSeconds: 600,
          },
        ],
      },
    ];
    expect((await run('residency', 'explain', 'h1')).out)
      .toBe(`h1  as-asked, a budget of 16.00 MiB; 1.00 MiB in use, 2.00 MiB held
  probe@0.1.0 probe_xdp of meter: held until 2026-01-01T00:10:00.000Z
    auto: held 600 s
  probe@0.1.0: 1 in use, 4 uses known, 2.00 MiB, loads in 20.0 ms, breaks even after 600 s
`);
    expect((await run('residency', 'explain', 'h2')).code).toBe(1);
    answers['GET /underware/v1/hosts'] = [{ id: 'h-1', name: 'h1' }];
    answers['PUT /underware/v1/hosts/h-1/residency'] = {};
    expect((await run('residency', 'set', 'h1', '--policy', 'dynamic')).out).toBe('h1: dynamic, no budget\n');
    expect(changes()).toEqual(['PUT /underware/v1/hosts/h-1/residency']);
    expect((await run('residency', 'set', 'h1', '--policy', 'sometimes')).code).toBe(2);
  });

  it('tells what a new descriptor would change of a running service', async () => {
    const slice = { ports: [], routes: [], instances: [], assertions: [], workloads: [] };
    const changes = [
      { mark: '↻', what: 'instance', name: 'guard on web_port xdp', detail: 'other config' },
      { mark: '+', what: 'workload', name: 'web', detail: 'process, 1 cpus, 64 bytes' },
    ];
    const done = {
      placed: [],
      loaded: [],
      reused: [],
      chained: [],
      pinned: [],
      dynamic: [],
      started: ['web'],
    };
    answers['POST /underware/v1/plans'] = {
      ...SERVICE_PLAN,
      slices: { x: slice },
      hostNames: { x: 'h2' },
      hosts: [{ host: 'x', ...done, changes }],
      inForce: 'p0',
    };
    const { code, out } = await run('plan', EXAMPLE, '--instance', 'demo');
    expect(code).toBe(0);
    expect(out).toBe(`demo against plan p0
host h2
  ↻ instance guard on web_port xdp: other config
  + workload web: process, 1 cpus, 64 bytes
1 added, 1 replaced in place
`);
    expect(sent.at(-1)).toMatchObject({ nsInstanceId: SERVICE_TREE.id });
    expect((await run('plan', EXAMPLE)).out).toContain('host h2\n  start     web\n');
    expect(sent.at(-1)).not.toHaveProperty('nsInstanceId');
    const { hosts } = JSON.parse((await run('plan', EXAMPLE, '--explain', '--json')).out) as {
      hosts: unknown[];
    };
    expect(hosts).toMatchObject([{ host: 'x', changes }]);
    expect(sent.at(-1)).toMatchObject({ explain: true });
    expect((await run('plan', EXAMPLE, '--instance', 'nothing')).code).toBe(1);
    expect((await run('plan', EXAMPLE, '--instance', 'demo', '--inventory', 'x')).code).toBe(2);
  });

  it('checks an onboarded plugin against the enrolled hosts', async () => {
    const requirements = {
      programs: { p: { type: 'xdp', helpers: ['tail_call'], kfuncs: [], attach: 'xdp' } },
      mapTypes: [],
      coRe: [],
      kernelBtf: false,
    };
    const manifest = { name: 'tap', version: '1.0.0', programs: [{ name: 'p', hook: 'xdp' }] };
    answers['GET /underware/v1/plugins'] = [
      { digest: 'sha256:1', name: 'tap', version: '1.0.0', manifest, requirements },
    ];
    const profile = { ...NEW_KERNEL, release: '6.18.0' };
    answers['GET /underware/v1/hosts'] = [{ id: 'h-1', name: 'h1', facts: { profile } }];
    await expect(run('plugins', 'check', 'tap@1.0.0')).resolves.toMatchObject({
      code: 0,
      out: 'tap@1.0.0\n  h1 (kernel 6.18.0): runs\n',
    });
    await expect(run('hosts', 'profile', 'h1')).resolves.toMatchObject({
      code: 0,
      out: `${JSON.stringify(profile, undefined, 2)}\n`,
    });
    answers['GET /underware/v1/hosts'] = [{ id: 'h-1', name: 'h1' }];
    expect((await run('hosts', 'profile', 'h1')).err).toContain('has not registered yet');
    expect((await run('plugins', 'check', 'tap@1.0.0')).err).toContain('hosts profile > FILE');
  });

  it('says so when there is nothing', async () => {
    await expect(run('hosts')).resolves.toMatchObject({
      code: 0,
      out: 'No hosts. Enrol one: underware hosts add NAME\n',
    });
  });
});

describe('connecting', () => {
  it('finds address and token of the embedded stack by its state file', async () => {
    const tokenFile = join(directory, 'token');
    const stateFile = join(directory, 'stack.json');
    await writeFile(tokenFile, 't\n');
    await writeFile(stateFile, JSON.stringify({ url, tokenFile }));
    const client = connect({ url: undefined, tokenFile: undefined }, stateFile);
    await expect(client.hosts()).resolves.toEqual([]);
  });

  it('says how to get one up when there is none', () => {
    const absent = join(directory, 'absent');
    expect(() => connect({ url: undefined, tokenFile: undefined }, absent)).toThrow(/underware up/);
  });

  it.each(['', 'localhost:8640', 'http://', 'ftp://x', 'unix:'])(
    'refuses the address "%s" by its name',
    (given) => {
      const connecting = () => connect({ url: given, tokenFile: undefined }, join(directory, 'absent'));
      expect(connecting).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
      expect(connecting).toThrow(/UNDERWARE_URL/);
    },
  );

  it('does not send the token of the embedded stack to another address', async () => {
    const stateFile = join(directory, 'stack.json');
    await writeFile(stateFile, JSON.stringify({ url, tokenFile: '/etc/hostname' }));
    const connecting = () => connect({ url: 'http://elsewhere.example', tokenFile: undefined }, stateFile);
    expect(connecting).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});
