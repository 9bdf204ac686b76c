import { describe, expect, it } from '@jest/globals';
import { compile } from '../compile.js';

/** Nodes begin on line 20, policies two lines after the last of them. */
function found(nodes: string, policies: string): string[] {
  const text = `tosca_definitions_version: tosca_2_0
service_template:
  node_templates:
    a: &vnf { type: underware.nodes.Process, properties: { command: [x] } }
    b: *vnf
    c: *vnf
    left: { type: underware.nodes.Link, properties: { subnets: [10.1.0.0/24] } }
    right: { type: underware.nodes.Link, properties: { subnets: [10.2.0.0/24] } }
    pa: { type: underware.nodes.Port, properties: { addresses: [10.1.0.2] }, requirements: [{ binding: a }, { link: left }] }
    pb: { type: underware.nodes.Port, requirements: [{ binding: b }, { link: left }] }
    pb2: { type: underware.nodes.Port, requirements: [{ binding: b }, { link: right }] }
    pc: { type: underware.nodes.Port, requirements: [{ binding: c }, { link: right }] }
    steer:
      type: underware.nodes.Steering
      requirements:
        - port: pa
        - port: pb
        - port: pb2
        - port: pc
${nodes}
${policies === '' ? '' : `  policies:\n${policies}`}`;
  return compile({ file: 's.yaml', text }).findings.map(({ code, severity, line, column }) =>
    [code, `${line}:${column}`, severity === 'warning' ? severity : ''].join(' ').trim(),
  );
}

const path = (targets: string, more = '', name = 'p') =>
  `    - ${name}: { type: underware.policies.ForwardingPath, targets: [${targets}]${more} }`;
const policy = (name: string, type: string, targets: string, properties = '') =>
  `    - ${name}: { type: underware.policies.${type}, targets: [${targets}]${properties && `, properties: { ${properties} }`} }`;
const node = (type: string, properties: string) =>
  `    u: { type: underware.nodes.${type}, requirements: [{ port: pa }], properties: { ${properties} } }`;
const GUARD = '    guard: { type: underware.nodes.Firewall, requirements: [{ port: pb }] }';
const ROUTER =
  '    r: { type: underware.nodes.Router, properties: { addresses: [10.1.0.1] }, requirements: [{ port: pa }, { port: pc }] }';

describe('a forwarding path', () => {
  it.each<[string, string, string, string[]]>([
    ['over a link, through a VNF and over another', GUARD, path('pa, pb, guard, pb2, pc'), []],
    ['over a router', ROUTER, path('pa, r, pc'), []],
    ['between links', '', path('pa, pc'), ['POLICY_INVALID 22:67']],
    ['by an underservice that is elsewhere', GUARD, path('pb2, guard, pc'), ['POLICY_INVALID 22:68']],
    [
      'by no port',
      `${GUARD}\n${ROUTER}`,
      path('guard, r'),
      ['POLICY_INVALID 23:7', 'POLICY_INVALID 23:63', 'POLICY_INVALID 23:70'],
    ],
    [
      'of flows from one family to another',
      '',
      path('pa, pb', ', properties: { match: [{ source: 10.0.0.0/8, destination: "fd00::/8" }] }'),
      ['POLICY_INVALID 22:129'],
    ],
    [
      'of ports without a protocol',
      '',
      path('pa, pb', ', properties: { match: [{ destination_ports: 80-90 }] }'),
      ['POLICY_INVALID 22:115'],
    ],
    [
      'of the flows of another one',
      '',
      `${path('pa, pb')}\n${path('pa, pb', '', 'q')}`,
      ['POLICY_INVALID 23:7'],
    ],
  ])('%s', (_what, nodes, policies, expected) => {
    expect(found(nodes, policies)).toEqual(expected);
  });

  it('that nothing steers is told', () => {
    const text = `tosca_definitions_version: tosca_2_0
service_template:
  node_templates:
    a: { type: underware.nodes.Process, properties: { command: [x] } }
    net: { type: underware.nodes.Link, properties: { subnets: [10.1.0.0/24] } }
    p: { type: underware.nodes.Port, requirements: [{ binding: a }, { link: net }] }
    q: { type: underware.nodes.Port, requirements: [{ binding: a }, { link: net }] }
  policies:
${path('p, q')}`;
    expect(compile({ file: 's.yaml', text })).toMatchObject({
      findings: [{ code: 'POLICY_INVALID', severity: 'warning', line: 9 }],
      graph: { forwardingPaths: [{ hops: [{ name: 'p' }, { name: 'q' }] }] },
    });
  });
});

