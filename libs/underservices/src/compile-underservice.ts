import { UnderwareError } from '@underware/core';
import type { InstanceConfig } from '@underware/core';
import { DATA_TYPES } from './data-types.js';
import { FIREWALL } from './firewall/firewall.js';
import { PROBE } from './probe/probe.js';
import { nearestName } from './schema/nearest.js';
import type { ModelFinding } from './schema/property-schema.js';
import { readProperties } from './schema/read-properties.js';
import type {
  Binding,
  LabelledRow,
  ModelContext,
  TelemetryRow,
  UnderserviceKind,
} from './underservice-kind.js';

/** Every kind of underservice, by name; a new one is its folder and a line here. */
export const UNDERSERVICE_KINDS: ReadonlyMap<string, UnderserviceKind> = new Map(
  [FIREWALL, PROBE].map((kind) => [kind.kind, kind]),
);

/** Everything that is wrong with a model, shape first: what the schema refuses is not looked into further. */
export function checkModel(kind: string, model: unknown, context: ModelContext): ModelFinding[] {
  const known = UNDERSERVICE_KINDS.get(kind);
  if (known === undefined) {
    const nearest = nearestName(kind, UNDERSERVICE_KINDS.keys());
    return [
      {
        code: 'KIND_UNKNOWN',
        severity: 'error',
        path: [],
        at: 'value',
        message: `There is no underservice of kind ${kind}`,
        expected: `one of ${[...UNDERSERVICE_KINDS.keys()].join(', ')}`,
        ...(nearest === undefined ? {} : { nearest }),
      },
    ];
  }
  const { value, findings } = readProperties(model, known.properties, DATA_TYPES);
  return findings.length > 0 ? findings : known.check(value, context);
}

/** The config of one plugin instance; throws INPUT_INVALID for a model that `checkModel` refuses. */
export function compileUnderservice(
  kind: string,
  model: Record<string, unknown>,
  binding: Binding,
): InstanceConfig {
  const findings = checkModel(kind, model, { ports: [...binding.addresses.keys()] });
  const wrong = findings.find((finding) => finding.severity === 'error');
  const known = UNDERSERVICE_KINDS.get(kind);
  if (wrong !== undefined || known === undefined) {
    throw new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: `compile the model of a ${kind}`,
      on: `${binding.port} ${binding.direction}`,
      why: `${[...(wrong?.path ?? []), ''].join(': ')}${wrong?.message ?? 'unknown kind'}`,
      remedy: wrong?.expected === undefined ? 'Correct the model.' : `Write ${wrong.expected}.`,
    });
  }
  return known.compile(readProperties(model, known.properties, DATA_TYPES).value, binding);
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
