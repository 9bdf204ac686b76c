import { macAddress } from '../stable-names.js';

/** MAC addresses by the name of service and port, from the locally administered ones; never one that another service has. */
export class MacPool {
  readonly #taken: ReadonlySet<string>;

  constructor(
    private readonly service: string,
    taken: Iterable<string> = [],
  ) {
    this.#taken = new Set(taken);
  }

  of(port: string, side: 'host' | 'vnf'): string {
    for (let attempt = 0; ; attempt++) {
      const mac = macAddress(this.service, attempt === 0 ? port : `${port} ${attempt}`, side);
      if (!this.#taken.has(mac)) return mac;
    }
  }
}
