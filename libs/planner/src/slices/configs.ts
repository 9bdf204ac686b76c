import type { CatalogPlugin, InstanceConfig, Underservice } from '@underware/core';
import { compileUnderservice, UNDERSERVICE_KINDS } from '@underware/underservices';
import type { Attachment } from '../placement/host-fit.js';
import { revisionOf } from '../stable-names.js';
import { addressesFor } from './addresses-for.js';
import type { Layout } from './placed-service.js';

export interface CompiledConfig {
  config: InstanceConfig;
  revision: string;
}

/** Configs of plugin instances, each compiled once where ports share it: for the time of one planning. */
export class Configs {
  private readonly known = new Map<string, CompiledConfig>();
  private readonly addresses: ReturnType<typeof addressesFor>;

  constructor(layout: Layout) {
    this.addresses = addressesFor(layout);
  }

  of(
    { underservice, kind, port, direction, hook }: Attachment,
    { model }: Pick<Underservice, 'model'>,
    { digest }: Pick<CatalogPlugin, 'digest'>,
    program: string,
  ): CompiledConfig {
    const shared = UNDERSERVICE_KINDS.get(kind)?.sameOnAllPorts === true;
    const key = [underservice, direction, digest, program, ...(shared ? [] : [port])].join(' ');
    let compiled = this.known.get(key);
    if (compiled === undefined) {
      const addresses = this.addresses(underservice);
      const config = compileUnderservice(kind, model, { port, direction, hook, addresses });
      compiled = { config, revision: revisionOf({ digest, program, config }) };
      this.known.set(key, compiled);
    }
    return compiled;
  }
}
