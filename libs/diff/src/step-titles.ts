import { directionOf } from '@underware/core';
import type { Action, ChainNode, DesiredInstance, DesiredPort, Hook, HostState } from '@underware/core';

/**
 * What steps do in the words of descriptors: the names of ports, underservices and VNFs, where actions have devices and keys.
 * What neither of the states names keeps its key.
 */
export class StepTitles {
  readonly #instances = new Map<string, DesiredInstance>();
  readonly #ports = new Map<string, DesiredPort>();
  readonly #vnfs = new Map<string, string>();
  readonly #namespaces = new Map<string, string>();

  constructor(desired: HostState, previous: HostState | undefined) {
    // What is to be says it where both name it.
    for (const state of [previous, desired]) {
      if (!state) continue;
      for (const instance of state.held ?? []) this.#instances.set(instance.key, instance);
      for (const { slice } of state.slices) {
        for (const instance of slice.instances) this.#instances.set(instance.key, instance);
        for (const port of slice.ports) this.#ports.set(port.device, port);
        for (const { key, vnf, namespace } of slice.workloads) {
          this.#vnfs.set(key, vnf);
          this.#namespaces.set(namespace, vnf);
        }
      }
    }
  }

  of(action: Action): string {
    switch (action.kind) {
      case 'create-namespace':
        return `make the network of VNF ${this.#ownerOf(action.namespace)}`;
      case 'delete-namespace':
        return `remove the network of VNF ${this.#ownerOf(action.namespace)}`;
      case 'create-port':
        return `make port ${this.#portName(action.port)}`;
      case 'delete-port':
        return `remove port ${this.#portName(action.port)}`;
      case 'add-route':
        return `route ${action.route.destination} ${this.#wayOf(action.route.via)}`;
      case 'delete-route':
        return `remove the route ${action.route.destination} ${this.#wayOf(action.route.via)}`;
      case 'load-instance':
        return `load ${fullName(action.instance)} on ${this.#placeOf(action.instance)}`;
      case 'unload-instance':
        return `unload ${this.#described(action.key)}`;
      case 'empty-instance':
        return `empty the maps of ${this.#described(action.key)}`;
      case 'attach-root':
        return `attach the chain of ${this.#placeAt(action.device, action.hook)}`;
      case 'detach-root':
        return `detach the chain of ${this.#placeAt(action.device, action.hook)}`;
      case 'set-next':
        return this.#linkTitle(action.node, action.next);
      case 'check-assertion': {
        const { name, hook } = action.assertion;
        return `check assertion ${name} on ${this.#placeAt(action.device, hook)}`;
      }
      case 'start-workload':
        return `start VNF ${action.workload.vnf}`;
      case 'check-health':
        return `check the health of VNF ${action.workload.vnf}`;
      case 'stop-workload':
        return `stop VNF ${this.#vnfs.get(action.workload.key) ?? action.workload.key}`;
    }
  }

  #linkTitle(node: ChainNode, next: string | null): string {
    if (node.kind === 'root') {
      const place = this.#placeAt(node.device, node.hook);
      return next === null ? `empty the chain of ${place}` : `put ${this.#shortName(next)} first on ${place}`;
    }
    const instance = this.#instances.get(node.key);
    const place = instance ? ` on ${this.#placeOf(instance)}` : '';
    const after = this.#shortName(node.key);
    return next === null
      ? `end the chain after ${after}${place}`
      : `put ${this.#shortName(next)} after ${after}${place}`;
  }

  #described(key: string): string {
    const instance = this.#instances.get(key);
    return instance ? `${fullName(instance)} on ${this.#placeOf(instance)}` : `instance ${key}`;
  }

  #shortName(key: string): string {
    return this.#instances.get(key)?.underservice ?? key;
  }

  #placeOf({ port: key, hook }: DesiredInstance): string {
    const port = [...this.#ports.values()].find((each) => each.key === key);
    const kind = port?.kind ?? (key.startsWith('uplink/') ? 'uplink' : 'veth');
    return `${afterSlash(key)} ${directionOf(kind, hook)}`;
  }

  #placeAt(device: string, hook: Hook): string {
    const port = this.#ports.get(device);
    return port ? `${nameOf(port)} ${directionOf(port.kind, hook)}` : `${device} ${hook}`;
  }

  /** Of one that was only seen, its device may be known. */
  #portName(port: DesiredPort): string {
    return nameOf(this.#ports.get(port.device) ?? port);
  }

  #ownerOf(namespace: string): string {
    return this.#namespaces.get(namespace) ?? namespace;
  }

  #wayOf(via: { device: string } | { nextHop: string }): string {
    if ('nextHop' in via) return `by host ${via.nextHop}`;
    const port = this.#ports.get(via.device);
    return `to ${port ? `port ${nameOf(port)}` : via.device}`;
  }
}

/** `guard firewall@0.2.0` */
function fullName({ underservice, plugin }: DesiredInstance): string {
  return `${underservice} ${plugin.name}@${plugin.version}`;
}

function nameOf(port: DesiredPort): string {
  return afterSlash(port.key);
}

function afterSlash(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
