import { nearestName } from '@underware/underservices';
import type { MapNode } from '../source/source-node.js';
import { isEmpty, textAt } from '../template/keywords.js';
import type { Compilation } from './compilation.js';

/** The type that a template names, or undefined with a finding. */
export function typeOf<T>(
  map: MapNode,
  keyOffset: number,
  types: ReadonlyMap<string, T>,
  what: string,
  { findings }: Compilation,
): T | undefined {
  const name = textAt(map, 'type', findings);
  if (name === undefined) {
    if (!map.entries.has('type') || isEmpty(map.entries.get('type')?.node ?? map)) {
      findings.add(keyOffset, {
        code: 'KEYWORD_MISSING',
        message: `type is missing`,
        expected: `type: one of ${[...types.keys()].join(', ')}`,
      });
    }
    return undefined;
  }
  const type = types.get(name);
  if (type === undefined) {
    findings.add(map.entries.get('type')?.node.offset ?? keyOffset, {
      code: 'TYPE_UNKNOWN',
      message: `Unknown ${what} ${name.slice(0, 80)}`,
      expected: `one of ${[...types.keys()].join(', ')}`,
      nearest: nearestName(name, types.keys()),
    });
  }
  return type;
}
