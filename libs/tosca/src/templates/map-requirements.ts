import { fits } from '../model/derivation.js';
import type { NodeType, RequirementDefinition } from '../model/types.js';
import { nearestName } from '../nearest-name.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { namedItems, textOf } from './entries.js';
import { findNode, pathOf } from './mapping-path.js';

export interface RequirementMapping {
  name: string;
  place: Place;
  /** Which of the entries it comes from: those of one entry get the same target. */
  entry: number;
  node: NodeDraft;
  /** Of the node; undefined where the node itself is to be selected. */
  requirement?: string;
}

/** Requirements of the substituted node, and those of the template's nodes that get their targets. */
export function mapRequirements(
  map: MapNode,
  type: NodeType | undefined,
  context: TemplateContext,
): RequirementMapping[] {
  const result: RequirementMapping[] = [];
  let entry = 0;
  for (const [written, { keyPlace, node }] of namedItems(map.entries.get('requirements')?.node)) {
    entry++;
    // `[ service, UNBOUNDED ]` as a key is read as such a text.
    const name = /^\s*\[\s*([^\s,\]]+)/.exec(written)?.[1] ?? written;
    const outer = type?.requirements.get(name);
    // A mapping to nothing says nothing.
    const toNothing = !context.is2 && pathOf(node).length === 0;
    if (outer === undefined && type?.open === false) {
      context.add(keyPlace, {
        code: 'REQUIREMENT_UNKNOWN',
        ...(toNothing ? { severity: 'warning' } : {}),
        message: `Node type ${type.name} has no requirement ${clip(name)} to map`,
        expected: oneOf(type.requirements.keys()) ?? 'no requirements',
        nearest: () => nearestName(name, type.requirements.keys()),
      });
    }
    for (const path of pathsOf(node, context)) {
      const found = mapOne(path, name, outer, context);
      if (found !== undefined) result.push({ name, place: keyPlace, entry, ...found });
    }
  }
  return result;
}

/** One path, or in 2.0 a list of them and of names of nodes to be selected. */
function pathsOf(node: SourceNode, context: TemplateContext): (readonly SourceNode[])[] {
  const path = pathOf(node);
  if (path.length === 0) return [];
  const many =
    path.some((item) => item.kind === 'list') ||
    (context.is2 && path.length !== 2) ||
    (context.is2 && path.every((item) => context.nodes.has(textOf(item) ?? '')));
  return many ? path.map((item) => (item.kind === 'list' ? item.items : [item])) : [path];
}

function mapOne(
  [first, second]: readonly SourceNode[],
  name: string,
  outer: RequirementDefinition | undefined,
  context: TemplateContext,
): { node: NodeDraft; requirement?: string } | undefined {
  const node = first === undefined ? undefined : findNode(first, context);
  if (first === undefined || node === undefined) return undefined;
  if (second === undefined) {
    if (context.is2 && !node.template.directives.includes('select')) {
      context.add(first.place, {
        code: 'SUBSTITUTION_INVALID',
        message: `${clip(node.template.name)} is not to be selected: requirement ${clip(name)} needs one of its requirements`,
        expected: `[ ${clip(node.template.name)}, <requirement> ], or the directive select`,
      });
    }
    return { node };
  }
  const requirement = textOf(second);
  if (requirement === undefined) return undefined;
  const inner = node.type?.requirements.get(requirement);
  if (inner === undefined) {
    if (node.type?.open === false) {
      context.add(second.place, {
        code: 'REQUIREMENT_UNKNOWN',
        message: `${clip(node.template.name)} has no requirement ${clip(requirement)}`,
        expected: oneOf(node.type.requirements.keys()) ?? 'no requirements',
        nearest: () => nearestName(requirement, node.type?.requirements.keys() ?? []),
      });
    }
    return undefined;
  }
  const [wanted, given] = [inner.capability, outer?.capability];
  if (wanted !== undefined && given !== undefined && !fits(given, wanted) && !fits(wanted, given)) {
    context.add(second.place, {
      code: 'SUBSTITUTION_INVALID',
      message: `Requirement ${clip(name)} ends in ${given.name}; ${clip(requirement)} of ${clip(node.template.name)} needs ${wanted.name}`,
      expected: `a requirement of capability ${given.name}`,
    });
  }
  return { node, requirement };
}

/** 2.0: only what has no target yet can be mapped, and no more than the substituted node is sure to have. */
export function checkRequirementMappings(
  mappings: readonly RequirementMapping[],
  type: NodeType | undefined,
  context: TemplateContext,
): void {
  if (!context.is2) return;
  const assigned = new Map<NodeDraft, Map<string, boolean>>();
  const entries = new Map<string, { count: Map<number, number>; place: Place }>();
  for (const mapping of mappings) {
    if (mapping.requirement === undefined) continue;
    const { node, requirement } = mapping;
    const ofNode = assigned.get(node) ?? assignedOf(node, context);
    assigned.set(node, ofNode);
    const bound = ofNode.get(requirement) ?? false;
    const mandatory = node.type?.requirements.get(requirement)?.occurrences.least ?? 0;
    if (bound) {
      context.add(mapping.place, {
        code: 'SUBSTITUTION_INVALID',
        message: `Requirement ${clip(requirement)} of ${clip(node.template.name)} has a target already`,
        expected: 'a requirement without a target',
      });
    }
    const known = entries.get(mapping.name) ?? { count: new Map<number, number>(), place: mapping.place };
    known.count.set(mapping.entry, Math.max(mandatory, known.count.get(mapping.entry) ?? 0));
    entries.set(mapping.name, known);
  }
  for (const [name, { count, place }] of entries) {
    const range = type?.requirements.get(name)?.occurrences;
    if (range === undefined) continue;
    const mandatory = [...count.values()].reduce((sum, each) => sum + each, 0);
    if (mandatory <= range.least && count.size <= range.most) continue;
    context.add(place, {
      code: 'SUBSTITUTION_INVALID',
      message:
        mandatory > range.least
          ? `The template needs ${mandatory} of requirement ${clip(name)}, and a node of type ${type?.name ?? ''} is sure to have ${range.least}`
          : `Requirement ${clip(name)} is mapped ${count.size} times, and a node has at most ${range.most}`,
      expected: `mandatory mappings: at most ${range.least}; mappings: at most ${range.most}`,
    });
  }
}

/** By requirement: does a node's assignment of it name a target? */
function assignedOf(node: NodeDraft, context: TemplateContext): Map<string, boolean> {
  const result = new Map<string, boolean>();
  for (const [name, { node: value }] of namedItems(node.map.entries.get('requirements')?.node)) {
    const target = value.kind === 'map' ? value.entries.get('node')?.node : value;
    const named = textOf(target?.kind === 'list' ? target.items[0] : target);
    const bound = named !== undefined && context.nodes.has(named);
    result.set(name, bound || result.get(name) === true);
  }
  return result;
}
