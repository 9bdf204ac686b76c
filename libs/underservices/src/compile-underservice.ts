import { nearestName, UnderwareError } from '@underware/core';
import type { InstanceConfig } from '@underware/core';
import { FIREWALL } from './firewall/firewall.js';
import { LOAD_BALANCER } from './load-balancer/load-balancer.js';
import { PROBE } from './probe/probe.js';
import { PROGRAM } from './program/program.js';
import { ROUTER } from './router/router.js';
import { SWITCH } from './switch/switch.js';
import type {
  Binding,
  LabelledRow,
  ModelContext,
  ModelFinding,
  PacketEvent,
  TelemetryRow,
  UnderserviceKind,
} from './underservice-kind.js';

/** Every kind of underservice, by name; a new one is its folder and a line here. */
export const UNDERSERVICE_KINDS: ReadonlyMap<string, UnderserviceKind> = new Map(
  [FIREWALL, LOAD_BALANCER, PROBE, PROGRAM, ROUTER, SWITCH].map((kind) => [kind.kind, kind]),
);

/** What is wrong with a model beside what its node type says already; nothing of a kind that no plugin here implements. */
export function checkModel(
  kind: string,
  model: Record<string, unknown>,
  context: ModelContext,
): ModelFinding[] {
  return UNDERSERVICE_KINDS.get(kind)?.check(model, context) ?? [];
}

/** The config of one plugin instance; throws INPUT_INVALID for a kind that is not known and what `checkModel` refuses. */
export function compileUnderservice(
  kind: string,
  model: Record<string, unknown>,
  binding: Binding,
): InstanceConfig {
  const invalid = (why: string, remedy: string): UnderwareError =>
    new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: `compile the model of a ${kind}`,
      on: `${binding.port} ${binding.direction}`,
      why,
      remedy,
    });
  const known = UNDERSERVICE_KINDS.get(kind);
  if (known === undefined) {
    const nearest = nearestName(kind, UNDERSERVICE_KINDS.keys());
    const names = nearest ?? `one of ${[...UNDERSERVICE_KINDS.keys()].join(', ')}`;
    throw invalid('there is no underservice of this kind', `Use ${names}.`);
  }
  // A rule whose end is unknown would be left out: whoever wrote the model, that must not go unnoticed.
  const findings = known.check(model, { ports: [...binding.addresses.keys()] });
  const wrong = findings.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) {
    const remedy = wrong.expected === undefined ? 'Correct the model.' : `Write ${wrong.expected}.`;
    throw invalid(`${wrong.path.join('.')}: ${wrong.message}`, remedy);
  }
  return known.compile(model, binding);
}

/** What the rows of telemetry arrays count, by map and index, of those maps where rows have names. */
export function counterNames(
  kind: string,
  model: Record<string, unknown>,
  maps: readonly string[],
): Record<string, string[]> {
  const known = UNDERSERVICE_KINDS.get(kind);
  if (known === undefined) return {};
  // Where names go beyond these, the kind knows how many there are.
  const rows = Array.from({ length: 64 }, (_, key) => ({ key, value: 0 }));
  return Object.fromEntries(
    maps.flatMap((map) => {
      const labels = known.label(model, map, rows, new Map()).flatMap(({ label }) => label ?? []);
      return labels.length === 0 ? [] : [[map, labels]];
    }),
  );
}

/**
 * Telemetry rows with the author's names: per-rule counters get the rule's name, for people. `addresses` are those of
 * the plan, by port name, since a rule counts once per address pair it names. Rows of a kind or map that is not known
 * come back as they are.
 */
export function labelTelemetry(
  kind: string,
  model: Record<string, unknown>,
  maps: Record<string, TelemetryRow[]>,
  addresses: Binding['addresses'] = new Map(),
): Record<string, LabelledRow[]> {
  const known = UNDERSERVICE_KINDS.get(kind);
  return Object.fromEntries(
    Object.entries(maps).map(([map, rows]) => [
      map,
      known === undefined ? rows : known.label(model, map, rows, addresses),
    ]),
  );
}

/** What a record of a ring buffer says, with the author's names. One of a kind that is not known is only told to be there. */
export function describeEvent(
  kind: string,
  model: Record<string, unknown>,
  record: Record<string, unknown>,
): PacketEvent {
  return UNDERSERVICE_KINDS.get(kind)?.event?.(model, record) ?? { what: 'event' };
}
