import type { DesiredWorkload } from '@underware/core';
import { impossible } from '../impossible.js';
import { runtimeOn } from '../placement/host-fit.js';
import type { PlacedVnf } from '../placement/place.js';
import { namespaceName, revisionOf, workloadKey } from '../stable-names.js';
import type { Layout } from './placed-service.js';

/** One VNF as its host runs it; what must be healthy first can only be on the same host. */
export function buildWorkload(
  { service, graph }: Layout,
  { vnf, host }: PlacedVnf,
  here: readonly PlacedVnf[],
): DesiredWorkload {
  const before = new Set(Object.hasOwn(graph.startsAfter, vnf.name) ? graph.startsAfter[vnf.name] : []);
  const runtime = runtimeOn(vnf, host);
  if (runtime === undefined)
    throw impossible(`vnf ${vnf.name}`, `${host.name} has no runtime for it`, 'Add one.');
  const content = {
    vnf: vnf.name,
    runtime,
    ...(runtime === 'container' && vnf.image !== undefined ? { image: vnf.image } : {}),
    command: vnf.command,
    environment: vnf.environment,
    cpus: vnf.cpus,
    memoryBytes: vnf.memoryBytes,
    namespace: namespaceName(service, vnf.name),
    ...(vnf.healthCheck === undefined ? {} : { healthCheck: vnf.healthCheck }),
    after: here
      .filter((other) => before.has(other.vnf.name))
      .map((other) => workloadKey(service, other.vnf.name)),
  };
  return { key: workloadKey(service, vnf.name), revision: revisionOf(content), ...content };
}
