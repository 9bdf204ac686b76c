import type {
  DesiredInstance,
  DesiredSlice,
  ErrorReport,
  HostState,
  ObservedState,
  SliceReport,
  Step,
} from '@underware/core';
import { UnderwareError } from '@underware/core';
import { failureReport } from '@underware/jobs';
import { diff, RESIDENCY, UNOWNED } from '@underware/diff';
import { isDeepStrictEqual } from 'node:util';
import type { Desired, DesiredStateStore } from './desired-state.js';
import type { Executor, Outcome } from './executor.js';
import type { Host } from './host.js';
import { RestartPace } from './restart-pace.js';

/** Services that were removed are remembered as absent for this many, for an orchestrator that missed the report. */
const ABSENT_KEPT = 100;

/** What the reconciler says: after a state was applied, and whenever a slice's report changed by itself. */
export type OnApplied = (generation: number, slices: SliceReport[]) => void;

/**
 * Makes the host what it must be, one service after the other. A slice that fails is brought back to what it was and
 * does not hold up the others. Everything runs one after the other, whether a job or the clock asked for it.
 */
export class Reconciler {
  #desired: Desired | undefined;
  #observed: ObservedState | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #stopping = false;
  /** Aborted when a newer state than the one worked on comes. */
  #turn = new AbortController();
  #newest = 0;
  readonly #pace = new RestartPace();

  constructor(
    private readonly host: Host,
    private readonly executor: Executor,
    private readonly store: DesiredStateStore,
    private readonly onApplied: OnApplied,
  ) {}

  /** What is to be, undefined while no state is known; and what was last seen to be. */
  async desired(): Promise<Desired | undefined> {
    this.#desired ??= await this.store.read();
    return this.#desired;
  }

  /** Of a workload that exits again and again. */
  restartsOf(workload: string): { restarts: number; nextTryAt: string } | undefined {
    return this.#pace.of(workload);
  }

  get lastObserved(): ObservedState | undefined {
    return this.#observed;
  }

