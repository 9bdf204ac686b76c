import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPackage } from '@underware/descriptor';
import { packagePlugins } from '@underware/plugin';
import { waitFor } from '@underware/testkit';
import { readFileSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Orchestrator } from '../src/start.js';
import { Api } from './api.spec-support.js';
import { pairOfFiles, twoVnfs } from './descriptor.spec-support.js';
import { configurationOver, startOver } from './orchestrator.spec-support.js';
import { startServers, sweepServers } from './servers.spec-support.js';
import type { Servers } from './servers.spec-support.js';

const prefix = 'uwt-orchestrator-api-';
const root = fileURLToPath(new URL('../../..', import.meta.url));
const HOSTS = '/underware/v1/hosts';
const MANY = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x']));
const DEEP = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
const ABSENT = '00000000-0000-4000-8000-000000000000';

describe('the API', () => {
  let servers: Servers;
  let orchestrator: Orchestrator;
  let api: Api;
  let host: { id: string; token: string; queueUrl: string };

  beforeAll(async () => {
    await sweepServers(prefix);
    servers = await startServers(prefix, 'postgres');
    ({ orchestrator, api } = await startOver(servers));
    host = await api.enrol('uwt-h1', { rack: 'r1' });
  }, 60_000);

  afterAll(async () => {
    await orchestrator.stop();
    await servers.stop();
  });

  test('keeps the admin token in a file of mode 0600', () => {
    expect(statSync(join(servers.dir, 'state', 'admin.token')).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['no token', null],
    ['an unknown token', 'x'.repeat(43)],
    ['a hostile token', "' OR 1=1 --"],
  ])('answers 401 to %s, before it reads a body', async (_case, token) => {
    const answer = await api.call('POST', '/underware/v1/plugins', {
      token,
      type: 'application/octet-stream',
    });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="underware"/);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status: 401, report: { code: 'UNAUTHENTICATED' } });
  });

  const PACKAGE = `/underware/v1/plugins/sha256:${'0'.repeat(64)}/package`;
  const SPELLINGS = [
    PACKAGE,
    PACKAGE.toUpperCase(),
    PACKAGE.replace('/underware', '/UnderWare'),
    PACKAGE.replace('underware', '%75nderware'),
    PACKAGE.replace('plugins', 'plug%69ns'),
    `/${PACKAGE}`,
    PACKAGE.replaceAll('/', '//'),
    PACKAGE.replace('/underware', '/underware.'),
    `${PACKAGE}.`,
    `${PACKAGE}/`,
    `/x/..${PACKAGE}`,
    `/.${PACKAGE}`,
    `/${PACKAGE.replaceAll('/', '\\')}`,
    `/${PACKAGE.replaceAll('/', '%2f')}`,
    `${PACKAGE}?x=/`,
    `${PACKAGE};x`,
    `http://x${PACKAGE}`,
    `HTTP://x${PACKAGE}`,
    `http://x/${PACKAGE}`,
    `http://x:1@y${PACKAGE.toUpperCase()}`,
    '/underware/v1/hosts',
    '/UNDERWARE/v1/hosts',
    'http://x/underware/v1/hosts',
    '/nsd/v1/ns_descriptors',
    '/NSLCM/v1/ns_instances',
  ];

  test.each(SPELLINGS)('lets nobody without a token reach a handler by %s', async (target) => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect([method, await statusOf(method, target)]).toEqual([method, 401]);
    }
  });

  test('knows one spelling of each path', async () => {
    await api.expect(404, 'GET', '/UNDERWARE/v1/hosts');
    await api.expect(404, 'GET', '/underware/V1/hosts');
  });

  /** As the target is, which `node:http` would put right; without a token. */
  async function statusOf(method: string, target: string): Promise<number> {
    const socket = connect(join(servers.dir, 'api.sock'));
    socket.write(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Number(/^HTTP\/1\.1 (\d{3}) /.exec(Buffer.concat(chunks).toString('latin1'))?.[1]);
  }

  test("lets an agent's token fetch packages and nothing else", async () => {
    const { token } = host;
    await api.expect(403, 'GET', '/underware/v1/hosts', { token });
    await api.expect(403, 'POST', '/underware/v1/hosts', { token, body: { name: 'uwt-h2' } });
    await api.expect(403, 'GET', '/nslcm/v1/ns_instances', { token });
    // Whatever it sends, nobody reads it.
    await api.expect(403, 'POST', '/underware/v1/hosts', { token, body: '{"name":' });
    await api.expect(404, 'GET', `/underware/v1/plugins/sha256:${'0'.repeat(64)}/package`, { token });
  });

  test.each([
    ['DELETE', '/underware/v1/hosts', 'GET, POST'],
    ['PUT', `/nslcm/v1/ns_instances/${ABSENT}`, 'GET, DELETE'],
    ['PATCH', `/nslcm/v1/ns_lcm_op_occs/${ABSENT}/retry`, 'POST'],
    ['POST', '/nsd/api_versions', 'GET'],
  ])('answers 405 to %s %s and names the methods there are', async (method, path, allow) => {
    const answer = await api.call(method, path);
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe(allow);
    expect(answer.body).toMatchObject({ status: 405 });
  });

  test.each<[string, string, string, Parameters<Api['call']>[2], number]>([
    ['an unknown path', 'GET', '/underware/v1/nothing', {}, 404],
    ['an unknown id', 'GET', `/nslcm/v1/ns_instances/${ABSENT}`, {}, 404],
    ['an id that is none', 'GET', '/nslcm/v1/ns_instances/1', {}, 400],
    ['broken JSON', 'POST', '/underware/v1/hosts', { body: '{"name":' }, 400],
    ['an unknown field', 'POST', '/underware/v1/hosts', { body: { name: 'uwt-h3', admin: true } }, 400],
    ['a bad name', 'POST', '/underware/v1/hosts', { body: { name: '../h3' } }, 400],
    [
      'labels that are no text',
      'POST',
      '/underware/v1/hosts',
      { body: { name: 'uwt-h3', labels: { a: {} } } },
      400,
    ],
    ['a name that is taken', 'POST', '/underware/v1/hosts', { body: { name: 'uwt-h1' } }, 409],
    [
      'a label that is long',
      'POST',
      HOSTS,
      { body: { name: 'uwt-h3', labels: { a: 'x'.repeat(256) } } },
      400,
    ],
    ['labels that are many', 'POST', HOSTS, { body: { name: 'uwt-h3', labels: MANY } }, 400],
    [
      'a label that would be lost',
      'POST',
      HOSTS,
      { body: '{"name":"uwt-h3","labels":{"__proto__":"x"}}' },
      400,
    ],
    ['U+0000 in a label', 'POST', HOSTS, { body: { name: 'uwt-h3', labels: { 'a\u0000': 'x' } } }, 400],
    [
      'half a character',
      'POST',
      '/nsd/v1/ns_descriptors',
      { body: '{"userDefinedData":{"a":"\\ud800"}}' },
      400,
    ],
    [
      'much data',
      'POST',
      '/nsd/v1/ns_descriptors',
      { body: { userDefinedData: { a: 'x'.repeat(70_000) } } },
      400,
    ],
    ['deep data', 'POST', '/underware/v1/plans', { body: `{"inputs":{"a":${DEEP}}}` }, 400],
    ['U+0000 in an address', 'GET', '/underware/v1/plugins/%00', {}, 400],
    [
      'a name that is no line of text',
      'POST',
      '/nslcm/v1/ns_instances',
      { body: { nsdId: ABSENT, nsName: 'a\u001b[2J' } },
      400,
    ],
    ['a large body', 'POST', '/underware/v1/hosts', { body: { name: 'x'.repeat(3_000_000) } }, 413],
    [
      'a large package',
      'POST',
      '/underware/v1/plugins',
      { body: Buffer.alloc(17 * 1024 * 1024), type: 'application/octet-stream' },
      413,
    ],
    ['a package of another type', 'POST', '/underware/v1/plugins', { body: { a: 1 } }, 400],
    [
      'a malformed package',
      'POST',
      '/underware/v1/plugins',
      { body: Buffer.from('no tar'), type: 'application/octet-stream' },
      422,
    ],
    [
      'an instance of nothing',
      'POST',
      '/nslcm/v1/ns_instances',
      { body: { nsdId: ABSENT, nsName: 'x' } },
      404,
    ],
    ['a bad page', 'GET', '/underware/v1/audit?limit=0', {}, 400],
    ['a hostile page', 'GET', "/underware/v1/audit?before=1'--", {}, 400],
    ['neither content nor nsdId', 'POST', '/underware/v1/plans', { body: {} }, 400],
  ])('refuses %s in words', async (_case, method, path, options, status) => {
    const answer = await api.call(method, path, options);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      status,
      detail: expect.stringMatching(/^Cannot .+ on .+: .+\. .+/),
      report: { why: expect.any(String), remedy: expect.any(String) },
    });
  });

  test('serves local agents on a UNIX socket', async () => {
    const local = new Api(join(servers.dir, 'api.sock'), join(servers.dir, 'state'));
    expect(await local.expect(200, 'GET', '/underware/v1/hosts')).toHaveLength(1);
  });

  test('is not held up by who stops in the middle of a request', async () => {
    const { port } = new URL(orchestrator.address ?? '');
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    const token = api.adminToken;
    socket.write(`POST /underware/v1/hosts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`);
    await api.expect(200, 'GET', '/underware/v1/hosts');
    socket.destroy();
  });

  test('leads a descriptor through its life', async () => {
    const created = await api.call('POST', '/nsd/v1/ns_descriptors', {
      body: { userDefinedData: { team: 'x' } },
    });
    expect(created.status).toBe(201);
    const path = String(created.headers['location']);
    await api.expect(409, 'GET', `${path}/nsd_content`);
    await api.expect(409, 'PATCH', path, { body: { nsdOperationalState: 'ENABLED' } });
    const broken = await api.call('PUT', `${path}/nsd_content?file=web.yaml`, {
      body: 'tosca_definitions_version: nonsense\n',
      type: 'application/yaml',
    });
    expect(broken.body).toMatchObject({ status: 422, report: { code: 'DESCRIPTOR_INVALID' } });
    expect(broken.text).toContain('web.yaml:1:');
    await api.expect(400, 'PUT', `${path}/nsd_content`, { body: '', type: 'application/yaml' });
    await api.expect(204, 'PUT', `${path}/nsd_content`, { body: twoVnfs(), type: 'application/yaml' });
    await api.expect(409, 'PUT', `${path}/nsd_content`, { body: twoVnfs(), type: 'application/yaml' });
    expect((await api.call('GET', `${path}/nsd_content`)).text).toBe(twoVnfs());
    expect(await api.expect(200, 'GET', path)).toMatchObject({
      nsdName: 'uwt-pair',
      nsdVersion: '1.0.0',
      nsdOnboardingState: 'ONBOARDED',
      nsdUsageState: 'NOT_IN_USE',
      userDefinedData: { team: 'x' },
    });
    const nsdId = path.split('/').at(-1);
    const instance = await api.call('POST', '/nslcm/v1/ns_instances', { body: { nsdId, nsName: 'one' } });
    await api.expect(409, 'DELETE', path);
    const instancePath = String(instance.headers['location']);
    await api.expect(409, 'POST', `${instancePath}/terminate`, { body: {} });
    const badInput = { additionalParamsForNs: { inputs: { nonsense: 1 } } };
    await api.expect(422, 'POST', `${instancePath}/instantiate`, { body: badInput });
    expect(await api.expect(200, 'GET', '/nslcm/v1/ns_lcm_op_occs')).toEqual([]);
    await api.expect(204, 'DELETE', instancePath);
    await api.expect(200, 'PATCH', path, { body: { nsdOperationalState: 'DISABLED' } });
    await api.expect(409, 'POST', '/nslcm/v1/ns_instances', { body: { nsdId, nsName: 'two' } });
    await api.expect(204, 'DELETE', path);
    await api.expect(404, 'GET', path);
  });

  async function newDescriptor(): Promise<string> {
    const created = await api.call('POST', '/nsd/v1/ns_descriptors', { body: {} });
    return String(created.headers['location']);
  }

  test('takes a descriptor of several files as a package, and gives it back', async () => {
    const [path, text] = [await newDescriptor(), await newDescriptor()];
    const put = (on: string, body: string | Buffer, type: string) =>
      api.call('PUT', `${on}/nsd_content?file=pair.csar`, { body, type });
    const csar = await pairOfFiles();
    const wrong = await put(
      path,
      await pairOfFiles((types) => types.replace('Process', 'Proces')),
      'application/zip',
    );
    expect(wrong.body).toMatchObject({
      status: 422,
      report: { code: 'DESCRIPTOR_INVALID', on: 'pair.csar' },
    });
    expect(wrong.text).toContain('parts/types.yaml:3:');
    expect((await put(path, twoVnfs(), 'application/zip')).text).toContain('PACKAGE_INVALID');
    expect((await put(path, csar, 'application/octet-stream')).status).toBe(415);
    expect((await put(path, csar, 'application/zip')).status).toBe(204);
    expect((await put(text, twoVnfs(), 'text/plain')).status).toBe(204);
    expect(await api.expect(200, 'GET', path)).toMatchObject({
      nsdName: 'uwt-pair',
      nsdOnboardingState: 'ONBOARDED',
    });

    const get = (on: string, headers: Record<string, string> = {}) => api.call('GET', on, { headers });
    const packed = await get(`${path}/nsd_content`);
    expect(packed.headers['content-type']).toBe('application/zip');
    expect(packed.bytes.equals(csar)).toBe(true);
    expect((await get(`${path}/nsd_content`, { Accept: 'text/plain' })).status).toBe(406);
    const main = await get(`${path}/nsd`);
    expect(main.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(main.text).toContain('imports: [parts/types.yaml]');
    expect((await get(`${path}/nsd`, { Accept: 'application/zip' })).status).toBe(406);
    const plain = await get(`${text}/nsd_content`, { Accept: 'text/plain;q=0.5, application/json' });
    expect([plain.headers['content-type'], plain.text]).toEqual(['text/plain; charset=utf-8', twoVnfs()]);
    const zipped = await get(`${text}/nsd_content`, { Accept: 'application/zip' });
    expect((await openPackage(zipped.bytes, { name: 'x', now: new Date() })).source?.text).toBe(twoVnfs());

    const part = await get(`${path}/nsd_content`, { Range: 'bytes=2-5' });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 2-5/${csar.length}`]);
    expect(part.bytes.equals(csar.subarray(2, 6))).toBe(true);
    const beyond = await get(`${path}/nsd_content`, { Range: `bytes=${csar.length}-` });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${csar.length}`]);
    const other = await get(`${path}/nsd_content`, { Range: 'bytes=2-5', 'If-Range': '"other"' });
    expect(other.status).toBe(200);
    await api.expect(204, 'DELETE', path);
    await api.expect(204, 'DELETE', text);
  });

  test('plans and validates a package that a request carries, and compiles one that it has', async () => {
    const csar = await pairOfFiles();
    const carried = { body: { file: 'pair.csar', package: csar.toString('base64') } };
    const valid = await api.expect(200, 'POST', '/underware/v1/validate', carried);
    expect(valid).toEqual({ valid: true, findings: [] });
    const plan = await api.expect(409, 'POST', '/underware/v1/plans', carried);
    expect(JSON.stringify(plan)).toContain('its agent has not registered yet');
    await api.expect(400, 'POST', '/underware/v1/plans', { body: { package: 'no base64!' } });
    await api.expect(400, 'POST', '/underware/v1/plans', { body: { ...carried.body, content: twoVnfs() } });
    const large = { body: { package: 'A'.repeat(24 * 1_048_576) } };
    await api.expect(413, 'POST', '/underware/v1/plans', large);

    const path = await newDescriptor();
    await api.expect(204, 'PUT', `${path}/nsd_content`, { body: csar, type: 'application/zip' });
    const { id } = await api.expect<{ id: string }>(201, 'POST', '/nslcm/v1/ns_instances', {
      body: { nsdId: path.split('/').at(-1), nsName: 'packed' },
    });
    const operation = await api.start(id, 'instantiate');
    await api.settle(operation, 'FAILED_TEMP');
    expect((await api.operation(operation)).error?.report?.code).toBe('PLAN_IMPOSSIBLE');
    await api.expect(202, 'POST', `${operation}/rollback`);
    await api.settle(operation, 'ROLLED_BACK');
    await api.expect(204, 'DELETE', `/nslcm/v1/ns_instances/${id}`);
    await api.expect(204, 'DELETE', path);
  });

  test('validates without keeping anything, and explains a plan that is impossible', async () => {
    const valid = await api.expect(200, 'POST', '/underware/v1/validate', { body: { content: twoVnfs() } });
    expect(valid).toEqual({ valid: true, findings: [] });
    const invalid = await api.expect<{ valid: boolean; findings: unknown[] }>(
      200,
      'POST',
      '/underware/v1/validate',
      {
        body: { file: 'a.yaml', content: 'a: [' },
      },
    );
    expect(invalid.valid).toBe(false);
    expect(invalid.findings[0]).toMatchObject({
      file: 'a.yaml',
      line: expect.any(Number),
      column: expect.any(Number),
    });
    const plan = await api.expect(409, 'POST', '/underware/v1/plans', { body: { content: twoVnfs() } });
    expect(JSON.stringify(plan)).toContain('its agent has not registered yet');
  });

  test('onboards a signed package once, serves its bytes, and keeps refusals in the audit trail', async () => {
    const configuration = configurationOver(servers);
    const out = join(servers.dir, 'packages');
    const objects = join(root, 'bpf', 'build');
    const key = join(servers.dir, 'signing.pem');
    const [packaged] = await packagePlugins({ objects, plugins: join(root, 'bpf'), key, out });
    const bytes = readFileSync(packaged?.file ?? '');
    const onboard = { body: bytes, type: 'application/octet-stream' };
    const unknown = await api.expect(422, 'POST', '/underware/v1/plugins', onboard);
    expect(unknown).toMatchObject({ report: { code: 'PACKAGE_KEY_UNKNOWN' } });

    await copyFile(`${key}.pub`, join(configuration.trustedKeysDir, 'signing.pem'));
    const altered = Buffer.from(bytes);
    altered.writeUInt8(altered.readUInt8(altered.length / 2) ^ 1, altered.length / 2);
    await api.expect(422, 'POST', '/underware/v1/plugins', { ...onboard, body: altered });
    const plugin = await api.expect<{ digest: string }>(201, 'POST', '/underware/v1/plugins', onboard);
    await api.expect(201, 'POST', '/underware/v1/plugins', onboard);
    expect(await api.expect(200, 'GET', '/underware/v1/plugins')).toHaveLength(1);
    expect(plugin).toMatchObject({ digest: packaged?.digest, name: packaged?.name });
    const fetched = await api.call('GET', `/underware/v1/plugins/${plugin.digest}/package`, {
      token: host.token,
    });
    expect(fetched.status).toBe(200);
    expect(fetched.headers['content-length']).toBe(String(bytes.length));

    await api.expect(403, 'DELETE', `/underware/v1/plugins/${plugin.digest}`, { token: host.token });
    await api.expect(204, 'DELETE', `/underware/v1/plugins/${plugin.digest}`);
    await api.expect(404, 'DELETE', `/underware/v1/plugins/${plugin.digest}`);
    await api.expect(404, 'GET', `/underware/v1/plugins/${plugin.digest}/package`);

    const trail = await api.expect<{ action: string; outcome: string; actor: string }[]>(
      200,
      'GET',
      '/underware/v1/audit',
    );
    const onboarding = trail
      .filter(({ action }) => action === 'plugin.onboard')
      .map(({ outcome }) => outcome);
    expect(onboarding.slice(0, 4)).toEqual([
      'done',
      'done',
      expect.stringMatching(/^PACKAGE_/),
      'PACKAGE_KEY_UNKNOWN',
    ]);
    const removing = trail.filter(({ action }) => action === 'plugin.remove');
    expect(removing.map(({ outcome, actor }) => [outcome, actor])).toEqual([
      ['NOT_FOUND', 'admin'],
      ['done', 'admin'],
      ['FORBIDDEN', 'host uwt-h1'],
    ]);
    expect(trail.at(-1)).toMatchObject({ action: 'host.enrol', actor: 'admin', outcome: 'done' });
  });

  test('lets one of those enrol a host who want the same name at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.call('POST', HOSTS, { body: { name: 'uwt-same' } })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    const made = answers.find(({ status }) => status === 201);
    await api.expect(204, 'DELETE', String(made?.headers['location']));
  });

  test('keeps in the audit trail what was refused before anything looked at it', async () => {
    await api.expect(413, 'POST', '/underware/v1/plugins', {
      body: Buffer.alloc(17 * 1024 * 1024),
      type: 'application/octet-stream',
    });
    await api.expect(400, 'POST', HOSTS, { body: '{"name":' });
    // Entered after the answer, in whatever order: a refusal does not wait for the database.
    const entered = async (action: string): Promise<boolean> =>
      (
        await api.expect<{ action: string; actor: string; outcome: string }[]>(
          200,
          'GET',
          '/underware/v1/audit?limit=5',
        )
      ).some((each) => each.action === action && each.actor === 'admin' && each.outcome === 'INPUT_INVALID');
    for (const action of [`POST ${HOSTS}`, 'POST /underware/v1/plugins'])
      await waitFor(`the entry of ${action}`, () => entered(action));
    const all = await api.expect<{ outcome: string; actor: string }[]>(200, 'GET', '/underware/v1/audit');
    const unknown = all.filter(({ outcome }) => outcome === 'UNAUTHENTICATED');
    expect(unknown.length).toBeGreaterThan(0);
    // Far more were refused.
    expect(unknown.length).toBeLessThan(10);
  });

  test('answers HEAD of the events without following them', async () => {
    const answer = await api.call('HEAD', '/underware/v1/events');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/event-stream']);
  });

  test('tells changes as server-sent events, with the token checked', async () => {
    const said: string[] = [];
    const call = get(`${orchestrator.address ?? ''}/underware/v1/events`, {
      headers: { Authorization: `Bearer ${api.adminToken}` },
    });
    call.on('error', () => undefined);
    call.on('response', (response) => response.on('data', (chunk: Buffer) => said.push(chunk.toString())));
    await waitFor('the stream to open', () => said.join('').includes(': follow'));
    const { id } = await api.enrol('uwt-event');
    await waitFor('the host to be told', () => said.join('').includes(`"name":"uwt-event"`));
    await api.expect(204, 'DELETE', `/underware/v1/hosts/${id}`);
    await waitFor('its removal to be told', () => said.join('').includes('"removed":true'));
    expect(said.join('')).not.toContain('token');
    call.destroy();
  });

  test('serves every resource that its document names', async () => {
    const document = JSON.parse(readFileSync(join(root, 'apps/orchestrator/openapi.json'), 'utf8')) as {
      paths: Record<string, Record<string, unknown>>;
    };
    for (const [path, item] of Object.entries(document.paths)) {
      if (!('get' in item) || path.endsWith('/events')) continue;
      // The key of an entry is read before its service is looked for.
      const concrete = path.replace('{entry}', '0').replaceAll(/\{[^}]+\}/g, ABSENT);
      const { status } = await api.call('GET', concrete);
      expect([path, status]).toEqual([path, path.includes('{') ? 404 : 200]);
    }
  });
});
