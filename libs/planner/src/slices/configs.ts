import {
  sharesWithService,
  type CatalogPlugin,
  type InstanceConfig,
  type InventoryHost,
  type Underservice,
} from '@underware/core';
import { compileUnderservice, counterNames, UNDERSERVICE_KINDS } from '@underware/underservices';
import type { RoutedNetwork } from '@underware/underservices';
import type { Router } from '../graph-index.js';
import type { Attachment } from '../placement/host-fit.js';
import { revisionOf, stateOwner } from '../stable-names.js';
import { addressesFor } from './addresses-for.js';
import type { Layout } from './placed-service.js';
import { networkOf } from './routed-network.js';
import { segmentOf } from './segments.js';

export interface CompiledConfig {
  config: InstanceConfig;
  revision: string;
  stateOwner?: string;
  names?: Record<string, string[]>;
}

/** Configs of plugin instances, each compiled once where ports share it: for the time of one planning. */
export class Configs {
  private readonly compiled = new Map<string, CompiledConfig>();
  private readonly addresses: ReturnType<typeof addressesFor>;

  private readonly networks = new Map<string, RoutedNetwork>();

  constructor(private readonly layout: Layout) {
    this.addresses = addressesFor(layout);
  }

  of(
    { underservice, port, direction, hook, uplink }: Attachment,
    { kind, model }: Pick<Underservice, 'kind' | 'model'>,
    { digest, manifest }: Pick<CatalogPlugin, 'digest' | 'manifest'>,
    program: string,
    host: InventoryHost,
  ): CompiledConfig {
    const known = UNDERSERVICE_KINDS.get(kind);
    const apart =
      known?.sameOnAllPorts === true ? [] : [port, hook, ...(uplink === undefined ? [] : [host.id])];
    const key = [underservice, direction, digest, program, ...apart].join(' ');
    let compiled = this.compiled.get(key);
    if (compiled === undefined) {
      const addresses = this.addresses(underservice);
      const { index } = this.layout;
      const router = known?.routes === true ? index.routerOf.get(port) : undefined;
      const binding = {
        port,
        direction,
        hook,
        addresses,
        ...(known?.delivers === true
          ? { segment: segmentOf(this.layout, index.ports.get(port)?.link ?? '', host) }
          : {}),
        ...(router === undefined ? {} : { network: this.network(router, host) }),
      };
      const config = compileUnderservice(kind, model, binding);
      // Bound to its service's maps from the moment it is loaded, it can be nobody else's.
      const owner = sharesWithService(manifest)
        ? { stateOwner: stateOwner(this.layout.service, underservice) }
        : {};
      const telemetry = Object.entries(manifest.maps).flatMap(([map, { role }]) =>
        role === 'telemetry' ? [map] : [],
      );
      const names = counterNames(kind, model, telemetry);
      const revision = revisionOf({ digest, program, config, ...owner });
      compiled = { config, revision, ...owner, ...(Object.keys(names).length > 0 ? { names } : {}) };
      this.compiled.set(key, compiled);
    }
    return compiled;
  }

  private network(router: Router, host: InventoryHost): RoutedNetwork {
    const key = `${router.underservice.name} ${host.id}`;
    let network = this.networks.get(key);
    if (network === undefined) this.networks.set(key, (network = networkOf(this.layout, router, host)));
    return network;
  }
}
