import { ORDER_CLASSES } from '@underware/core';
import type {
  Decision,
  DesiredInstance,
  DesiredPort,
  DesiredRoute,
  DesiredWorkload,
  Direction,
  HostSlice,
  OrderClass,
  Underservice,
} from '@underware/core';
import { compileUnderservice, formatAddress, formatPrefix } from '@underware/underservices';
import { buildAssertions } from './build-assertions.js';
import { choosePlugin, versionOf } from '../placement/choose-plugin.js';
import { runtimeOn } from '../placement/host-fit.js';
import type { Attachment } from '../placement/host-fit.js';
import { impossible } from '../impossible.js';
import type { PlacedVnf } from '../placement/place.js';
import type { PlacedService } from './placed-service.js';
import { nextHop } from '../placement/reach.js';
import {
  compareText,
  deviceName,
  instanceId,
  macAddress,
  namespaceName,
  portKey,
  revisionOf,
  workloadKey,
} from '../stable-names.js';

/** What every host with a part of the service must become, by host id in order. */
export function buildSlices(plan: PlacedService): {
  slices: Record<string, HostSlice>;
  decisions: Decision[];
} {
  const decisions: Decision[] = [];
  const hostIds = [...new Set(plan.placed.map(({ host }) => host.id))].sort(compareText);
  const slices = hostIds.map((id): [string, HostSlice] => {
    const here = plan.placed
      .filter(({ host }) => host.id === id)
      .toSorted((a, b) => compareText(a.vnf.name, b.vnf.name));
    return [
      id,
      {
        ports: here.flatMap((vnf) => buildPorts(plan, vnf)).sort((a, b) => compareText(a.key, b.key)),
        routes: buildRoutes(plan, id),
        instances: here
          .flatMap((vnf) =>
            vnf.attachments.map((attachment) => buildInstance(plan, vnf, attachment, decisions)),
          )
          .sort(compareInstances),
        assertions: buildAssertions(plan, new Set(here.map(({ vnf }) => vnf.name))),
        workloads: here.map((vnf) => buildWorkload(plan, vnf, here)),
      },
    ];
  });
  return { slices: Object.fromEntries(slices), decisions };
}

function buildPorts({ service, graph, addresses }: PlacedService, { vnf }: PlacedVnf): DesiredPort[] {
  return graph.ports
    .filter((port) => port.vnf === vnf.name)
    .toSorted((a, b) => compareText(a.name, b.name))
    .map((port, i) => ({
      key: portKey(service, port.name),
      kind: 'veth' as const,
      device: deviceName(service, port.name),
      peer: {
        namespace: namespaceName(service, vnf.name),
        device: `eth${i}`,
        mac: macAddress(service, port.name, 'vnf'),
        addresses: (addresses.get(port.name) ?? []).map(formatPrefix),
      },
      mac: macAddress(service, port.name, 'host'),
      mtu: graph.links.find(({ name }) => name === port.link)?.mtu ?? 1500,
    }));
}

/** To every port of the links that are present here: by its device, or by the uplink of the host that has it. */
function buildRoutes({ service, graph, placed, addresses }: PlacedService, hostId: string): DesiredRoute[] {
  const hosts = new Map(placed.map(({ vnf, host }) => [vnf.name, host]));
  const here = placed.find(({ host }) => host.id === hostId)?.host;
  const links = new Set(
    graph.ports.filter(({ vnf }) => hosts.get(vnf)?.id === hostId).map(({ link }) => link),
  );
  const routes: DesiredRoute[] = [];
  for (const port of graph.ports.filter(({ link }) => links.has(link))) {
    const there = hosts.get(port.vnf);
    if (here === undefined || there === undefined) continue;
    for (const address of addresses.get(port.name) ?? []) {
      const destination = formatPrefix(address);
      if (there.id === hostId) {
        routes.push({ destination, via: { device: deviceName(service, port.name) } });
        continue;
      }
      const hop = nextHop(here, there, address.family);
      if (hop === undefined) {
        throw impossible(
          `host ${here.name}`,
          `it shares no ${address.family} network with ${there.name}, which has port ${port.name}`,
          'Give uplinks of both hosts addresses on one network.',
        );
      }
      routes.push({ destination, via: { nextHop: hop } });
    }
  }
  return routes.sort((a, b) => compareText(a.destination, b.destination));
}

function buildInstance(
  { service, graph, catalog, addresses }: PlacedService,
  { host }: PlacedVnf,
  { underservice, kind, port, direction, hook }: Attachment,
  decisions: Decision[],
): DesiredInstance {
  const subject = `instance ${underservice} on ${port} ${direction}`;
  const { chosen, rejected } = choosePlugin(kind, hook, host, catalog);
  const source = graph.underservices.find(({ name }) => name === underservice);
  if (chosen === undefined || source === undefined) {
    throw impossible(subject, `no plugin implements ${kind} on ${host.name}`, 'Onboard a plugin for it.');
  }
  const { plugin, program } = chosen;
  const { digest, manifest } = plugin;
  const config = compileUnderservice(kind, source.model, {
    port,
    direction,
    hook,
    addresses: new Map([...addresses].map(([name, prefixes]) => [name, prefixes.map(formatAddress)])),
  });
  const order = orderOf(manifest.order, direction);
  const id = instanceId(service, underservice, port, direction);
  const revision = revisionOf({ digest, program, config });
  for (const { choice, reason } of rejected) decisions.push({ subject, outcome: 'rejected', choice, reason });
  decisions.push(
    {
      subject,
      outcome: 'chosen',
      choice: versionOf(plugin),
      reason: `${rejected.length === 0 ? 'the highest version' : 'the highest version that runs on its host'}; program ${program} on ${hook}, position ${order} (${manifest.order}${direction === 'outbound' ? ', counted from the inside out' : ''})`,
    },
    residencyDecision(subject, source),
  );
  return {
    key: `${id}-${revision}`,
    id,
    revision,
    underservice,
    plugin: { name: manifest.name, version: manifest.version, digest },
    program,
    port: portKey(service, port),
    hook,
    order,
    config,
    residency: source.residency === 'persistent' ? 'persistent' : 'dynamic',
  };
}

/** Order classes count on the way in; what leaves meets them the other way round. */
function orderOf(order: OrderClass, direction: Direction): number {
  return direction === 'inbound' ? ORDER_CLASSES[order] : 1000 - ORDER_CLASSES[order];
}

function residencyDecision(subject: string, { residency }: Underservice): Decision {
  return {
    subject: `residency of ${subject}`,
    outcome: 'chosen',
    choice: residency === 'persistent' ? 'persistent' : 'dynamic',
    reason:
      residency === 'auto'
        ? 'auto: no demand of other services is known, so it is loaded and unloaded with this one'
        : 'as written',
  };
}

function compareInstances(a: DesiredInstance, b: DesiredInstance): number {
  return (
    compareText(a.port, b.port) ||
    compareText(a.hook, b.hook) ||
    a.order - b.order ||
    compareText(a.key, b.key)
  );
}

function buildWorkload(
  { service, graph }: PlacedService,
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
