import { UnderwareClient } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { connect } from './connection.js';
import { buildProgram } from './program.js';
import { printError } from './render/error.js';
import type { Session } from './session.js';
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

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-cli-'));
  asked = [];
  answers = {
    'GET /nslcm/v1/ns_instances': INSTANCES,
    [`GET /underware/v1/service_instances/${SERVICE_TREE.id}`]: SERVICE_TREE,
    [`GET /underware/v1/plans/${SERVICE_TREE.id}`]: SERVICE_PLAN,
    'GET /underware/v1/hosts': [],
  };
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    const answer = answers[`${request.method} ${path}`];
    asked.push(`${request.method} ${path}`);
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

/** Runs a command line; the same as `main.ts`, without the process. */
async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  let code = 0;
  const program = buildProgram(async (json, work) => {
    const session: Session = {
      terminal: {
        out: (text) => (out += text),
        err: (text) => (err += text),
        json,
        interactive: false,
        color: false,
      },
      client: () => new UnderwareClient({ url, token: 't' }),
      signal: new AbortController().signal,
      exitCode: 0,
    };
    try {
      await work(session);
      code = session.exitCode;
    } catch (error) {
      printError(session.terminal, error, 'run');
      code = 1;
    }
  });
  const quiet = (command: Command): void => {
    command
      .exitOverride()
      .configureOutput({ writeErr: (text) => (err += text), writeOut: (text) => (out += text) });
    for (const below of command.commands) quiet(below);
  };
  quiet(program);
  await program.parseAsync(argv, { from: 'user' }).catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : 2;
  });
  return { code, out, err };
}

describe('underware', () => {
  it('shows a service as a tree with its chains in order and counters by rule name', async () => {
    const { code, out } = await run('show', 'demo');
    expect(code).toBe(0);
    expect(out).toBe(`demo  INSTANTIATED  ${SERVICE_TREE.id}
└─ host h2
   └─ VNF web  running, healthy  container  least used
      └─ port web_port  10.60.0.10/32
         └─ inbound tcx/egress on uw1
            ├─ 1. meter  probe@0.1.0  pass 12 (1.2 kB)
            └─ 2. guard  firewall@0.1.0  pass 10 (1.0 kB), drop 2 (120 B)
               ├─ default: 2 packets, 120 B
               └─ rule site: 10 packets, 1.0 kB
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
          { map: 'counters', name: 'default', packets: 2, bytes: 120 },
          { map: 'rule_counters', name: 'site', packets: 10, bytes: 1000 },
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
  const changes = () => asked.filter((each) => !each.startsWith('GET') && !each.endsWith('/plans'));

  it('refuses to deploy under a name that is taken, and makes nothing', async () => {
    const { code, err } = await run('deploy', EXAMPLE, '--name', 'demo');
    expect(code).toBe(1);
    expect(err).toMatch(/STATE_CONFLICT[\s\S]*INSTANTIATED[\s\S]*--name/);
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

  it('validates files without an orchestrator, pointing at the place', async () => {
    const file = join(directory, 'broken.yaml');
    await writeFile(file, 'tosca_definitions_version: tosca_2_0\nservice_template:\n  node_templates: 5\n');
    const { code, out } = await run('validate', file);
    expect(code).toBe(1);
    expect(out).toContain(`${file}:3:`);
    expect(out).toContain('node_templates: 5');
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

  it('does not send the token of the embedded stack to another address', async () => {
    const stateFile = join(directory, 'stack.json');
    await writeFile(stateFile, JSON.stringify({ url, tokenFile: '/etc/hostname' }));
    const connecting = () => connect({ url: 'http://elsewhere.example', tokenFile: undefined }, stateFile);
    expect(connecting).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});
