import { Holdings } from '../residency/holdings.js';
import { compareText } from '../stable-names.js';
import type { PlacedVnf } from '../placement/place.js';
import { checkBalancers } from './check-balancers.js';
import { chainPositions, uplinkPosition } from './chain-positions.js';
import { uplinksFor } from './segments.js';
import { buildAssertions } from './build-assertions.js';
import { buildInstance, compareInstances } from './build-instance.js';
import { buildPorts, buildRoutes } from './build-ports.js';
import { buildWorkload } from './build-workload.js';
import { Configs } from './configs.js';
import type { BuiltSlice, ReadySlice } from './reuse.js';
import { layoutOf } from './placed-service.js';
import type { Layout, PlacedService } from './placed-service.js';

/** What every host with a part of the service must become, by host id in order; what is `ready` is taken as it is. */
export function buildSlices(
  plan: PlacedService,
  ready: ReadonlyMap<string, ReadySlice> = new Map(),
): Map<string, BuiltSlice> {
  const layout = layoutOf(plan);
  checkBalancers(layout);
  const configs = new Configs(layout);
  const holdings = new Holdings();
  const hostIds = [...layout.vnfsOn.keys()].sort(compareText);
  return new Map(
    hostIds.map((id) => {
      const here = layout.vnfsOn.get(id) ?? [];
      const known = ready.get(id);
      if (known === undefined) return [id, buildSlice(layout, here, configs, holdings)];
      if (known.routesHold) return [id, known];
      return [id, { ...known, slice: { ...known.slice, routes: buildRoutes(layout, here) } }];
    }),
  );
}

function buildSlice(
  layout: Layout,
  here: readonly PlacedVnf[],
  configs: Configs,
  holdings: Holdings,
): BuiltSlice {
  const built = here.flatMap((one) => {
    const { positions, decisions } = chainPositions(layout, one);
    const instances = one.attachments.map((attachment) =>
      buildInstance(layout, one, attachment, positions.of(attachment), configs, holdings),
    );
    return [
      {
        instances: instances.map(({ instance }) => instance),
        decisions: [...instances.flatMap((each) => each.decisions), ...decisions],
      },
    ];
  });
  const uplinks = uplinksFor(layout, here);
  const host = here[0]?.host;
  if (host !== undefined) {
    const tunnels = uplinks.attachments.map((attachment) =>
      buildInstance(
        layout,
        { host },
        attachment,
        uplinkPosition(layout, attachment, host),
        configs,
        holdings,
      ),
    );
    built.push({
      instances: tunnels.map(({ instance }) => instance),
      decisions: tunnels.flatMap((each) => each.decisions),
    });
  }
  return {
    slice: {
      ports: [...here.flatMap((one) => buildPorts(layout, one)), ...uplinks.ports].sort((a, b) =>
        compareText(a.key, b.key),
      ),
      routes: buildRoutes(layout, here),
      instances: built.flatMap(({ instances }) => instances).sort(compareInstances),
      assertions: buildAssertions(layout, here),
      workloads: here.map((one) => buildWorkload(layout, one, here)),
    },
    decisions: built.flatMap(({ decisions }) => decisions),
  };
}
