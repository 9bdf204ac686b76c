import { expect, it } from '@jest/globals';
import type { ServiceGraph } from '@underware/core';
import { CATALOG, example, host, NOW, OPTIONS } from '../plan.spec-support.js';
import { plan } from '../plan.js';

const graph = example('load-balanced-web');
const planned = (changed: ServiceGraph) =>
  plan(changed, { hosts: [host('h1'), host('h2')] }, CATALOG, OPTIONS, NOW);
const [balancer] = graph.underservices;
if (balancer === undefined) throw new Error('the example has no balancer');

it('gives no port the virtual address', () => {
  const virtual = { ...balancer, model: { ...balancer.model, addresses: ['10.68.0.3'] } };
  const ports = Object.values(planned({ ...graph, underservices: [virtual] }).slices).flatMap(
    (slice) => slice.ports,
  );
  const addresses = ports.flatMap(({ peer }) => peer?.addresses ?? []);
  expect(addresses.filter((address) => !address.includes(':')).sort()).toEqual([
    '10.68.0.2/32',
    '10.68.0.4/32',
    '10.68.0.5/32',
  ]);
});

it('readies the ports of clients, and no others, for packets that are rewritten', () => {
  const ports = Object.values(planned(graph).slices).flatMap((slice) => slice.ports);
  expect(ports.filter(({ rewritten }) => rewritten).map(({ key }) => key)).toEqual(['s1/client_port']);
});

it('has the same config on every host, but for the direction', () => {
  const clients = ['client_port', 'weak_port', 'strong_port'].map((port) => ({
    port,
    directions: ['inbound' as const, 'outbound' as const],
  }));
  const instances = Object.values(
    planned({ ...graph, underservices: [{ ...balancer, bindings: clients }] }).slices,
  ).flatMap((slice) => slice.instances);
  expect(instances).toHaveLength(6);
  expect(new Set(instances.map(({ revision }) => revision)).size).toBe(2);
  expect(new Set(instances.map(({ config }) => JSON.stringify(config))).size).toBe(2);
});

it('refuses a binding of one direction', () => {
  const bindings = [{ port: 'client_port', directions: ['outbound' as const] }];
  expect(() => planned({ ...graph, underservices: [{ ...balancer, bindings }] })).toThrow(
    /load-balancer balancer.*bound to client_port outbound alone/,
  );
});

it('refuses a backend that clients have no way to', () => {
  const [net] = graph.links;
  if (net === undefined) throw new Error('the example has no link');
  const ports = graph.ports.map((port) => (port.name === 'weak_port' ? { ...port, link: 'other' } : port));
  const links = [net, { ...net, name: 'other', subnets: ['10.69.0.0/24', 'fd69::/64'] }];
  expect(() => planned({ ...graph, ports, links })).toThrow(
    /its client client_port is on net, its backend weak_port on other: there is no way between them/,
  );
});

const both = ['inbound' as const, 'outbound' as const];

it('takes clients on a segment where a router leads to the backends, and refuses what it would not find', () => {
  const bridge = {
    name: 'bridge',
    kind: 'switch',
    bindings: graph.ports.map(({ name }) => ({
      port: name,
      directions: ['inbound' as const, 'outbound' as const],
    })),
    model: {},
    residency: 'auto' as const,
    position: balancer.position,
  };
  const links = graph.links.map((link) => ({ ...link, mtu: 1400 }));
  const gateway = {
    ...bridge,
    name: 'gateway',
    kind: 'router',
    bindings: graph.ports.map(({ name }) => ({ port: name, directions: both })),
    model: { addresses: ['10.68.0.1', 'fd68::1'], routes: [], icmp_errors_per_second: 100 },
  };
  const segment = (...underservices: ServiceGraph['underservices']) =>
    planned({ ...graph, links, assertions: [], underservices: [bridge, ...underservices] });
  expect(() => segment(balancer)).toThrow(/no router serves both it and the backend strong_port/);
  expect(() => segment(balancer, gateway)).toThrow(
    /its address 10.68.0.100 is in a subnet of net, a segment/,
  );
  const elsewhere = { ...balancer, model: { ...balancer.model, addresses: ['10.99.0.100', 'fd99::100'] } };
  const onEgress = Object.values(segment(elsewhere, gateway).slices)
    .flatMap(({ instances }) => instances)
    .filter(({ underservice, hook }) => underservice === 'balancer' && hook === 'xdp/egress');
  expect(onEgress.map(({ port }) => port)).toEqual(['s1/client_port']);
});
