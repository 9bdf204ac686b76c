import type { BackendChecks, CheckedBackend, InstanceEvents } from '@underware/core';
import { toErrorReport, UnderwareError } from '@underware/core';
import type { Caller, CallOutcome } from '@underware/network';
import { errorFields, type AgentLog } from '../agent-log.js';
import { MOST_EVENTS } from '../packet-events.js';
import type { Reconciler } from '../reconciler.js';
import type { Reporter } from '../reporter.js';
import type { BalancerMaps } from './balancer-maps.js';
import { checkedBalancers, waysTo, type CheckedBalancer, type Way } from './checked-balancer.js';
import { standingAfter, type Standing } from './standing.js';

/** Checks at a time on a host, whatever the number of backends: those that waited longest go first. */
const MOST_AT_ONCE = 64;
/** Ends of checks: above the ports that systems give to connections by themselves. */
const PORTS = { first: 61_000, last: 65_535 } as const;
/** So much of the interval a check comes earlier or later, lest all hosts come at once. */
const SPREAD = 0.1;

interface Watched {
  backend: CheckedBackend;
  standing: Standing;
  /** When the state was found, as far as this agent knows. */
  since?: string;
  /** Why it is down. */
  why?: string;
  dueMs: number;
  running: boolean;
}

interface Line {
  balancer: CheckedBalancer;
  /** What was compared with the kernel last. */
  synced: string;
  backends: Map<number, Watched>;
}

/** A backend as it is told with the figures of an instance: the key is its index among all. */
export interface BackendRow {
  key: number;
  value: { state: Standing['state']; since?: string; why?: string };
}

/**
 * Checks the backends of the load balancers on this host and writes down, for the kernel, which of them serve. A check goes
 * the way of a client: it is a connection from a client's namespace to the virtual address, which the balancer has been told
 * beforehand to take to the one backend. What was found is in the kernel: an agent that starts anew goes on from there.
 */
export class BackendWatch {
  readonly #lines = new Map<string, Line>();
  readonly #callers = new Map<string, { caller: Pick<Caller, 'call' | 'close'>; nextPort: number }>();
  #events: InstanceEvents[] = [];
  #running = 0;
  #complaint: string | undefined;

  constructor(
    private readonly maps: Pick<BalancerMaps, keyof BalancerMaps>,
    private readonly reconciler: Pick<Reconciler, 'desired'>,
    private readonly reporter: Pick<Reporter, 'events'>,
    private readonly log: Pick<AgentLog, 'warn'>,
    private readonly callerIn: (namespace: string) => Pick<Caller, 'call' | 'close'>,
    private readonly random: () => number = Math.random,
  ) {}

