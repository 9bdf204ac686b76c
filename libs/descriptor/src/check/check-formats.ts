import type { DataType, Schema } from '@underware/tosca';
import type { Findings } from '../finding.js';
import { placeIn } from '../service/service-node.js';
import type { ServiceParts } from '../service/service-parts.js';
import { FORMATS } from './formats.js';
import type { Format } from './formats.js';

/** Addresses, prefixes and ranges of ports are more than a pattern of TOSCA can say. */
export function checkFormats({ nodes, policies }: ServiceParts, findings: Findings): void {
  for (const owner of [...nodes.values(), ...policies]) {
    for (const { name, value, schema } of owner.template.properties.values()) {
      for (const { path, text, format } of misfits(value, schema)) {
        findings.add(placeIn(owner, [name, ...path]).value, {
          code: 'CONSTRAINT_VIOLATED',
          message: `${text.slice(0, 80)} does not fit`,
          expected: format.expected,
        });
      }
    }
  }
}

interface Misfit {
  /** Into the value. */
  path: (string | number)[];
  text: string;
  format: Format;
}

const NONE: readonly Misfit[] = [];

function misfits(value: unknown, schema: Schema | undefined): readonly Misfit[] {
  const type = schema?.type;
  if (type === undefined) return NONE;
  if (typeof value === 'string') {
    const format = formatOf(type);
    return format === undefined || format.accepts(value) ? NONE : [{ path: [], text: value, format }];
  }
  if (typeof value !== 'object' || value === null) return NONE;
  const entries = schema?.entrySchema ?? type.entrySchema;
  const found: Misfit[] = [];
  const look = (key: string | number, item: unknown, of: Schema | undefined): void => {
    for (const misfit of misfits(item, of)) found.push({ ...misfit, path: [key, ...misfit.path] });
  };
  if (Array.isArray(value)) value.forEach((item, i) => look(i, item, entries));
  else for (const [key, item] of Object.entries(value)) look(key, item, type.properties.get(key) ?? entries);
  return found;
}

const KNOWN = new WeakMap<DataType, Format | 'none'>();

function formatOf(type: DataType): Format | undefined {
  let format = KNOWN.get(type);
  if (format === undefined) {
    format = 'none';
    for (let at: DataType | undefined = type; at !== undefined && format === 'none'; at = at.parent) {
      format = FORMATS.get(at.name) ?? 'none';
    }
    KNOWN.set(type, format);
  }
  return format === 'none' ? undefined : format;
}
