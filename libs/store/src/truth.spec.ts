import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HostFacts, Plan } from '@underware/core';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '@underware/embedded';
import { waitFor } from '@underware/testkit';
import { MIGRATIONS } from '@underware/migrations';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { openTruth } from './index.js';
import type { Change, Truth } from './index.js';

const prefix = 'uwt-store-';

/** As it is said to whom it happens. */
const TWICE = { report: { code: 'STATE_CONFLICT', why: expect.stringMatching(/already exists/) } };

const days = (ago: number): Date => new Date(Date.now() - ago * 86_400_000);

const said = (host: string, boot: string, sequence: number, at = '2026-01-01T00:00:00Z') => ({
  host,
  boot,
  sequence,
  at,
});

const FACTS: HostFacts = {
  profile: {
    release: '6.12.0',
    architecture: 'x86_64',
    programTypes: [],
    mapTypes: [],
    helpers: {},
    kfuncs: [],
    attach: { xdp: true, tcx: true, trampoline: true },
    btf: true,
    jit: true,
    notes: [],
  },
  cpus: 1,
  memoryBytes: 1,
  runtimes: [],
  uplinks: [],
  agentVersion: '0.1.0',
};

async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    await stopEmbeddedPostgres({ dir: join(tmpdir(), name) });
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** The truth's database as an earlier release made it. */
function sourceOf(url: string, migrations: typeof MIGRATIONS): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url,
    migrations,
    migrationsTableName: 'migration',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
  }).initialize();
}

