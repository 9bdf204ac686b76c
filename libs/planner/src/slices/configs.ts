import type { CatalogPlugin, InstanceConfig, InventoryHost, Underservice } from '@underware/core';
import { compileUnderservice, UNDERSERVICE_KINDS } from '@underware/underservices';
import type { Attachment } from '../placement/host-fit.js';
import { revisionOf } from '../stable-names.js';
import { addressesFor } from './addresses-for.js';
import type { Layout } from './placed-service.js';
import { segmentOf } from './segments.js';

export interface CompiledConfig {
  config: InstanceConfig;
  revision: string;
}

/** Configs of plugin instances, each compiled once where ports share it: for the time of one planning. */
export class Configs {
  private readonly compiled = new Map<string, CompiledConfig>();
  private readonly addresses: ReturnType<typeof addressesFor>;

  constructor(private readonly layout: Layout) {
    this.addresses = addressesFor(layout);
  }

  of(
    { underservice, kind, port, direction, hook, uplink }: Attachment,
    { model }: Pick<Underservice, 'model'>,
    { digest }: Pick<CatalogPlugin, 'digest'>,
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
      const segment = known?.delivers === true ? segmentOf(this.layout, port, host) : undefined;
      const binding = { port, direction, hook, addresses, ...(segment === undefined ? {} : { segment }) };
      const config = compileUnderservice(kind, model, binding);
      compiled = { config, revision: revisionOf({ digest, program, config }) };
      this.compiled.set(key, compiled);
    }
    return compiled;
  }
}
