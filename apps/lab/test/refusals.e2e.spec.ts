import type { HostState } from '@underware/core';
import { messageKey, openQueues } from '@underware/jobs';
import type { HostJob, MessageKey } from '@underware/jobs';
import { describeKernel, waitFor } from '@underware/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '../src/stack/stack.js';
import { cli } from './cli.spec-support.js';
import {
  alteredManifest,
  alteredObject,
  signedPackage,
  strangersPackage,
  withoutSignature,
} from './packages.spec-support.js';
import { sql } from './sql.spec-support.js';
import {
  begin,
  createService,
  hostOf,
  pairDescriptor,
  noteOf,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
  traffic,
  WELL,
} from './stack.spec-support.js';

const NAME = 'refusals';
const MINUTES = 60_000;
const PLUGINS = '/underware/v1/plugins';
const HOSTS = '/underware/v1/hosts';
const BINARY = 'application/octet-stream';

describeKernel('what is refused', () => {
  let stack: Stack;
  let hostToken: string;

  beforeAll(async () => {
    stack = await startTestStack(NAME);
    hostToken = (await readFile(join(stack.layout.data, 'hosts', 'h1', 'token'), 'utf8')).trim();
  }, 2 * MINUTES);

  afterAll(() => removeTestStack(NAME), MINUTES);

  interface Call {
    token?: string | null;
    body?: string | Uint8Array<ArrayBuffer>;
    type?: string;
  }

  async function call(
    method: string,
    path: string,
    { token = stack.token, body, type = 'application/json' }: Call = {},
  ): Promise<{ status: number; headers: Headers; body: unknown }> {
    const response = await fetch(`${stack.url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  }

  /** Rows of every table that a refused request might have written to. */
  async function stored(): Promise<unknown> {
    const tables = ['plugin_package', 'ns_descriptor', 'ns_instance', 'operation', 'host', 'api_token'];
    const counts = tables.map(async (table) => {
      const rows = await sql<{ rows: string }>(stack.databaseUrl, `select count(*) as rows from ${table}`);
      return [table, rows[0]?.rows];
    });
    return Object.fromEntries(await Promise.all(counts));
  }

  async function newestAudit(): Promise<unknown> {
    return (await stack.client.audit())[0];
  }

  describe('packages', () => {
    test.each<[string, string, (stack: Stack) => Promise<Buffer>]>([
      ['unsigned', 'PACKAGE_UNSIGNED', async (from) => withoutSignature(await signedPackage(from))],
      ['altered in its program', 'PACKAGE_ALTERED', async (from) => alteredObject(await signedPackage(from))],
      [
        'altered in its manifest',
        'PACKAGE_ALTERED',
        async (from) => alteredManifest(await signedPackage(from)),
      ],
      ['signed by a stranger', 'PACKAGE_KEY_UNKNOWN', strangersPackage],
      ['cut short', 'PACKAGE_MALFORMED', async (from) => (await signedPackage(from)).subarray(0, 4_000)],
      ['no archive', 'PACKAGE_MALFORMED', async () => Buffer.from('not a package')],
    ])('that are %s', async (_how, code, make) => {
      const before = await stored();
      const bytes = await make(stack);
      const answer = await call('POST', PLUGINS, { body: new Uint8Array(bytes), type: BINARY });
      expect(answer).toMatchObject({ status: 422, body: { status: 422, report: { code } } });
      expect(await newestAudit()).toMatchObject({ actor: 'admin', action: 'plugin.onboard', outcome: code });

      const file = join(stack.layout.data, 'refused.uwp');
      await writeFile(file, bytes);
      const { code: exit, stderr } = await cli(stack, ['plugins', 'add', file]);
      expect(exit).toBe(1);
      expect(stderr).toMatch(new RegExp(`error ${code}: cannot .+\\n {2}why .+\\n {2}remedy .+`));
      expect(await stored()).toEqual(before);
    });

    test('that are larger than any may be', async () => {
      const before = await stored();
      const body = new Uint8Array(17 * 1024 * 1024);
      expect(await call('POST', PLUGINS, { body, type: BINARY })).toMatchObject({ status: 413 });
      expect(await stored()).toEqual(before);
    });
  });

  describe('requests', () => {
    test.each([
      ['no token', null, 'Bearer realm="underware"'],
      ['an unknown token', 'x'.repeat(43), 'Bearer realm="underware", error="invalid_token"'],
    ])('with %s', async (_what, token, challenge) => {
      const answer = await call('GET', HOSTS, { token });
      expect(answer).toMatchObject({ status: 401, body: { report: { code: 'UNAUTHENTICATED' } } });
      expect(answer.headers.get('www-authenticate')).toBe(challenge);
      const tokenFile = join(stack.layout.data, 'other.token');
      await writeFile(tokenFile, token ?? '');
      const { code, stderr } = await cli(stack, ['hosts'], { UNDERWARE_TOKEN_FILE: tokenFile });
      expect([code, stderr]).toEqual([1, expect.stringContaining('error UNAUTHENTICATED')]);
    });

    test("of an agent's token, for anything but packages", async () => {
      const before = await stored();
      const absent = '00000000-0000-4000-8000-000000000000';
      const requests: [string, string][] = [
        ['GET', HOSTS],
        ['POST', HOSTS],
        ['DELETE', `${HOSTS}/${hostOf(stack, 'h2').id}`],
        ['GET', PLUGINS],
        ['POST', PLUGINS],
        ['GET', '/underware/v1/audit'],
        ['GET', '/underware/v1/events'],
        ['GET', '/nsd/v1/ns_descriptors'],
        ['GET', '/nslcm/v1/ns_instances'],
        ['POST', `/nslcm/v1/ns_instances/${absent}/terminate`],
      ];
      for (const [method, path] of requests) {
        const answer = await call(method, path, {
          token: hostToken,
          ...(method === 'POST' && { body: '{}' }),
        });
        expect([method, path, answer]).toMatchObject([
          method,
          path,
          { status: 403, body: { report: { code: 'FORBIDDEN' } } },
        ]);
      }
      const { digest = '' } = (await stack.client.plugins())[0] ?? {};
      const fetched = await fetch(`${stack.url}${PLUGINS}/${digest}/package`, {
        headers: { authorization: `Bearer ${hostToken}` },
      });
      expect(fetched.status).toBe(200);
      expect(await stored()).toEqual(before);
    });

    test.each<[string, string, string, Call, number]>([
      ['broken JSON', 'POST', HOSTS, { body: '{"name":' }, 400],
      ['unknown fields', 'POST', HOSTS, { body: '{"name":"uwt-x","admin":true}' }, 400],
      ['a body of another kind', 'POST', PLUGINS, { body: '{}' }, 400],
      ['a large body', 'POST', HOSTS, { body: `{"name":"${'x'.repeat(3 << 20)}"}` }, 413],
      [
        'a large package',
        'POST',
        '/underware/v1/validate',
        { body: `{"package":"${'x'.repeat(24 << 20)}"}` },
        413,
      ],
      ['an undefined method', 'PUT', HOSTS, {}, 405],
      ['an undefined method of an operation', 'DELETE', '/nslcm/v1/ns_lcm_op_occs', {}, 405],
      ['an unknown path', 'GET', '/underware/v1/nothing', {}, 404],
    ])('with %s', async (_what, method, path, options, status) => {
      const before = await stored();
      const answer = await call(method, path, options);
      expect(answer).toMatchObject({ status, body: { status, detail: expect.any(String) } });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.headers.get('allow') ?? 'none').toMatch(status === 405 ? /GET/ : /none/);
      expect(await stored()).toEqual(before);
    });
  });

  describe('descriptors and commands', () => {
    test('a broken descriptor, with file, line and column', async () => {
      const file = join(stack.layout.data, 'broken.yaml');
      await writeFile(file, await pairDescriptor((text) => text.replace('action: allow', 'action: maybe')));
      const [line = 0] = (await readFile(file, 'utf8'))
        .split('\n')
        .flatMap((each, i) => (each.includes('maybe') ? [i + 1] : []));
      const before = await stored();
      for (const command of ['validate', 'plan', 'deploy']) {
        const { code, stdout, stderr } = await cli(stack, [command, file]);
        expect([command, code]).toEqual([command, 1]);
        expect(`${stdout}${stderr}`).toMatch(new RegExp(`broken\\.yaml:${line}:\\d+`));
      }
      expect(await stored()).toEqual(before);
    });

    test.each([
      ['an unknown command', ['frobnicate']],
      ['an unknown option', ['hosts', '--frobnicate']],
      ['a missing argument', ['deploy']],
      ['a bad input', ['deploy', 'x.yaml', '--input', 'nonsense']],
      ['a bad number', ['logs', 'x', '--tail', 'many']],
    ])('%s, as a mistake of usage', async (_what, args) => {
      const { code, stderr } = await cli(stack, args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: /)]);
    });

    test('what is not there', async () => {
      for (const [args, refusal] of [
        [['show', 'nothing'], 'error NOT_FOUND'],
        [['terminate', 'nothing'], 'error NOT_FOUND'],
        [['deploy', '/nothing.yaml'], 'error INPUT_INVALID'],
      ] as const) {
        const { code, stderr } = await cli(stack, [...args]);
        expect([args, code, stderr]).toEqual([args, 1, expect.stringContaining(refusal)]);
      }
    });
  });

  describe('what would reach a kernel', () => {
    test(
      "a package that was altered in the orchestrator's database, by the agent",
      async () => {
        const { digest = '' } = (await stack.client.plugins()).find(({ name }) => name === 'firewall') ?? {};
        const honest = await signedPackage(stack);
        const replace = (bytes: Buffer) =>
          sql(stack.databaseUrl, 'update plugin_package set bytes = $1 where digest = $2', [bytes, digest]);
        await replace(alteredObject(honest));
        const service = await createService(stack, 'altered', await pairDescriptor());
        const operation = await begin(stack, service, 'instantiate');
        const { error } = await settle(stack, operation, 'FAILED_TEMP');
        expect(error?.report).toMatchObject({ code: 'PACKAGE_ALTERED', on: expect.stringMatching(/^h1: /) });
        await waitFor('the audit of it', async () =>
          (await stack.client.audit()).some(
            ({ actor, outcome, object }) =>
              actor === 'host h1' && outcome === 'PACKAGE_ALTERED' && object.includes(digest),
          ),
        );
        await replace(honest);
        await stack.client.act(operation, 'rollback');
        await settle(stack, operation, 'ROLLED_BACK');
        expect(await remainsOf(stack)).toEqual([]);
      },
      2 * MINUTES,
    );

    test(
      'a service whose assertion does not hold: no VNF is started',
      async () => {
        const yaml = await pairDescriptor((text) => text.replace('expect: drop', 'expect: pass'));
        const service = await createService(stack, 'assertion', yaml);
        const operation = await begin(stack, service, 'instantiate');
        const { error } = await settle(stack, operation, 'FAILED_TEMP');
        expect(error?.report).toMatchObject({
          code: 'ASSERTION_FAILED',
          attempted: expect.stringContaining('admin_is_closed'),
          why: expect.stringMatching(/was to pass, and the chain's verdict is drop/),
        });
        const names = (await stack.client.steps(operation)).map(({ name }) => name);
        expect(names.some((name) => name.startsWith('check-assertion'))).toBe(true);
        expect(names.filter((name) => name.startsWith('start-workload'))).toEqual([]);
        const had = await noteOf(stack);
        await stack.client.act(operation, 'rollback');
        await settle(stack, operation, 'ROLLED_BACK');
        expect(await remainsOf(stack, had)).toEqual([]);
      },
      2 * MINUTES,
    );

    test(
      'jobs that are forged, malformed, of another host or of an older generation, by the agent',
      async () => {
        const service = await createService(stack, 'jobs', await pairDescriptor());
        await settle(stack, await begin(stack, service, 'instantiate'), 'COMPLETED');
        const { id, agent, name } = hostOf(stack, 'h1');
        const desired = await sql<{ state: HostState }>(
          stack.databaseUrl,
          'select state from host_desired where host_id = $1',
          [id],
        );
        const state = desired[0]?.state;
        if (!state) throw new Error('h1 has no desired state');
        const { generation } = state;
        const nothing = { host: id, generation: generation + 1, slices: [] };
        const job = (of: object): HostJob => ({
          host: id,
          generation: generation + 1,
          state: nothing,
          ...of,
        });
        const key = messageKey(hostToken);
        const jobs: [HostJob, MessageKey, RegExp][] = [
          [job({}), messageKey('not the token of h1'), /FORBIDDEN|seal was not made/],
          [job({ state: { ...nothing, slices: 'none' } }), key, /state\.slices/],
          [job({ state: { ...nothing, host: hostOf(stack, 'h2').id } }), key, /another host or generation/],
          [
            job({ state: { ...nothing, slices: [{ service: 'x', stage: 'running', slice: {} }] } }),
            key,
            /slice\.ports/,
          ],
          [
            job({ generation: generation - 1, state: { ...nothing, generation: generation - 1 } }),
            key,
            /was accepted before/,
          ],
        ];
        const { pid } = agent;
        const before = await noteOf(stack);
        const queues = await openQueues(stack.queueUrl, () => undefined);
        try {
          for (const [index, [sent, sealedWith, refusal]] of jobs.entries()) {
            await queues.dispatchHost(sent, `uwt-${index}`, sealedWith);
            await waitFor(`${name} to refuse job ${index}`, async () => {
              const log = await readFile(join(stack.layout.logs, 'agent-h1.log'), 'utf8');
              return refusal.test(log);
            });
          }
        } finally {
          await queues.close();
        }
        expect(await noteOf(stack)).toEqual(before);
        expect(await traffic(stack, service)).toEqual(WELL);
        expect([agent.pid, await agent.isRunning()]).toEqual([pid, true]);
        await settle(stack, await begin(stack, service, 'terminate'), 'COMPLETED');
        expect(await remainsOf(stack, before)).toEqual([]);
      },
      2 * MINUTES,
    );
  });
});