  /** Begins the checks that are due, and tells what changed since the last look. */
  async look(now = Date.now()): Promise<void> {
    const balancers = checkedBalancers((await this.reconciler.desired())?.target.slices ?? []);
    this.#forget(balancers);
    const due: { line: Line; watched: Watched }[] = [];
    for (const balancer of balancers) {
      const line = await this.#lineOf(balancer);
      for (const watched of line?.backends.values() ?? [])
        if (line && !watched.running && watched.dueMs <= now) due.push({ line, watched });
    }
    due.sort((a, b) => a.watched.dueMs - b.watched.dueMs);
    for (const { line, watched } of due.slice(0, MOST_AT_ONCE - this.#running))
      this.#begin(line, watched, now);
    this.#tell();
  }

  /** What is known of the backends of an instance's balancer; undefined where they are not checked. */
  rowsOf(instance: string): BackendRow[] | undefined {
    const line = [...this.#lines.values()].find(({ balancer }) =>
      balancer.clients.some((client) => client.instance.key === instance),
    );
    if (line === undefined) return undefined;
    return [...line.backends.values()].map(({ backend, standing: { state }, since, why }) => ({
      key: backend.index,
      value: { state, ...(since === undefined ? {} : { since }), ...(why === undefined ? {} : { why }) },
    }));
  }

  /** What is under way counts for nothing. */
  stop(): void {
    for (const { caller } of this.#callers.values()) caller.close();
    this.#callers.clear();
  }

  #forget(balancers: readonly CheckedBalancer[]): void {
    const ids = new Set(balancers.map(({ id }) => id));
    for (const id of this.#lines.keys()) if (!ids.has(id)) this.#lines.delete(id);
    const namespaces = new Set(balancers.flatMap(({ clients }) => clients.map(({ namespace }) => namespace)));
    for (const [namespace, { caller }] of this.#callers) {
      if (namespaces.has(namespace)) continue;
      this.#callers.delete(namespace);
      caller.close();
    }
  }

  /** Undefined while its instance is not there. */
  async #lineOf(balancer: CheckedBalancer): Promise<Line | undefined> {
    const line = this.#lines.get(balancer.id) ?? { balancer, synced: '', backends: new Map() };
    line.balancer = balancer;
    const [first] = balancer.clients;
    const revision = `${first?.instance.key} ${balancer.clients.length}`;
    if (first === undefined || line.synced === revision) return line;
    const done = await this.#patiently(first.instance.port, () => this.#sync(line, first.instance.key));
    if (!done) return undefined;
    line.synced = revision;
    this.#lines.set(balancer.id, line);
    return line;
  }

  /** Takes over what the kernel knows of these backends, and has it forget the others. */
  async #sync(line: Line, instance: string): Promise<void> {
    const { checks } = line.balancer;
    const known = await this.maps.health(instance);
    const before = line.backends;
    line.backends = new Map(
      checks.backends.map((backend) => {
        const watched = before.get(backend.id);
        if (watched) return [backend.id, Object.assign(watched, { backend })];
        const down = known.get(backend.id);
        const state = down === undefined ? 'unknown' : down ? 'down' : 'up';
        return [backend.id, { backend, standing: { state, streak: 0 }, dueMs: 0, running: false }];
      }),
    );
    for (const id of known.keys()) if (!line.backends.has(id)) await this.maps.forget(instance, id);
    for (const [id, { standing }] of line.backends)
      if (standing.state !== 'unknown' && known.get(id) !== (standing.state === 'down'))
        await this.maps.setHealth(instance, id, standing.state === 'down');
  }

  #begin(line: Line, watched: Watched, now: number): void {
    const { interval } = line.balancer.checks;
    const spread = 1 + SPREAD * (2 * this.random() - 1);
    watched.dueMs = now + interval * 1000 * spread;
    watched.running = true;
    this.#running += 1;
    void this.#patiently(watched.backend.name, () => this.#check(line, watched)).finally(() => {
      watched.running = false;
      this.#running -= 1;
    });
  }

  async #check(line: Line, watched: Watched): Promise<void> {
    const { balancer } = line;
    const { backend } = watched;
    const ways = waysTo(balancer, backend);
    const outcomes = await Promise.all(ways.map((way) => this.#call(way, backend, balancer.checks)));
    // What was not asked has not failed.
    if (ways.length === 0 || outcomes.some(({ kind }) => kind === 'unmade')) return;
    if (line.backends.get(backend.id) !== watched) return;
    const whys = outcomes.flatMap((outcome, i) => {
      const why = whyNot(outcome, balancer.checks);
      return why === undefined ? [] : [`${ways[i]?.target} port ${backend.port}: ${why}`];
    });
    const before = watched.standing.state;
    watched.standing = standingAfter(watched.standing, whys.length === 0, balancer.checks);
    const { state } = watched.standing;
    const [first] = balancer.clients;
    if (state === before || first === undefined) return;
    const at = new Date().toISOString();
    watched.since = at;
    if (state === 'down') watched.why = whys.join('; ');
    else delete watched.why;
    await this.maps.setHealth(first.instance.key, backend.id, state === 'down');
    // That one is up from the start is what everybody expects.
    if (before !== 'unknown' || state === 'down') this.#note(balancer, watched, at);
  }

  async #call(way: Way, backend: CheckedBackend, checks: BackendChecks): Promise<CallOutcome> {
    const { namespace } = way.client;
    const used = this.#callers.get(namespace) ?? {
      caller: this.callerIn(namespace),
      nextPort: PORTS.first + Math.floor(this.random() * (PORTS.last - PORTS.first)),
    };
    this.#callers.set(namespace, used);
    const sourcePort = used.nextPort;
    used.nextPort = sourcePort >= PORTS.last ? PORTS.first : sourcePort + 1;
    const checked = { way, backend, sourcePort, port: checks.service.port };
    await this.maps.direct(checked);
    try {
      return await used.caller.call({
        from: { address: way.source, port: sourcePort },
        to: { address: way.virtual, port: checks.service.port },
        timeoutMs: checks.timeout * 1000,
        ...(checks.protocol === 'http' ? { path: checks.path ?? '/' } : {}),
      });
    } finally {
      await this.maps.clear(checked);
    }
  }

  #note({ service, clients }: CheckedBalancer, { backend, standing, why }: Watched, at: string): void {
    const [first] = clients;
    if (first === undefined) return;
    const { key, underservice, port, hook } = first.instance;
    const record = {
      backend: backend.name,
      down: standing.state === 'down' ? 1 : 0,
      ...(why === undefined ? {} : { why }),
    };
    let events = this.#events.find((each) => each.key === key);
    if (events === undefined) {
      events = { key, underservice, service, port, hook, events: [], lost: 0 };
      this.#events.push(events);
    }
    if (events.events.length < MOST_EVENTS.ofInstance) events.events.push({ at, record });
    else events.lost += 1;
  }

  #tell(): void {
    if (this.#events.length === 0) return;
    this.reporter.events(this.#events);
    this.#events = [];
  }

  /** False where it came to nothing. One that fails takes nothing from the others; what is being replaced comes again. */
  async #patiently(on: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      if (thrown instanceof UnderwareError && thrown.code === 'NOT_FOUND') return false;
      const report = toErrorReport(thrown, 'check a backend', on);
      if (report.why !== this.#complaint) this.log.warn(errorFields(report), 'cannot check backends');
      this.#complaint = report.why;
      return false;
    }
  }
}

/** What is wrong with the answer; undefined: nothing. */
function whyNot(outcome: CallOutcome, { protocol, status }: BackendChecks): string | undefined {
  if (outcome.kind !== 'answered') return outcome.why === 'ECONNREFUSED' ? 'connection refused' : outcome.why;
  if (protocol === 'tcp') return undefined;
  const told = outcome.status ?? 0;
  const good = status === undefined ? told >= 200 && told < 400 : status.includes(told);
  return good ? undefined : `HTTP status ${told}`;
}