describe('placement that can not be', () => {
  it.each<[string, string[], string[]]>([
    ['apart and elsewhere', [policy('x', 'Affinity', 'a, b'), policy('y', 'AntiAffinity', 'a, c')], []],
    [
      'together and apart',
      [policy('x', 'Affinity', 'a, b'), policy('y', 'AntiAffinity', 'a, b')],
      ['POLICY_INVALID 23:7'],
    ],
    [
      'together by way of a third',
      [policy('x', 'Affinity', 'a, b'), policy('y', 'Affinity', 'b, c'), policy('z', 'AntiAffinity', 'a, c')],
      ['POLICY_INVALID 24:7'],
    ],
    [
      'on one host in two zones',
      [policy('x', 'Affinity', 'a, b'), policy('y', 'AntiAffinity', 'a, b', 'scope: zone')],
      ['POLICY_INVALID 23:7'],
    ],
    [
      'in one zone on two hosts',
      [policy('x', 'Affinity', 'a, b', 'scope: zone'), policy('y', 'AntiAffinity', 'a, b')],
      [],
    ],
    [
      'in zones of which none is left',
      [policy('x', 'Placement', 'a', 'zones: [n, s]'), policy('y', 'Placement', 'a, b', 'zones: [w]')],
      ['POLICY_INVALID 23:7'],
    ],
  ])('%s', (_what, policies, expected) => {
    expect(found('', policies.join('\n'))).toEqual(expected);
  });
});

describe('an underservice that does not fit its service', () => {
  it.each<[string, string, string[]]>([
    ['a gateway outside', node('Router', 'addresses: [10.2.0.1]'), ['ADDRESS_OUTSIDE 20:96']],
    ['a gateway that is a port', node('Router', 'addresses: [10.1.0.2]'), ['ADDRESS_DUPLICATE 20:96']],
    [
      'a next hop that is not there',
      node('Router', 'addresses: [10.1.0.1], routes: [{ prefix: 0.0.0.0/0, next_hops: [pcc] }]'),
      ['REFERENCE_UNKNOWN 20:149'],
    ],
    [
      'a reservation outside, and one twice',
      node(
        'Dhcp',
        "reservations: [{ mac: '02:00:00:00:00:01', address: 10.2.0.9 }, { mac: '02:00:00:00:00:02', address: 10.1.0.9 }, { mac: '02:00:00:00:00:03', address: 10.1.0.9 }]",
      ),
      ['ADDRESS_OUTSIDE 20:134', 'ADDRESS_DUPLICATE 20:232'],
    ],
    [
      'translations that can not be told apart, from nowhere, of ports without a protocol',
      node(
        'Nat',
        'rules: [{ name: x, kind: source, translate_to: 192.0.2.1 }, { name: x, kind: source, from: pz, ports: 80-81, translate_to: 192.0.2.1 }]',
      ),
      ['NAME_DUPLICATE 20:149', 'REFERENCE_UNKNOWN 20:172', 'RULE_INVALID 20:183'],
    ],
  ])('%s', (_what, nodes, expected) => {
    expect(found(nodes, '')).toEqual(expected);
  });

  it('a virtual address that a port has', () => {
    const balancer = node(
      'LoadBalancer',
      'addresses: [10.1.0.2], services: [{ name: x, protocol: tcp, port: 80 }]',
    );
    expect(found(balancer.replace('{ port: pa }', '{ port: pa }, { backend: pb }'), '')).toEqual([
      'ADDRESS_DUPLICATE 20:119',
    ]);
  });
});
