import type { DesiredPort, DesiredRoute, ObservedPort, ObservedRoute, Uplink } from '@underware/core';
import { addressesOf, deviceMissing, findLink } from './link.js';
import { checkDevice } from './names.js';
import { createNamespace, deleteNamespace } from './namespace.js';
import { observePorts } from './observe.js';
import { createPort, deletePort } from './port.js';
import { speedOf } from './speed.js';
import { addRoute, deleteRoute, observeRoutes } from './route.js';

export interface ObservedNetwork {
  namespaces: string[];
  /** `up` is true for a port that is whole: both ends up, neighbours and ways out in place. */
  ports: ObservedPort[];
  routes: ObservedRoute[];
}

/**
 * The network of the host that this process runs on: the network namespace it is in. Every call is idempotent and
 * leaves alone what is not ours. Errors: DEVICE_MISSING, DEVICE_BUSY (a name taken by somebody else's device),
 * CAPABILITY_MISSING, PAYLOAD_INVALID, and NETWORK_FAILED with what `ip` said.
 */
export class HostNetwork {
  /** What of the host's network is ours, addresses and destinations in the kernel's own spelling. */
  async observe(): Promise<ObservedNetwork> {
    const [{ namespaces, ports }, routes] = await Promise.all([observePorts(), observeRoutes()]);
    return { namespaces, ports, routes };
  }

  /** Makes a VNF's namespace: `lo` up, every TCP and UDP port open to unprivileged processes. */
  async createNamespace(name: string): Promise<void> {
    await createNamespace(name);
  }

  /** Removes the namespace's name and the ports that lead into it; processes still inside keep an unwired rest. */
  async deleteNamespace(name: string): Promise<void> {
    await deleteNamespace(name);
  }

  /**
   * veth: makes the pair with addresses, neighbours, ways out and forwarding, and sets it up as the last thing; one
   * that differs is made anew. uplink: checks that the device is there and lets the host forward from it.
   */
  async createPort(port: DesiredPort): Promise<void> {
    await createPort(port, async () => (await observePorts()).ports);
  }

  /** Removes the pair; an uplink stays as it is. */
  async deletePort(port: Pick<DesiredPort, 'kind' | 'device'>): Promise<void> {
    await deletePort(port);
  }

  /** Adds or redirects a route; by a next hop, it also lets the host forward from the device that leads there. */
  async addRoute(route: DesiredRoute): Promise<void> {
    await addRoute(route);
  }

  async deleteRoute(route: DesiredRoute): Promise<void> {
    await deleteRoute(route);
  }

  /** The named devices as they are; DEVICE_MISSING for one that is not there. */
  async uplinks(devices: string[]): Promise<Uplink[]> {
    return Promise.all(
      devices.map(async (device) => {
        const attempt = { attempted: 'read uplink', on: checkDevice(device) };
        const link = await findLink(device, attempt);
        if (link === undefined) throw deviceMissing(device, attempt);
        const bitsPerSecond = await speedOf(link);
        return {
          device,
          mac: link.address ?? '',
          mtu: link.mtu,
          addresses: addressesOf(link),
          ...(bitsPerSecond === undefined ? {} : { bitsPerSecond }),
        };
      }),
    );
  }
}
