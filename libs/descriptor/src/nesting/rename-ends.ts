import type { Schema } from '@underware/tosca';
import { isNamed } from '../service/service-node.js';
import { flatName } from './flat-name.js';
import { portsShown } from './resolve.js';
import type { Scope } from './scope.js';

const ENDPOINT = 'underware.datatypes.Endpoint';

/** Values of a scope with the names of ports that are in them as the flat service has them. */
export function renameEnds(value: unknown, schema: Schema | undefined, scope: Scope): unknown {
  if (scope.path.length === 0 && scope.inner.size === 0) return value;
  return rename(value, schema, scope);
}

function rename(value: unknown, schema: Schema | undefined, scope: Scope): unknown {
  const type = schema?.type;
  if (type === undefined) return value;
  if (typeof value === 'string') return isNamed(type, ENDPOINT) ? flatEnd(value, scope) : value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = schema?.entrySchema ?? type.entrySchema;
  if (Array.isArray(value)) return value.map((item) => rename(item, entries, scope));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      rename(item, type.properties.get(key) ?? entries, scope),
    ]),
  );
}

/** A node inside, or the one port that a substituted node shows; anything else is what it says. */
function flatEnd(name: string, scope: Scope): string {
  if (!scope.topology.nodes.has(name)) return name;
  const inner = scope.inner.get(name);
  if (inner === undefined) return flatName(scope, name);
  const [port, ...others] = portsShown(inner);
  return port === undefined || others.length > 0 ? name : port;
}