describe('the truth', () => {
  let url: string;
  let truth: Truth;

  beforeAll(async () => {
    await sweep();
    ({ url } = await startEmbeddedPostgres({ dir: mkdtempSync(join(tmpdir(), prefix)) }));
  });

  afterAll(async () => {
    await truth.close();
    await sweep();
  });

  async function enrol(name: string): Promise<string> {
    const id = randomUUID();
    const messageKey = new Uint8Array([1, 2, 3]);
    await truth.hosts.create({ id, name, labels: {}, tokenHash: name, messageKey, createdAt: new Date() });
    return id;
  }

  async function instance(): Promise<string> {
    const id = await descriptor();
    const createdAt = new Date();
    const rest = {
      nsdId: id,
      nsState: 'NOT_INSTANTIATED',
      inputs: {},
      graph: null,
      planId: null,
      stage: null,
    } as const;
    await truth.instances.create({ id, name: 'one', description: '', createdAt, ...rest });
    return id;
  }

  async function descriptor(): Promise<string> {
    const id = randomUUID();
    await truth.descriptors.create({
      id,
      name: null,
      version: null,
      onboardingState: 'CREATED',
      operationalState: 'DISABLED',
      userDefinedData: {},
      file: null,
      contentDigest: null,
      createdAt: new Date(),
    });
    return id;
  }

  async function contentOf(id: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    await truth.transaction(async ({ descriptors }) => {
      await descriptors.keepContent({ digest, mediaType: 'application/yaml', bytes });
      await descriptors.update(id, { contentDigest: digest });
    });
  }

  test('is migrated once by processes that start at the same time', async () => {
    const opened = await Promise.all([openTruth(url), openTruth(url), openTruth(url)]);
    expect(await Promise.all(opened.map(({ hosts }) => hosts.list()))).toEqual([[], [], []]);
    const [first, ...others] = opened;
    await Promise.all(others.map((other) => other.close()));
    truth = first ?? (await openTruth(url));
  });

  test('keeps the content of descriptors from before it was kept by digest', async () => {
    const before = `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c search_path=before')}`;
    const admin = await sourceOf(url, []);
    await admin.query('CREATE SCHEMA before');
    await admin.destroy();
    const old = await sourceOf(before, MIGRATIONS.slice(0, 3));
    await old.runMigrations();
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const [index, content] of ['grün: 1\n', 'grün: 1\n', null].entries()) {
      await old.query(
        `INSERT INTO ns_descriptor (id, onboarding_state, operational_state, user_defined_data, content, created_at)
         VALUES ($1, 'ONBOARDED', 'ENABLED', '{}', $2, now())`,
        [ids[index], content],
      );
    }
    await old.destroy();
    const opened = await openTruth(before);
    const contents = await Promise.all(ids.map((id) => opened.descriptors.content(id)));
    await opened.close();
    expect(contents.map((content) => content && Buffer.from(content.bytes).toString())).toEqual([
      'grün: 1\n',
      'grün: 1\n',
      null,
    ]);
  });

  test('keeps the same content of descriptors once, for as long as one has it', async () => {
    const [one, other] = [await descriptor(), await descriptor()];
    await Promise.all([contentOf(one, 'a: 1'), contentOf(other, 'a: 1')]);
    const content = await truth.descriptors.content(one);
    expect(await truth.descriptors.content(other)).toEqual(content);
    await truth.transaction(({ descriptors }) => descriptors.delete(one));
    expect(await truth.descriptors.content(other)).toEqual(content);
    const third = await descriptor();
    await Promise.all([
      truth.transaction(({ descriptors }) => descriptors.delete(other)),
      contentOf(third, 'a: 1'),
    ]);
    expect(await truth.descriptors.content(third)).toEqual(content);
  });

  test('keeps the newest report by boot and sequence, whatever the clock of its host says', async () => {
    const host = await enrol('uwt-report');
    const report = (boot: string, sequence: number, generation: number, at?: string) =>
      truth.hosts.report({ ...said(host, boot, sequence, at), type: 'applied', generation, slices: [] });
    expect(await report('a', 2, 2, '2026-01-01T00:00:09Z')).toBe(true);
    expect(await report('a', 1, 3)).toBe(false);
    expect(await report('a', 2, 2)).toBe(false);
    expect(await report('a', 3, 2, '1970-01-01T00:00:01Z')).toBe(true);
    expect(await report('b', 1, 1, '1970-01-01T00:00:00Z')).toBe(true);
    expect(await report('a', 9, 9)).toBe(false);
    expect((await truth.hosts.find(host))?.report).toMatchObject({ boot: 'b', generation: 1 });
  });

  test('hears a host whose clock stepped back, and nothing more of a boot that is over', async () => {
    const host = await enrol('uwt-clock');
    const empty = { chains: [], instances: [], workloads: [], foreign: [] };
    const beat = (boot: string, sequence: number, generation: number, at: string) =>
      truth.hosts.heartbeat(
        { ...said(host, boot, sequence, at), type: 'heartbeat', generation, ...empty },
        new Date(),
      );
    expect(await beat('a', 5, 5, '2026-01-01T12:00:00Z')).toBe(true);
    expect(await beat('a', 6, 6, '2026-01-01T11:00:00Z')).toBe(true);
    expect(await beat('a', 5, 5, '2026-01-01T13:00:00Z')).toBe(false);
    expect(await beat('b', 1, 0, '1970-01-01T00:00:00Z')).toBe(true);
    expect(await beat('a', 7, 7, '2026-01-01T14:00:00Z')).toBe(false);
    expect(await truth.hosts.find(host)).toMatchObject({ boot: 'b', heartbeatGeneration: 0 });
    const [telemetry] = await truth.hosts.telemetry([host]);
    expect(telemetry?.body).toMatchObject({ boot: 'b', sequence: 1 });
  });

  test('tells the first registration of a boot from those that repeat it', async () => {
    const host = await enrol('uwt-register');
    const register = (boot: string, sequence: number) =>
      truth.hosts.register({ ...said(host, boot, sequence), type: 'registered', facts: FACTS }, new Date());
    expect(await register('a', 1)).toBe('first');
    expect(await register('a', 7)).toBe('again');
    expect(await register('a', 6)).toBe(undefined);
    const empty = { chains: [], instances: [], workloads: [], foreign: [] };
    await truth.hosts.heartbeat(
      { ...said(host, 'b', 2), type: 'heartbeat', generation: 4, ...empty },
      new Date(),
    );
    expect(await register('b', 1)).toBe('first');
    expect(await register('a', 8)).toBe(undefined);
    expect(await truth.hosts.find(host)).toMatchObject({ boot: 'b', heartbeatGeneration: 4, facts: FACTS });
  });

  test('names the hosts that are behind what they must be', async () => {
    const host = await enrol('uwt-behind');
    const now = new Date();
    expect(await truth.hosts.behind(now)).not.toContain(host);
    await truth.hosts.setDesired({ host, generation: 3, slices: [] }, now);
    expect(await truth.hosts.behind(now)).toContain(host);
    await truth.hosts.markDispatched(host, now);
    expect(await truth.hosts.behind(new Date(now.getTime() - 1))).not.toContain(host);
    await truth.hosts.report({ ...said(host, 'b', 1), type: 'applied', generation: 3, slices: [] });
    expect(await truth.hosts.behind(new Date(now.getTime() + 1))).not.toContain(host);
  });

  test('lets a service instance be in one operation at a time', async () => {
    const nsInstanceId = await instance();
    const at = new Date();
    const start = () =>
      truth.operations.create({
        id: randomUUID(),
        nsInstanceId,
        type: 'INSTANTIATE',
        state: 'PROCESSING',
        phase: 'planning',
        rollingBack: false,
        barrier: null,
        params: {},
        error: null,
        requestedBy: 'admin',
        stateEnteredAt: at,
        startedAt: at,
      });
    await start();
    await expect(start()).rejects.toMatchObject(TWICE);
  });

  /** A plan that puts the service instance on the host. */
  async function planned(service: string, host: string): Promise<void> {
    const slice = { ports: [], routes: [], instances: [], assertions: [], workloads: [] };
    await truth.instances.savePlan({
      id: randomUUID(),
      service,
      createdAt: new Date().toISOString(),
      graph: { name: 'uwt', version: '1.0.0' },
      placements: [],
      slices: { [host]: slice },
      decisions: [],
    });
  }

  test('keeps each step once, under its operation, of hosts that the service is planned on', async () => {
    const host = await enrol('uwt-steps');
    const [operation] = await truth.operations.list();
    const service = operation?.nsInstanceId ?? '';
    await planned(service, host);
    const stranger = await enrol('uwt-stranger');
    const forged = {
      generation: 1,
      service,
      name: 'forged',
      status: 'done',
      at: '2026-01-01T00:00:00.001Z',
    } as const;
    expect(await truth.operations.recordSteps(stranger, [forged])).toEqual([]);
    const event = {
      generation: 1,
      service,
      name: 'load x',
      status: 'done',
      at: '2026-01-01T00:00:00.001Z',
    } as const;
    expect(await truth.operations.recordSteps(host, [event])).toEqual([
      { operation: operation?.id, service, after: expect.stringMatching(/^\d+$/) },
    ]);
    expect(await truth.operations.recordSteps(host, [event])).toEqual([]);
    expect(await truth.operations.steps(operation?.id ?? '')).toEqual([
      expect.objectContaining({ name: 'load x', hostName: 'uwt-steps', error: null }),
    ]);
  });

  test('counts what a host mends on its own to no operation that is long done', async () => {
    const host = await enrol('uwt-drift');
    const [operation] = await truth.operations.list();
    const id = operation?.id ?? '';
    const service = operation?.nsInstanceId ?? '';
    await planned(service, host);
    const mended = { generation: 1, status: 'done', at: '2026-01-01T00:00:00.001Z' } as const;
    await truth.operations.update(id, { state: 'COMPLETED', stateEnteredAt: new Date() });
    expect(await truth.operations.recordSteps(host, [{ ...mended, service, name: 'late' }])).toHaveLength(1);
    await truth.operations.update(id, { stateEnteredAt: new Date(Date.now() - 61_000) });
    expect(
      await truth.operations.recordSteps(host, [
        { ...mended, service, name: 'drift', title: 'load guard', reason: 'its pin is gone' },
        { ...mended, service: 'no uuid', name: 'drift' },
      ]),
    ).toEqual([{ service, after: expect.any(String) }]);
    expect((await truth.operations.steps(id)).map(({ name }) => name)).not.toContain('drift');
    expect(await truth.operations.mendingSteps(service, '0')).toMatchObject([
      { name: 'drift', title: 'load guard', reason: 'its pin is gone', operationId: null },
    ]);
  });

  test('forgets what is old and nothing refers to, and keeps the rest', async () => {
    const entry = { actor: 'uwt', action: 'a', object: 'o', outcome: 'done', report: null };
    await truth.audit.add({ ...entry, at: days(91) });
    await truth.audit.add({ ...entry, at: days(89) });
    const service = await instance();
    const save = async (ago: number): Promise<string> => {
      const id = randomUUID();
      const createdAt = days(ago).toISOString();
      const graph = { name: 'g', version: '1' };
      await truth.instances.savePlan({
        id,
        service,
        createdAt,
        graph,
        placements: [],
        slices: {},
        decisions: [],
      });
      return id;
    };
    const [used, old, newest] = [await save(60), await save(50), await save(40)];
    await truth.instances.update(service, { planId: used });
    const [operation] = await truth.operations.list();
    const steps = (await truth.operations.steps(operation?.id ?? '')).length;

    await truth.retention.forget(new Date());
    expect((await truth.audit.list(10)).filter(({ actor }) => actor === 'uwt')).toHaveLength(1);
    expect(await truth.instances.plan(used)).not.toBeNull();
    expect(await truth.instances.plan(newest)).not.toBeNull();
    expect(await truth.instances.plan(old)).toBeNull();
    expect(await truth.operations.steps(operation?.id ?? '')).toHaveLength(steps);
    await truth.retention.forget(days(-31));
    expect(await truth.operations.steps(operation?.id ?? '')).toEqual([]);
  });

  test('lets an audit entry that was begun end once', async () => {
    const entry = { at: new Date(), actor: 'uwt', action: 'a', object: 'o', report: null };
    const id = await truth.audit.add({ ...entry, outcome: 'begun' });
    await truth.audit.end(id, { object: 'p', outcome: 'done', report: null });
    expect((await truth.audit.list(1))[0]).toMatchObject({ id, object: 'p', outcome: 'done' });
    await expect(truth.audit.end(id, { object: 'o', outcome: 'INTERNAL', report: null })).rejects.toThrow(
      /immutable/,
    );
  });

  test('tells what plans in force set aside on hosts, but for one service', async () => {
    const [host, service, other] = [randomUUID(), await instance(), await instance()];
    const cost = { cpus: 1, memoryBytes: 1, pinnedBytes: 0, instances: 0, share: 0.5 };
    const reserved = {
      hugepages: [{ pageBytes: 2_097_152, count: 4 }],
      devices: { gpu: 1 },
      bitsPerSecond: 5,
    };
    const id = randomUUID();
    await truth.instances.savePlan({
      id,
      service,
      createdAt: new Date().toISOString(),
      graph: { name: 'g', version: '1' },
      placements: [],
      slices: {},
      decisions: [],
      costs: {
        peakShare: 0.5,
        boundShare: 0.5,
        boundBy: 'sums',
        moved: 0,
        hosts: { [host]: { ...cost, reserved }, [randomUUID()]: cost },
      },
    });
    // Made, and not in force.
    expect(await truth.instances.reservations(other)).toEqual([]);
    await truth.instances.update(service, { planId: id });
    expect(await truth.instances.reservations(other)).toEqual([{ service, host, reserved }]);
    expect(await truth.instances.reservations(service)).toEqual([]);
    await truth.instances.update(service, { planId: null });
  });

  test('keeps a plan as it was made', async () => {
    const service = await instance();
    const id = randomUUID();
    const plan: Plan = {
      id,
      service,
      createdAt: new Date().toISOString(),
      graph: { name: 'g', version: '1' },
      placements: [],
      slices: {},
      decisions: [],
    };
    await truth.instances.savePlan(plan);
    expect(await truth.instances.plan(id)).toEqual(plan);
    await expect(truth.instances.savePlan(plan)).rejects.toMatchObject(TWICE);
  });

  test('tells a change when it is committed, and not before', async () => {
    const told: Change[] = [];
    const feed = await truth.follow(
      (change) => told.push(change),
      () => undefined,
    );
    await truth
      .transaction(async (records) => {
        await records.announce({ kind: 'host', host: 'rolled back' });
        throw new Error('undo');
      })
      .catch(() => undefined);
    await truth.transaction((records) => records.announce({ kind: 'host', host: 'kept' }));
    await waitFor('the change to be told', () => told.length > 0);
    expect(told).toEqual([{ kind: 'host', host: 'kept' }]);
    await feed.close();
  });
});
