import type { Assignments } from '../model/topology.js';
import type { CapabilityType } from '../model/types.js';
import type { TemplateContext } from './context.js';

const SCALABLE = 'tosca.capabilities.Scalable';

/** The number of instances to begin with is within the least and the most that are written beside it. */
export function checkScalable(
  type: CapabilityType | undefined,
  properties: Assignments,
  context: TemplateContext,
): void {
  if (!isScalable(type)) return;
  const initial = properties.get('default_instances');
  if (initial?.given !== true || typeof initial.value !== 'number') return;
  const [least, most] = ['min_instances', 'max_instances'].map((name) => {
    const bound = properties.get(name);
    return bound?.given === true && typeof bound.value === 'number' ? bound.value : undefined;
  });
  if (initial.value >= (least ?? -Infinity) && initial.value <= (most ?? Infinity)) return;
  context.add(initial.place, {
    code: 'CONSTRAINT_VIOLATED',
    message: `default_instances is ${initial.value}, outside of min_instances and max_instances`,
    expected: `from ${least ?? 0} to ${most ?? 'any number'}`,
  });
}

function isScalable(type: CapabilityType | undefined): boolean {
  for (let at = type; at !== undefined; at = at.parent) if (at.name === SCALABLE) return true;
  return false;
}
