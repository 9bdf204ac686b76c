import type { Decision, HostSlice } from '@underware/core';
import { compareText } from '../stable-names.js';
import type { PlacedVnf } from '../placement/place.js';
import { addressesFor } from './addresses-for.js';
import { buildAssertions } from './build-assertions.js';
import { buildInstance, compareInstances } from './build-instance.js';
import { buildPorts, buildRoutes } from './build-ports.js';
import { buildWorkload } from './build-workload.js';
import { layoutOf } from './placed-service.js';
import type { Layout, PlacedService } from './placed-service.js';

export interface BuiltSlice {
  slice: HostSlice;
  /** In the order of VNFs, then of what they bring along. */
  decisions: Decision[];
}

/** What every host with a part of the service must become, by host id in order; or only some of the hosts. */
export function buildSlices(
  plan: PlacedService,
  wanted: (hostId: string) => boolean = () => true,
): Map<string, BuiltSlice> {
  const layout = layoutOf(plan);
  const addresses = addressesFor(layout);
  const hostIds = [...layout.vnfsOn.keys()].filter(wanted).sort(compareText);
  return new Map(hostIds.map((id) => [id, buildSlice(layout, layout.vnfsOn.get(id) ?? [], addresses)]));
}

function buildSlice(
  layout: Layout,
  here: readonly PlacedVnf[],
  addresses: (underservice: string) => ReadonlyMap<string, readonly string[]>,
): BuiltSlice {
  const built = here.flatMap((one) =>
    one.attachments.map((attachment) =>
      buildInstance(layout, one, attachment, addresses(attachment.underservice)),
    ),
  );
  const [first] = here;
  return {
    slice: {
      ports: here.flatMap((one) => buildPorts(layout, one)).sort((a, b) => compareText(a.key, b.key)),
      routes: first === undefined ? [] : buildRoutes(layout, first.host, here),
      instances: built.map(({ instance }) => instance).sort(compareInstances),
      assertions: buildAssertions(layout, here),
      workloads: here.map((one) => buildWorkload(layout, one, here)),
    },
    decisions: built.flatMap(({ decisions }) => decisions),
  };
}
