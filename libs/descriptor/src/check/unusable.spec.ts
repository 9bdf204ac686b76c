import { describe, expect, it } from '@jest/globals';
import { compile } from '../compile.js';

/** Codes of a service with one link and one port, each with its column on line 7 or 8. */
function found(link: string, port = ''): string[] {
  const text = `tosca_definitions_version: tosca_2_0
metadata: { template_name: test, template_version: 1.0.0 }
service_template:
  node_templates:
    web: { type: underware.nodes.Process, properties: { command: [x] } }
    guard: { type: underware.nodes.Firewall, requirements: [{ port: p }] }
    net: { type: underware.nodes.Link, properties: { ${link} } }
    p: { type: underware.nodes.Port, ${port} requirements: [{ binding: web }, { link: net }] }
`;
  return compile({ file: 's.yaml', text }).findings.map(
    ({ code, severity, line, column }) => `${severity} ${code} ${line}:${column}`,
  );
}

describe('a subnet', () => {
  it.each([
    '127.0.0.0/24',
    '224.0.0.0/24',
    '239.1.2.0/24',
    '169.254.1.0/30',
    '0.0.0.0/0',
    '0.0.0.0/1',
    '0.0.0.0/8',
    '240.0.0.0/24',
    '255.255.255.255/32',
    '96.0.0.0/3',
    '"::/0"',
    '"::/64"',
    '"::1/128"',
    '"fe80::/64"',
    '"ff00::/8"',
    '"ff02::/64"',
    '"::ffff:10.0.0.0/120"',
  ])('can not be %s', (subnet) => {
    expect(found(`subnets: [${subnet}]`)).toContain('error ADDRESS_UNUSABLE 7:64');
  });

  it.each([
    '10.64.0.0/24',
    '192.0.2.0/24',
    '198.18.0.0/15',
    '100.64.0.0/10',
    '223.255.255.0/24',
    '"fd00::/64"',
    '"2001:db8::/64"',
  ])('can be %s', (subnet) => {
    expect(found(`subnets: [${subnet}]`)).toEqual([]);
  });

  it.each(['10.64.0.77/24', '"fd00::1/64"'])('that is an address is told: %s', (subnet) => {
    expect(found(`subnets: [${subnet}]`)).toEqual(['warning SUBNET_HOST_BITS 7:64']);
  });
});

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '169.254.1.1',
    '"::1"',
    '"fe80::1"',
    '"ff02::1"',
    '"::ffff:10.0.0.1"',
  ])('can not be %s', (address) => {
    const codes = found('subnets: [10.64.0.0/24]', `properties: { addresses: [${address}] },`);
    expect(codes).toContain('error ADDRESS_UNUSABLE 8:64');
  });

  it('of a router can not be of loopback either', () => {
    const text = `tosca_definitions_version: tosca_2_0
service_template:
  node_templates:
    web: { type: underware.nodes.Process, properties: { command: [x] } }
    net: { type: underware.nodes.Link, properties: { subnets: [10.64.0.0/24] } }
    p: { type: underware.nodes.Port, requirements: [{ binding: web }, { link: net }] }
    r: { type: underware.nodes.Router, properties: { addresses: [127.0.0.1] }, requirements: [{ port: p }] }
`;
    expect(compile({ file: 's.yaml', text }).findings.map(({ code, line }) => `${code} ${line}`)).toContain(
      'ADDRESS_UNUSABLE 7',
    );
  });
});