  /**
   * Takes a new state and works on it until every slice is done or failed, or a newer one comes: that does not wait
   * behind this one. Throws GENERATION_STALE for an older one. `onAccepted` once it cannot be lost any more.
   */
  apply(state: HostState, onAccepted: () => void = () => undefined): Promise<void> {
    const newest = Math.max(this.#newest, this.#desired?.accepted.generation ?? 0);
    if (state.generation > newest) this.#turn.abort(superseded(state));
    this.#newest = Math.max(newest, state.generation);
    return this.#inTurn(async () => {
      const desired = await this.desired();
      if (desired && state.generation < desired.accepted.generation)
        throw stale(state, desired.accepted.generation);
      if (!desired || state.generation > desired.accepted.generation)
        await this.#save({
          accepted: state,
          target: desired?.target ?? (await this.#adopted(state)),
          reports: withInterrupted(desired),
          settled: false,
        });
      onAccepted();
      if (state.generation < this.#newest) return;
      try {
        await this.#converge();
      } catch (thrown) {
        // Not even observing worked. The state is accepted: the next turn tries it again and reports.
        const error = failureReport(thrown, 'bring the host to the desired state', state.host);
        const failed = state.slices.map(({ service }) => ({ service, stage: 'failed' as const, error }));
        this.onApplied(state.generation, failed);
        throw thrown;
      }
      await this.#say();
    });
  }

  /** After a start and from time to time: goes on with what was interrupted, and mends what is not as it must be. */
  reconcile(): Promise<void> {
    return this.#inTurn(async () => {
      const before = await this.desired();
      if (!before) {
        // Nothing known is not nothing wanted: what runs here goes on until a state comes.
        this.#observed = await this.host.observe();
        return;
      }
      await this.#converge();
      const now = await this.desired();
      if (!before.settled || !isDeepStrictEqual(now?.reports, before.reports)) await this.#say();
    });
  }

  /** Finishes the step that runs now; the kernel stays as it is. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.executor.stop();
    await this.#tail.catch(() => undefined);
  }

  async #converge(): Promise<void> {
    if (this.#stopping) return;
    const before = await this.desired();
    if (!before) return;
    // A slice that failed is not tried again by itself: what it left is kept as it was before.
    const goal = before.settled ? before.target : before.accepted;
    const settled = settledServices(before, goal);
    const asserted = assertedServices(before, goal);
    this.#observed = await this.host.observe();
    const held = this.#held(before, goal, this.#observed);
    const known = { settled, asserted, held };
    if (before.settled && !(await this.#conditionFirst(goal, this.#observed, known))) return;
    const steps = diff(goal, this.#observed, { previous: before.target, ...known });
    const busy = [...new Set(steps.map((step) => step.service))];

    const failures = stillFailed(before, goal, held);
    // What is held or shall be stays, whoever's turn it is.
    let target: HostState = withHeld(before.target, bothHeld(before.target, goal));
    for (const service of busy) {
      if (service === RESIDENCY) continue;
      const candidate = withSlice(target, service, sliceOf(goal, service), goal.generation);
      const only = new Set([service]);
      const own = diff(candidate, this.#observed, { previous: target, ...known, only });
      const outcome = await this.#run(own, candidate);
      if (outcome.kind === 'stopped') return;
      if (outcome.kind === 'done') target = candidate;
      else failures.set(service, outcome.error);
      if (outcome.kind === 'done' && !hasAny(goal, service, held)) failures.delete(service);
      this.#observed = await this.host.observe();
    }
    for (const { service } of [...goal.slices, ...before.target.slices])
      if (!busy.includes(service))
        target = withSlice(target, service, sliceOf(goal, service), goal.generation);
    const resident = await this.#keepHeld(withHeld(target, goal.held), target, before.settled);
    if (!resident) return;
    target = resident;

    const after: Desired = {
      accepted: before.accepted,
      target: inOrderOf(goal, target),
      reports: reportsOf(before, failures),
      settled: true,
    };
    if (!isDeepStrictEqual(after, before)) await this.#save(after);
  }

  /**
   * At boot, whatever is persistent is back before any VNF starts: what is held, and the chains of services that have a
   * persistent plugin and no VNF that runs. What fails here fails again, and is reported, in the service's own turn.
   * False when it was stopped.
   */
  async #conditionFirst(goal: HostState, seen: ObservedState, known: Known): Promise<boolean> {
    const running = new Set(seen.workloads.map(({ key }) => key));
    const first = goal.slices.filter(
      ({ slice }) =>
        slice.instances.some(({ residency }) => residency === 'persistent') &&
        !slice.workloads.some(({ key }) => running.has(key)),
    );
    let changed = false;
    for (const service of [RESIDENCY, ...first.map(({ service }) => service)]) {
      const only = new Set([service]);
      const context = { previous: goal, ...known, only, withoutWorkloads: true };
      const steps = diff(goal, changed ? await this.host.observe() : seen, context);
      if (steps.length === 0) continue;
      changed = true;
      if (
        service === RESIDENCY
          ? !(await this.#each(steps, goal))
          : (await this.#run(steps, goal)).kind === 'stopped'
      )
        return false;
    }
    if (changed) this.#observed = await this.host.observe();
    return true;
  }

  /**
   * Loads what shall be held and unloads what shall not. One that cannot be loaded holds up no other; it stays asked for when
   * it was before, and is tried again. Undefined when it was stopped.
   */
  async #keepHeld(goal: HostState, target: HostState, retries: boolean): Promise<HostState | undefined> {
    const observed = this.#observed ?? (await this.host.observe());
    const only = new Set([RESIDENCY]);
    const steps = diff(goal, observed, { previous: target, only });
    if (!(await this.#each(steps, goal))) return undefined;
    if (steps.length > 0) this.#observed = await this.host.observe();
    if (retries) return goal;
    const there = new Set((this.#observed ?? observed).instances.map(({ key }) => key));
    return withHeld(
      goal,
      goal.held?.filter(({ key }) => there.has(key)),
    );
  }

  /** Each step for itself: one that fails takes back nothing but itself. False when it was stopped. */
  async #each(steps: readonly Step[], state: HostState): Promise<boolean> {
    for (const step of steps) if ((await this.#run([step], state)).kind === 'stopped') return false;
    return true;
  }

  #run(steps: readonly Step[], state: HostState): Promise<Outcome> {
    return this.executor.run(steps, state, this.#turn.signal);
  }

  /** VNFs that exited and are not started again yet. A new state starts all of its VNFs at once. */
  #held(before: Desired, goal: HostState, observed: ObservedState): Set<string> {
    if (!before.settled) return new Set();
    const wanted = new Map(
      goal.slices.flatMap(({ slice }) => slice.workloads).map((each) => [each.key, each.revision]),
    );
    const exited = observed.workloads.filter(
      ({ key, revision, state }) => state === 'exited' && wanted.get(key) === revision,
    );
    return this.#pace.hold(exited.map(({ key }) => key));
  }

  /**
   * What the first state that is known finds already there: those slices count as what was before, so that one that
   * fails now is mended and not torn down. What cannot be seen may be there.
   */
  async #adopted(state: HostState): Promise<HostState> {
    const observed = await this.host.observe().catch(() => undefined);
    const seen = new Set(
      [...(observed?.instances ?? []), ...(observed?.workloads ?? [])].map(({ key }) => key),
    );
    const slices = state.slices.filter(
      ({ slice }) => !observed || [...slice.instances, ...slice.workloads].some(({ key }) => seen.has(key)),
    );
    return { ...state, slices };
  }

  async #save(desired: Desired): Promise<void> {
    await this.store.write(desired);
    this.#desired = desired;
  }

  async #say(): Promise<void> {
    const desired = await this.desired();
    if (desired?.settled) this.onApplied(desired.accepted.generation, desired.reports);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const begin = (): Promise<T> => {
      if (this.#turn.signal.aborted) this.#turn = new AbortController();
      return work();
    };
    const turn = this.#tail.then(begin, begin);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}

interface Known {
  settled: ReadonlySet<string>;
  asserted: ReadonlySet<string>;
  held: ReadonlySet<string>;
}

function withHeld(state: HostState, held: readonly DesiredInstance[] = []): HostState {
  const { host, generation, slices } = state;
  return { host, generation, slices, ...(held.length === 0 ? {} : { held: [...held] }) };
}

function bothHeld(a: HostState, b: HostState): DesiredInstance[] {
  return [...new Map([...(a.held ?? []), ...(b.held ?? [])].map((each) => [each.key, each])).values()];
}

/** A service with a VNF that waits for its restart stays what its last report said, unless it fails otherwise. */
function stillFailed(before: Desired, goal: HostState, held: ReadonlySet<string>): Map<string, ErrorReport> {
  return new Map(
    before.reports.flatMap(({ service, error }) =>
      error && hasAny(goal, service, held) ? [[service, error] as const] : [],
    ),
  );
}

function hasAny(state: HostState, service: string, keys: ReadonlySet<string>): boolean {
  return sliceOf(state, service)?.slice.workloads.some(({ key }) => keys.has(key)) ?? false;
}

/** Services whose last report says that they are as the goal wants them. */
function settledServices(before: Desired, goal: HostState): Set<string> {
  return new Set(
    goal.slices
      .filter((slice) => isDeepStrictEqual(slice, sliceOf(before.target, slice.service)))
      .filter((slice) =>
        before.reports.some((report) => report.service === slice.service && report.stage === slice.stage),
      )
      .map(({ service }) => service),
  );
}

/**
 * Services whose assertions need no other run: what they are about is as it was when they held. Workloads do not matter:
 * starting or stopping VNFs changes no chain. While nothing new is asked, what is kept was proven when it came.
 */
function assertedServices(before: Desired, goal: HostState): Set<string> {
  return new Set(
    goal.slices
      .filter((slice) => sameChains(slice, sliceOf(before.target, slice.service)))
      .filter(
        ({ service }) =>
          before.settled ||
          before.reports.some((report) => report.service === service && report.stage !== 'failed'),
      )
      .map(({ service }) => service),
  );
}

function sameChains(a: DesiredSlice, b: DesiredSlice | undefined): boolean {
  return b !== undefined && isDeepStrictEqual(chainsIn(a), chainsIn(b));
}

function chainsIn({ slice: { ports, instances, assertions } }: DesiredSlice): object {
  return { ports, instances, assertions };
}

/** One report for every accepted service, and one for everyone that is gone. */
function reportsOf(before: Desired, failures: ReadonlyMap<string, ErrorReport>): SliceReport[] {
  const { accepted, settled, reports } = before;
  const present: SliceReport[] = accepted.slices.map(({ service, stage }) => {
    const error = failures.get(service);
    if (error) return { service, stage: 'failed', error };
    const last = reports.find((report) => report.service === service);
    const triedBefore = settled && last?.stage === 'failed' && !isTarget(before, service);
    return triedBefore ? last : { service, stage };
  });
  const gone = [
    ...before.target.slices.map(({ service }) => service),
    ...reports.map(({ service }) => service),
  ];
  const absent: SliceReport[] = [...new Set(gone)]
    .filter((service) => !accepted.slices.some((slice) => slice.service === service))
    .map((service) => {
      const error = failures.get(service);
      if (error) return { service, stage: 'failed', error };
      const last = reports.find((report) => report.service === service);
      return settled && last?.stage === 'failed' ? last : { service, stage: 'absent' };
    });
  return [...present, ...absent.slice(0, ABSENT_KEPT)];
}

/** Whether what is kept for a service is what the accepted state asks for. */
function isTarget({ accepted, target }: Desired, service: string): boolean {
  return isDeepStrictEqual(sliceOf(accepted, service), sliceOf(target, service));
}

function sliceOf(state: HostState, service: string): DesiredSlice | undefined {
  return state.slices.find((slice) => slice.service === service);
}

function withSlice(
  state: HostState,
  service: string,
  slice: DesiredSlice | undefined,
  generation: number,
): HostState {
  if (service === UNOWNED) return { ...state, generation };
  const present = state.slices.some((each) => each.service === service);
  const slices = state.slices.flatMap((each) => (each.service === service ? (slice ?? []) : each));
  return { ...state, generation, slices: slice && !present ? [...slices, slice] : slices };
}

function inOrderOf(goal: HostState, state: HostState): HostState {
  const rank = (service: string): number => {
    const at = goal.slices.findIndex((slice) => slice.service === service);
    return at < 0 ? goal.slices.length : at;
  };
  return { ...state, slices: [...state.slices].sort((a, b) => rank(a.service) - rank(b.service)) };
}

/** What a state made that was not tried to the end, and that the next one may not name: it is reported as gone then. */
function withInterrupted(before: Desired | undefined): SliceReport[] {
  if (!before || before.settled) return before?.reports ?? [];
  const known = new Set(before.reports.map(({ service }) => service));
  const started = before.accepted.slices.filter(({ service }) => !known.has(service));
  return [...before.reports, ...started.map(({ service }) => ({ service, stage: 'absent' as const }))];
}

function superseded(state: HostState): UnderwareError {
  return new UnderwareError({
    code: 'GENERATION_STALE',
    attempted: 'finish the step',
    on: state.host,
    why: `generation ${state.generation} came, which says what is to be now`,
    remedy: 'None needed: the host is brought to the newer state',
  });
}

function stale(state: HostState, newest: number): UnderwareError {
  return new UnderwareError({
    code: 'GENERATION_STALE',
    attempted: `apply generation ${state.generation}`,
    on: state.host,
    why: `generation ${newest} was accepted before`,
    remedy: 'Nothing was changed; send the newest state',
  });
}
