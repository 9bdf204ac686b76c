import type { ResidencyPolicyName, ResidencyRule } from './residency-rules.js';
import { RULES } from './residency-rules.js';
import type { Copy, Turn } from './turns.js';
import { turnsOf } from './turns.js';
import type { Trace } from './trace.js';

/** What one policy would have cost on a trace. */
export interface SimulatedPolicy {
  policy: ResidencyPolicyName | 'optimum';
  /** In mebibyte-seconds: loads and what was held without a user. */
  cost: number;
  loads: number;
  loadMilliseconds: number;
  /** Mebibyte-seconds held without a user. */
  held: number;
  /** Loaded at once, in use or not, at most. */
  peakBytes: number;
}

interface State {
  copy: Copy;
  loaded: boolean;
  /** Undefined while it is in use. */
  idleSince?: number;
  /** When it is unloaded, if nobody comes. */
  until: number;
  lastUsed: number;
}

/** Every policy on the same trace, and what a clairvoyant would have paid without a budget: no policy can pay less. */
export function simulate(trace: Trace): SimulatedPolicy[] {
  const turns = turnsOf(trace);
  return [...RULES.map(({ name, make }) => run(trace, turns, name, make())), optimum(turns)];
}

function run(
  { budgetBytes = Infinity, until }: Trace,
  turns: readonly Turn[],
  name: ResidencyPolicyName,
  rule: ResidencyRule,
): SimulatedPolicy {
  const states = new Map<string, State>();
  const result: SimulatedPolicy = {
    policy: name,
    cost: 0,
    loads: 0,
    loadMilliseconds: 0,
    held: 0,
    peakBytes: 0,
  };
  let loadedBytes = 0;
  const load = ({ copy }: State): void => {
    loadedBytes += copy.memoryBytes;
    result.loads += 1;
    result.loadMilliseconds += copy.loadMilliseconds;
    result.cost += copy.costs.reload;
  };
  const unload = (state: State, at: number): void => {
    const held = (at - (state.idleSince ?? at)) * state.copy.costs.holdPerSecond;
    result.held += held;
    result.cost += held;
    loadedBytes -= state.copy.memoryBytes;
    state.loaded = false;
  };
  const expire = (at: number): void => {
    for (const state of states.values())
      if (state.loaded && state.idleSince !== undefined && state.until <= at) unload(state, state.until);
  };
  /** Users always get their copy: only what is idle makes room. */
  const fit = (at: number): void => {
    if (loadedBytes <= budgetBytes) return;
    const idle = [...states.values()].filter((state) => state.loaded && state.idleSince !== undefined);
    idle.sort((a, b) => rule.worth(a.copy, a.lastUsed) - rule.worth(b.copy, b.lastUsed));
    for (const state of idle) {
      if (loadedBytes <= budgetBytes) return;
      rule.evicted(state.copy, at);
      unload(state, at);
    }
  };

  const [first] = turns;
  if (rule.loadsAtStart && first) {
    for (const { copy } of turns) {
      if (states.has(copy.name) || loadedBytes + copy.memoryBytes > budgetBytes) continue;
      const state = { copy, loaded: true, idleSince: first.at, until: Infinity, lastUsed: first.at };
      states.set(copy.name, state);
      load(state);
    }
  }
  for (const { at, kind, copy } of turns) {
    expire(at);
    const state = states.get(copy.name) ?? { copy, loaded: false, until: 0, lastUsed: at };
    states.set(copy.name, state);
    state.lastUsed = at;
    if (kind === 'use') {
      rule.used(copy, at);
      if (state.loaded) {
        const held = (at - (state.idleSince ?? at)) * copy.costs.holdPerSecond;
        result.held += held;
        result.cost += held;
      } else load(state);
      state.loaded = true;
      delete state.idleSince;
    } else {
      state.idleSince = at;
      state.until = at + rule.released(copy, at);
    }
    expire(at);
    fit(at);
    result.peakBytes = Math.max(result.peakBytes, loadedBytes);
  }
  expire(until);
  for (const state of states.values())
    if (state.loaded && state.idleSince !== undefined) unload(state, until);
  return result;
}

/** Knows every gap: holds what comes back before holding costs as much as loading, and only that. */
function optimum(turns: readonly Turn[]): SimulatedPolicy {
  const result: SimulatedPolicy = {
    policy: 'optimum',
    cost: 0,
    loads: 0,
    loadMilliseconds: 0,
    held: 0,
    peakBytes: 0,
  };
  const idleSince = new Map<string, number>();
  const spans: { from: number; to: number; bytes: number }[] = [];
  const busySince = new Map<string, number>();
  for (const { at, kind, copy } of turns) {
    if (kind === 'release') {
      idleSince.set(copy.name, at);
      spans.push({ from: busySince.get(copy.name) ?? at, to: at, bytes: copy.memoryBytes });
      continue;
    }
    busySince.set(copy.name, at);
    const since = idleSince.get(copy.name);
    const held = since === undefined ? Infinity : (at - since) * copy.costs.holdPerSecond;
    if (held < copy.costs.reload) {
      result.held += held;
      result.cost += held;
      spans.push({ from: since ?? at, to: at, bytes: copy.memoryBytes });
    } else {
      result.loads += 1;
      result.loadMilliseconds += copy.loadMilliseconds;
      result.cost += copy.costs.reload;
    }
  }
  return { ...result, peakBytes: peakOf(spans) };
}

function peakOf(spans: readonly { from: number; to: number; bytes: number }[]): number {
  const changes = spans.flatMap(({ from, to, bytes }) => [
    { at: from, bytes },
    { at: to, bytes: -bytes },
  ]);
  let now = 0;
  let peak = 0;
  for (const { bytes } of changes.sort((a, b) => a.at - b.at || a.bytes - b.bytes)) {
    now += bytes;
    peak = Math.max(peak, now);
  }
  return peak;
}
