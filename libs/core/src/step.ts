import type {
  DesiredAssertion,
  DesiredInstance,
  DesiredPort,
  DesiredRoute,
  DesiredWorkload,
} from './host-state.js';
import type { Hook } from './hook.js';
import type { ErrorReport } from './errors.js';

/** A root or instance whose `next` slot a step writes. */
export type ChainNode = { kind: 'root'; device: string; hook: Hook } | { kind: 'instance'; key: string };

/** One action on a host, as data. Do and undo are both idempotent. */
export type Action =
  | { kind: 'create-namespace'; namespace: string }
  | { kind: 'delete-namespace'; namespace: string }
  | { kind: 'create-port'; port: DesiredPort }
  | { kind: 'delete-port'; port: DesiredPort }
  | { kind: 'add-route'; route: DesiredRoute }
  | { kind: 'delete-route'; route: DesiredRoute }
  | { kind: 'load-instance'; instance: DesiredInstance }
  | { kind: 'unload-instance'; key: string }
  /** Forgets what an instance counted and kept for whoever used it before. */
  | { kind: 'empty-instance'; key: string }
  | { kind: 'attach-root'; device: string; hook: Hook }
  | { kind: 'detach-root'; device: string; hook: Hook }
  /** The one atomic pointer swap: `next` is an instance's key, or null for the end of the chain. */
  | { kind: 'set-next'; node: ChainNode; next: string | null }
  | { kind: 'check-assertion'; device: string; assertion: DesiredAssertion }
  | { kind: 'start-workload'; workload: DesiredWorkload }
  | { kind: 'stop-workload'; workload: { key: string; runtime: DesiredWorkload['runtime'] } }
  | { kind: 'check-health'; workload: DesiredWorkload };

export type ActionKind = Action['kind'];

/** A step of a run: what to do, what takes it back (null where nothing needs to), for which service, and why. */
export interface Step {
  /** `<kind> <object>`, unique in a run: by devices and keys, as journals have it. */
  name: string;
  /** The same for people, by the names of the descriptor. */
  title: string;
  service: string;
  do: Action;
  undo: Action | null;
  reason: string;
}

export type StepStatus = 'started' | 'done' | 'failed' | 'undone';

/** What the journal holds and the operation's page follows. */
export interface StepEvent {
  generation: number;
  service: string;
  name: string;
  /** Agents of before this was there say neither. */
  title?: string;
  reason?: string;
  status: StepStatus;
  /** ISO 8601 with milliseconds. */
  at: string;
  error?: ErrorReport;
}
