import type { DataType } from '../model/schema.js';
import { isRecord } from './compare.js';
import type { Value } from './scope.js';
import { xmlProblem } from './xml.js';

/** What the standard asks of some types beyond what their definitions say; undefined where the value meets it. */
export function specialProblem(type: DataType, value: Value): string | undefined {
  for (let at: DataType | undefined = type; at !== undefined; at = at.parent) {
    const problem = CHECKS.get(at.name)?.(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const CHECKS = new Map<string, (value: Value) => string | undefined>([
  ['tosca.datatypes.network.PortSpec', checkPortSpec],
  ['tosca.datatypes.json', checkJson],
  ['tosca.datatypes.xml', checkXml],
]);

const PORTS = ['source', 'source_range', 'target', 'target_range'];

function checkPortSpec(value: Value): string | undefined {
  if (!isRecord(value)) return undefined;
  if (PORTS.every((name) => value[name] === undefined || value[name] === null))
    return `one of ${PORTS.join(', ')}`;
  for (const end of ['source', 'target']) {
    const port = value[end];
    const range = value[`${end}_range`];
    if (typeof port !== 'number' || !Array.isArray(range)) continue;
    const [least, most] = range;
    if ((typeof least === 'number' && port < least) || (typeof most === 'number' && port > most)) {
      return `${end} to be within ${end}_range`;
    }
  }
  return undefined;
}

function checkJson(value: Value): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    JSON.parse(value);
    return undefined;
  } catch {
    return 'text in JSON';
  }
}

function checkXml(value: Value): string | undefined {
  return typeof value === 'string' ? xmlProblem(value) : undefined;
}
