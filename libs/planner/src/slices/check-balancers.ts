import type { Underservice } from '@underware/core';
import { containsPrefix, parsePrefix } from '@underware/underservices';
import { impossible } from '../impossible.js';
import type { Layout } from './placed-service.js';

/** Refuses load balancers whose clients could not reach a backend, or would not hear it. */
export function checkBalancers({ graph, index }: Pick<Layout, 'graph' | 'index'>): void {
  for (const balancer of graph.underservices) {
    if (balancer.kind !== 'load-balancer') continue;
    for (const { port, directions } of balancer.bindings) {
      if (directions.length < 2) {
        throw impossible(
          `load-balancer ${balancer.name}`,
          `it is bound to ${port} ${directions.join()} alone: what goes to a backend must come back under the virtual address`,
          'Bind it to both directions.',
        );
      }
      checkReach(balancer, port, index);
    }
  }
}

function checkReach(balancer: Underservice, client: string, index: Layout['index']): void {
  const { name, model } = balancer;
  const { vnf = '', link = '' } = index.ports.get(client) ?? {};
  if (index.deliveredBy.has(link)) return checkSegment(balancer, client, index);
  const near = new Set((index.portsOfVnf.get(vnf) ?? []).map((port) => port.link));
  for (const backend of backendsOf(model)) {
    const there = index.ports.get(backend)?.link ?? '';
    if (near.has(there) && !index.deliveredBy.has(there)) continue;
    throw impossible(
      `load-balancer ${name}`,
      `its client ${client} is on ${link}, its backend ${backend} on ${there}: there is no way between them`,
      'Give them a routed link in common.',
    );
  }
}

/** On a segment, what a client sends to a virtual address meets the balancer on its way to a router, which then finds the backend. */
function checkSegment(
  { name, model }: Underservice,
  client: string,
  { ports, links, routerOf }: Layout['index'],
): void {
  const link = ports.get(client)?.link ?? '';
  const router = routerOf.get(client);
  const lost = backendsOf(model).find((backend) => router === undefined || routerOf.get(backend) !== router);
  if (lost !== undefined) {
    throw impossible(
      `load-balancer ${name}`,
      `its client ${client} is on ${link}, a segment, and no router serves both it and the backend ${lost}`,
      'Bind a router to both ports, or take the switch off the link.',
    );
  }
  const subnets = (links.get(link)?.subnets ?? []).flatMap((text) => parsePrefix(text) ?? []);
  for (const text of addressesOf(model)) {
    const address = parsePrefix(text);
    if (address === undefined || !subnets.some((subnet) => containsPrefix(subnet, address))) continue;
    throw impossible(
      `load-balancer ${name}`,
      `its address ${text} is in a subnet of ${link}, a segment: clients would look for it there, not by the router`,
      'Give it an address of no segment.',
    );
  }
}

function addressesOf({ addresses }: Record<string, unknown>): string[] {
  return Array.isArray(addresses) ? (addresses as string[]) : [];
}

function backendsOf({ backends }: Record<string, unknown>): string[] {
  return (Array.isArray(backends) ? (backends as { port: string }[]) : []).map(({ port }) => port);
}
