import type { InventoryHost } from '@underware/core';
import type { RoutedNetwork } from '@underware/underservices';
import type { Router } from '../graph-index.js';
import { impossible } from '../impossible.js';
import type { Layout } from './placed-service.js';
import { leavesByHost, routerMac, waysOut } from './routers.js';
import { segmentOf } from './segments.js';

/** What the router is on a host: every segment that it has ports on, with all of their stations. */
export function networkOf(layout: Layout, router: Router, host: InventoryHost): RoutedNetwork {
  const { index } = layout;
  const segments = router.links.map((link) => {
    const bridge = index.deliveredBy.get(link);
    if (bridge === undefined)
      throw impossible(
        `router ${router.underservice.name}`,
        `link ${link} has no switch, and a router goes between switched segments`,
        'Bind a switch to the ports of the link.',
      );
    return {
      ...segmentOf(layout, link, host),
      subnets: index.links.get(link)?.subnets ?? [],
      antiSpoofing: bridge.model['anti_spoofing'] !== false,
      isolated: bridge.model['isolated'] === true,
    };
  });
  const uplinks = waysOut(layout, host).map(({ device }) => device);
  return { mac: routerMac(layout, router), segments, ...(leavesByHost(router) ? { uplinks } : {}) };
}
