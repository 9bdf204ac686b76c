import type { Action, ChainNode, NextHop, ObservedPort, ObservedState, DesiredPort } from '@underware/core';

/**
 * What an action makes of an observed state when it succeeds. The diff of one service starts from what the services
 * before it will have left, so that a chain which several services share is spliced right in every turn.
 */
export function predict(state: ObservedState, action: Action): ObservedState {
  switch (action.kind) {
    case 'create-namespace':
      return state.namespaces.includes(action.namespace)
        ? state
        : { ...state, namespaces: [...state.namespaces, action.namespace] };
    case 'delete-namespace':
      return { ...state, namespaces: state.namespaces.filter((name) => name !== action.namespace) };
    case 'create-port':
      return {
        ...state,
        ports: [
          ...state.ports.filter((port) => port.device !== action.port.device),
          observedPort(action.port),
        ],
      };
    case 'delete-port':
      return withoutDevice(state, action.port.device);
    case 'add-route':
      return {
        ...state,
        routes: [...state.routes.filter((route) => !sameRoute(route, action.route)), action.route],
      };
    case 'delete-route':
      return { ...state, routes: state.routes.filter((route) => !sameRoute(route, action.route)) };
    case 'load-instance': {
      const { key, plugin } = action.instance;
      const before = state.instances.find((instance) => instance.key === key);
      const loaded = {
        ...(before ?? { key, programId: 0, tag: '', next: { kind: 'end' } as const }),
        pluginDigest: plugin.digest,
        intact: true,
      };
      return { ...state, instances: [...state.instances.filter((each) => each !== before), loaded] };
    }
    case 'unload-instance':
      return withoutInstance(state, action.key);
    case 'attach-root': {
      const { device, hook } = action;
      const others = state.roots.filter((root) => root.device !== device || root.hook !== hook);
      const root = state.roots.find((each) => each.device === device && each.hook === hook);
      const attached = root
        ? { ...root, attached: true }
        : { device, hook, programId: 0, linkId: 0, next: { kind: 'end' } as const, attached: true };
      return { ...state, roots: [...others, attached] };
    }
    case 'detach-root':
      return {
        ...state,
        roots: state.roots.filter((root) => root.device !== action.device || root.hook !== action.hook),
      };
    case 'set-next':
      return withNext(
        state,
        action.node,
        action.next === null ? { kind: 'end' } : { kind: 'instance', key: action.next },
      );
    case 'start-workload': {
      const { key, revision, runtime } = action.workload;
      const others = state.workloads.filter((workload) => workload.key !== key);
      return {
        ...state,
        workloads: [...others, { key, revision, runtime, state: 'running', handle: '', health: 'starting' }],
      };
    }
    case 'stop-workload':
      return { ...state, workloads: state.workloads.filter(({ key }) => key !== action.workload.key) };
    case 'empty-instance':
    case 'check-assertion':
    case 'check-health':
      return state;
  }
}

export function sameRoute(a: RouteLike, b: RouteLike): boolean {
  return routeId(a) === routeId(b);
}

/** Destination and way: a route with the same destination by another way is another route. */
export function routeId(route: RouteLike): string {
  const way = 'device' in route.via ? `dev ${route.via.device}` : `via ${spelled(route.via.nextHop)}`;
  return `${spelled(route.destination)} ${way}`;
}

/** An address, with or without prefix length, as the kernel spells it. */
export function spelled(address: string): string {
  if (!address.includes(':')) return address;
  const [host = '', length] = address.split('/');
  const url = URL.parse(`http://[${host}]/`);
  if (!url) return address;
  return url.hostname.slice(1, -1) + (length === undefined ? '' : `/${length}`);
}

interface RouteLike {
  destination: string;
  via: { device: string } | { nextHop: string };
}

function observedPort(port: DesiredPort): ObservedPort {
  return {
    device: port.device,
    mac: port.mac,
    mtu: port.mtu,
    up: true,
    ...(port.peer && {
      peerNamespace: port.peer.namespace,
      peerDevice: port.peer.device,
      peerMac: port.peer.mac,
    }),
    peerAddresses: port.peer?.addresses ?? [],
    ...(port.peer?.gateways && { peerGateways: port.peer.gateways }),
    ...(port.forwards && { forwards: port.forwards }),
    ...(port.rewritten && { rewritten: port.rewritten }),
  };
}

/** A device takes its routes and its links with it; the pins of its roots stay behind. */
function withoutDevice(state: ObservedState, device: string): ObservedState {
  return {
    ...state,
    ports: state.ports.filter((port) => port.device !== device),
    routes: state.routes.filter(({ via }) => !('device' in via) || via.device !== device),
    roots: state.roots.map((root) => (root.device === device ? { ...root, attached: false } : root)),
  };
}

/** A slot that still holds the program keeps it alive, but nothing names it any more. */
function withoutInstance(state: ObservedState, key: string): ObservedState {
  const forget = (next: NextHop): NextHop =>
    next.kind === 'instance' && next.key === key ? { kind: 'unknown', programId: 0 } : next;
  return {
    ...state,
    roots: state.roots.map((root) => ({ ...root, next: forget(root.next) })),
    instances: state.instances
      .filter((instance) => instance.key !== key)
      .map((instance) => ({ ...instance, next: forget(instance.next) })),
  };
}

function withNext(state: ObservedState, node: ChainNode, next: NextHop): ObservedState {
  if (node.kind === 'root') {
    return {
      ...state,
      roots: state.roots.map((root) =>
        root.device === node.device && root.hook === node.hook ? { ...root, next } : root,
      ),
    };
  }
  return {
    ...state,
    instances: state.instances.map((instance) =>
      instance.key === node.key ? { ...instance, next } : instance,
    ),
  };
}
