import type { Plan, ServiceTree } from '@underware/client';

const POSITION = { file: 'web.yaml', line: 1, column: 1 };
const HOP = { program: 'p', residency: 'dynamic', present: true } as const;

/** One VNF behind a probe and a firewall with one rule, as the API gives it. */
export const SERVICE_TREE: ServiceTree = {
  id: '11111111-1111-4111-8111-111111111111',
  name: 'demo',
  description: '',
  nsState: 'INSTANTIATED',
  nsdId: '22222222-2222-4222-8222-222222222222',
  inputs: {},
  graph: {
    name: 'web',
    version: '1.0.0',
    description: '',
    vnfs: [],
    ports: [{ name: 'web_port', vnf: 'web', link: 'net', addresses: [], position: POSITION }],
    links: [],
    underservices: [
      {
        name: 'guard',
        kind: 'firewall',
        bindings: [{ port: 'web_port', directions: ['inbound'] }],
        model: {
          default: 'deny',
          rules: [{ name: 'site', from: '10.60.0.2', protocol: 'tcp', ports: '8080', action: 'allow' }],
        },
        residency: 'auto',
        position: POSITION,
      },
    ],
    assertions: [],
    startsAfter: {},
  },
  placements: [{ vnf: 'web', host: 'x', hostName: 'h2', runtime: 'container', reason: 'least used' }],
  chains: [
    {
      host: 'x',
      hostName: 'h2',
      port: 'web_port',
      device: 'uw1',
      hook: 'tcx/egress',
      direction: 'inbound',
      hops: [
        {
          ...HOP,
          key: 'a-1',
          underservice: 'meter',
          plugin: 'probe@0.1.0',
          order: 200,
          verdicts: { pass: { packets: 12, bytes: 1200 } },
          maps: {},
        },
        {
          ...HOP,
          key: 'b-1',
          underservice: 'guard',
          plugin: 'firewall@0.1.0',
          order: 300,
          verdicts: { pass: { packets: 10, bytes: 1000 }, drop: { packets: 2, bytes: 120 } },
          countsSince: '2026-01-01T04:12:33.123Z',
          maps: {
            counters: [
              { key: 0, value: { packets: 2, bytes: 120 } },
              { key: 1, value: { packets: 0, bytes: 0 } },
            ],
            rule_counters: [{ key: 0, value: { packets: 10, bytes: 1000 } }],
          },
        },
      ],
    },
  ],
  workloads: [
    {
      vnf: 'web',
      host: 'x',
      hostName: 'h2',
      runtime: 'container',
      addresses: ['10.60.0.10/32'],
      state: 'running',
      health: 'healthy',
    },
  ],
};

export const SERVICE_PLAN: Plan = {
  id: '33333333-3333-4333-8333-333333333333',
  service: SERVICE_TREE.id,
  createdAt: '2026-01-01T00:00:00.000Z',
  graph: { name: 'web', version: '1.0.0' },
  placements: [],
  slices: {},
  decisions: [],
  hostNames: {},
};
