import type { Action, ChainNode, Step } from '@underware/core';

/** The service of steps that remove what no slice, present or past, names. */
export const UNOWNED = 'unowned';

/** The service of steps for instances that stay loaded without a user. */
export const RESIDENCY = 'residency';

/** Titles come last, when all that they are about is known. */
export type UntitledStep = Omit<Step, 'title'>;

/** One step, named after what it does to which object. */
export function stepOf(service: string, action: Action, undo: Action | null, reason: string): UntitledStep {
  return { name: nameOf(action), service, do: action, undo, reason };
}

/** `<kind> <object>`: what journals and programs see. */
export function nameOf(action: Action): string {
  return `${action.kind} ${objectOf(action)}`;
}

/** Steps may write one slot twice in a run; names must tell them apart. */
export function withUniqueNames(steps: UntitledStep[]): UntitledStep[] {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const id = `${step.service} ${step.name}`;
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? step : { ...step, name: `${step.name} (${count})` };
  });
}

export function nodeText(node: ChainNode): string {
  return node.kind === 'root' ? `${node.device} ${node.hook}` : node.key;
}

function objectOf(action: Action): string {
  switch (action.kind) {
    case 'create-namespace':
    case 'delete-namespace':
      return action.namespace;
    case 'create-port':
    case 'delete-port':
      return action.port.device;
    case 'add-route':
    case 'delete-route':
      return `${action.route.destination} ${viaText(action.route.via)}`;
    case 'load-instance':
      return action.instance.key;
    case 'unload-instance':
    case 'empty-instance':
      return action.key;
    case 'attach-root':
    case 'detach-root':
      return `${action.device} ${action.hook}`;
    case 'set-next':
      return `${nodeText(action.node)} to ${action.next ?? 'end'}`;
    case 'check-assertion':
      return `${action.assertion.name} on ${action.device} ${action.assertion.hook}`;
    case 'start-workload':
    case 'check-health':
      return `${action.workload.vnf} ${action.workload.key}`;
    case 'stop-workload':
      return action.workload.key;
  }
}

function viaText(via: { device: string } | { nextHop: string }): string {
  return 'device' in via ? `dev ${via.device}` : `via ${via.nextHop}`;
}
