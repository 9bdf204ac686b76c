import { RUNTIMES } from '@underware/core';
import type { CatalogPlugin } from '@underware/core';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostWith, NEW_KERNEL, OLD_KERNEL } from '../kernel.spec-support.js';
import { runCli } from '../run.spec-support.js';

const PROBE = 'examples/single-probe.yaml';
let directory: string;
let inventory: string;

function plugin(kind: string): CatalogPlugin {
  const program = { helpers: ['tail_call'], kfuncs: [] };
  return {
    digest: `sha256:${kind.padEnd(64, '0')}`,
    keyId: '',
    manifest: {
      name: kind,
      version: '0.1.0',
      summary: '',
      license: '',
      implements: kind,
      order: 'observe',
      programs: [
        { name: 'x', hook: 'xdp' },
        { name: 't', hook: 'tcx' },
      ],
      maps: {},
    },
    requirements: {
      programs: {
        x: { ...program, type: 'xdp', attach: 'xdp' },
        t: { ...program, type: 'sched_cls', attach: 'tcx' },
      },
      mapTypes: ['prog_array'],
      coRe: [],
      kernelBtf: false,
    },
  };
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-plan-'));
  inventory = join(directory, 'inventory.json');
  const hosts = [
    hostWith(OLD_KERNEL, 'h1'),
    ...Array.from({ length: 40 }, (_, i) => hostWith(NEW_KERNEL, `host${i}`)),
  ];
  await writeFile(
    inventory,
    JSON.stringify({ inventory: { hosts }, catalog: { plugins: [plugin('probe'), plugin('firewall')] } }),
  );
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const plan = (...argv: string[]) => runCli(['plan', PROBE, '--inventory', inventory, ...argv]);

const rejected = (out: string): number => [...out.matchAll(/^ {2}- vnf web: not host/gm)].length;

describe('plan without an orchestrator', () => {
  it('says of each host what is chained, loaded and started there, what that costs, and why', async () => {
    const { code, out } = await plan();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^host host0\n( {2}.*\n)* {2}load {6}meter on web_port tcx\/egress, meter on web_port xdp\n {2}start {5}web\n {2}cost .*% used\n/m,
    );
    expect(out).toContain('lacks the tcx/egress hook for program t');
  });

  it('gives the same as data', async () => {
    const made = JSON.parse((await plan('--json')).out) as {
      placements: { host: string }[];
      hostNames: Record<string, string>;
    };
    expect(made).toMatchObject({
      hosts: [{ host: 'id-host0', placed: ['web'], reused: [], started: ['web'] }],
      costs: { hosts: { 'id-host0': { instances: 2 } } },
    });
    expect(made.hostNames[made.placements[0]?.host ?? '']).toBe('host0');
  });

  it('explains every host that was not taken, and proves how good the plan is', async () => {
    const { code, out } = await plan('--explain');
    expect(code).toBe(0);
    expect(rejected(out)).toBe(39);
    expect(rejected((await plan()).out)).toBeLessThan(39);
    expect(out).toMatch(/^fullest host .* used; (no placement has less|the bound is )/m);
  });

  it('draws the service graph for Graphviz', async () => {
    const { code, out } = await plan('--graph');
    expect(code).toBe(0);
    expect(out).toMatch(/^digraph "single-probe 1\.0\.0" \{\n[\s\S]*subgraph "cluster host0"[\s\S]*\}\n$/);
    expect((await plan('--graph', '--json')).code).toBe(2);
    expect((await runCli(['plan', '--help'])).out).toContain('Graphviz');
  });

  it('takes what a descriptor imports', async () => {
    const whole = join(directory, 'whole.yaml');
    await writeFile(join(directory, 'types.yaml'), TYPES);
    await writeFile(whole, IMPORTING);
    const { code, out, err } = await runCli(['plan', whole, '--inventory', inventory]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('workload  app  process');
  });

  const planOnly = readdirSync('examples').flatMap((name) => {
    if (!name.endsWith('.yaml')) return [];
    const why = /^ +underware\.plan_only: true +# (.*)$/m.exec(readFileSync(`examples/${name}`, 'utf8'))?.[1];
    return why === undefined ? [] : [{ name, why }];
  });
  it.each(planOnly)(
    'plans $name where hosts are what it asks for, or says what else is wanting: $why',
    async ({ name, why }) => {
      const saved = join(directory, 'wanted.json');
      const catalog = { plugins: [plugin('probe'), plugin('firewall')] };
      await writeFile(saved, JSON.stringify({ inventory: WANTED, catalog }));
      const { code, out, err } = await runCli(['plan', `examples/${name}`, '--inventory', saved]);
      const kinds = /^(.*) (?:has|have) no plugin yet$/.exec(why)?.[1]?.split(/, | and /) ?? [];
      const lacking = kinds.filter((kind) => err.includes(`cannot get a ${kind}: no plugin of the catalog`));
      expect([code, lacking.length > 0]).toEqual(kinds.length === 0 ? [0, false] : [1, true]);
      expect(out.includes('  chain ')).toBe(kinds.length === 0);
    },
  );

  it.each([
    ['hosts: [{}]', { inventory: { hosts: [{}] }, catalog: { plugins: [] } }, 'inventory.hosts.0.id'],
    ['hosts: [null]', { inventory: { hosts: [null] }, catalog: { plugins: [] } }, 'inventory.hosts.0'],
    ['plugins: [null]', { inventory: { hosts: [] }, catalog: { plugins: [null] } }, 'catalog.plugins.0'],
    [
      'a host without facts',
      { inventory: { hosts: [{ id: 'a', name: 'a', labels: {}, ready: true }] }, catalog: { plugins: [] } },
      'inventory.hosts.0.facts',
    ],
    ['a list', [], 'expected object'],
  ])('refuses a saved inventory with %s, by its place', async (_case, content, place) => {
    const half = join(directory, 'half.json');
    await writeFile(half, JSON.stringify(content));
    const { code, err } = await runCli(['plan', PROBE, '--inventory', half]);
    expect(code).toBe(1);
    expect(err).toContain('INPUT_INVALID');
    expect(err).toContain(`prints: ${place.startsWith('expected') ? 'Invalid input: ' : ''}${place}`);
  });

  it('refuses a descriptor with findings, by its own name', async () => {
    const broken = join(directory, 'broken.yaml');
    await writeFile(broken, IMPORTING.replace('types.yaml', 'absent.yaml'));
    const { code, err } = await runCli(['plan', broken, '--inventory', inventory]);
    expect(code).toBe(1);
    expect(err).toMatch(/DESCRIPTOR_INVALID[\s\S]*broken\.yaml:\d+:\d+/);
  });
});

/** Hosts in all zones of the examples, with all that there can be. */
const ZONES = ['east', 'west', 'north', 'south'];
const WANTED = {
  hosts: ZONES.map((zone, i) => {
    const host = hostWith(NEW_KERNEL, zone.padEnd(8 + i, '0'), { zone, labels: { disk: 'nvme' } });
    const runtimes = RUNTIMES.map((runtime) => ({ runtime, description: '' }));
    const hugepages = [{ pageBytes: 2 ** 21, count: 4096 }];
    const uplinks = host.facts.uplinks.map((uplink) => ({ ...uplink, bitsPerSecond: 1e10 }));
    const facts = { ...host.facts, cpus: 64, memoryBytes: 2 ** 37, runtimes, hugepages, uplinks };
    return { ...host, facts };
  }),
  latencies: ZONES.flatMap((from) =>
    ZONES.map((to) => ({ scope: 'zone', between: [from, to], milliseconds: 1 })),
  ),
};

const TYPES = `tosca_definitions_version: tosca_2_0
node_types:
  App:
    derived_from: underware.nodes.Process
    properties:
      command: { type: list, entry_schema: string, default: [/bin/true] }
`;
const IMPORTING = `tosca_definitions_version: tosca_2_0
metadata: { template_name: whole, template_version: 1.0.0 }
imports:
  - types.yaml
service_template:
  node_templates:
    app:
      type: App
`;
