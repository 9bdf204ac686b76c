import type {
  Assigned,
  Assignments,
  NodeTemplate,
  Place,
  PolicyTemplate,
  SourceNode,
} from '@underware/tosca';

/** A node template of an Underware type, as the service sees it. */
export interface ServiceNode {
  /** In the whole service: that of a nested node begins with those of the nodes it is inside of. */
  name: string;
  /** Of its name. */
  place: Place;
  template: NodeTemplate;
  /** Plain values: defaults filled in, sizes in bytes, times in seconds, rates in bits per second. */
  properties: Record<string, unknown>;
  requirements: ServiceRequirement[];
}

export interface ServiceRequirement {
  name: string;
  target: string;
  place: Place;
  /** Of the relationship. */
  properties: Record<string, unknown>;
}

export interface ServicePolicy {
  name: string;
  place: Place;
  template: PolicyTemplate;
  properties: Record<string, unknown>;
  targets: { name: string; place: Place }[];
}

/** Whether a template's type is this one, or derived from it. */
export function isOf(template: NodeTemplate | PolicyTemplate, type: string): boolean {
  return isNamed(template.type, type);
}

/** Whether a type is the one of this name, or derived from it. */
export function isNamed(type: { name: string; parent?: unknown } | undefined, name: string): boolean {
  for (let at = type; at !== undefined; at = at.parent as typeof type) if (at.name === name) return true;
  return false;
}

/** What is not known before the service runs is left out: later checks pass it by, as they do what is missing. */
export function valuesOf(
  assignments: Assignments,
  read: (assigned: Assigned) => unknown = ({ value }) => value,
): Record<string, unknown> {
  const values: [string, unknown][] = [];
  for (const assigned of assignments.values()) {
    if (assigned.value === null || typeof assigned.value === 'symbol') continue;
    values.push([assigned.name, read(assigned)]);
  }
  return Object.fromEntries(values);
}

/** The place of a value in a node's properties, by a path that begins with a property, or as near to it as the text goes. */
export function placeIn(
  { place, template }: ServiceNode | ServicePolicy,
  [property, ...path]: readonly (string | number)[],
): { key: Place; value: Place } {
  const assigned = template.properties.get(String(property));
  if (assigned?.given !== true) return { key: place, value: place };
  return walk(assigned, path);
}

function walk(assigned: Assigned, path: readonly (string | number)[]): { key: Place; value: Place } {
  let node: SourceNode = assigned.node;
  let key = assigned.place;
  for (const step of path) {
    const entry =
      node.kind === 'map'
        ? node.entries.get(String(step))
        : node.kind === 'list' && typeof step === 'number'
          ? itemAt(node.items, step)
          : undefined;
    if (entry === undefined) break;
    ({ keyPlace: key, node } = entry);
  }
  return { key, value: node.place };
}

function itemAt(items: readonly SourceNode[], index: number) {
  const node = items[index];
  return node && { keyPlace: node.place, node };
}
