import type { DataType, Schema } from '@underware/tosca';
import type { Findings } from '../finding.js';
import { readStruct } from '../graph/read-values.js';
import { placeIn } from '../service/service-node.js';
import type { ServiceNode, ServicePolicy } from '../service/service-node.js';
import type { ServiceParts } from '../service/service-parts.js';
import { FORMATS } from './formats.js';
import type { Format } from './formats.js';

/** Addresses, prefixes and ranges of ports are more than a pattern of TOSCA can say. */
export function checkFormats({ nodes, policies }: ServiceParts, findings: Findings): void {
  for (const owner of [...nodes.values(), ...policies]) {
    for (const { name, value, schema } of owner.template.properties.values()) {
      walk(owner, [name], value, schema, findings);
    }
  }
}

function walk(
  owner: ServiceNode | ServicePolicy,
  path: (string | number)[],
  value: unknown,
  schema: Schema | undefined,
  findings: Findings,
): void {
  const type = schema?.type;
  if (type === undefined) return;
  const entries = schema?.entrySchema ?? type.entrySchema;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) walk(owner, [...path, i], item, entries, findings);
  } else if (typeof value === 'object') {
    for (const [key, item] of Object.entries(readStruct(value))) {
      walk(owner, [...path, key], item, type.properties.get(key) ?? entries, findings);
    }
  } else if (typeof value === 'string') {
    const format = formatOf(type);
    if (format === undefined || format.accepts(value)) return;
    findings.add(placeIn(owner, path).value, {
      code: 'CONSTRAINT_VIOLATED',
      message: `${value.slice(0, 80)} does not fit`,
      expected: format.expected,
    });
  }
}

function formatOf(type: DataType): Format | undefined {
  for (let at: DataType | undefined = type; at !== undefined; at = at.parent) {
    const format = FORMATS.get(at.name);
    if (format !== undefined) return format;
  }
  return undefined;
}
