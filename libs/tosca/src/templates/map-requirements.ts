import { nearestName } from '@underware/core';
import { fits } from '../model/derivation.js';
import type { NodeType, Occurrences, RequirementDefinition } from '../model/types.js';
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
  /** How many assignments of the substituted node the entry is for; 0 where it takes those that are left. */
  times: number;
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
    const { name, times } = readName(written);
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
      if (found !== undefined) result.push({ name, place: keyPlace, entry, times, ...found });
    }
  }
  return result;
}

/** `[ service, 2 ]` and `[ service, UNBOUNDED ]` as keys are read as such texts. */
function readName(written: string): { name: string; times: number } {
  const [, name, count] = /^\s*\[\s*([^\s,\]]+)\s*(?:,\s*(\w+))?/.exec(written) ?? [];
  if (name === undefined) return { name: written, times: 1 };
  return { name, times: count === 'UNBOUNDED' ? 0 : Number(count ?? 1) };
}

/** One path, or in 2.0 a list of them and of names of nodes to be selected. */
function pathsOf(node: SourceNode, context: TemplateContext): (readonly SourceNode[])[] {
  const [first, second, ...rest] = pathOf(node);
  // Which of the node's representations stands between it and its requirement.
  const path = [
    first,
    ...(second !== undefined && context.is2 && isIndex(second) ? [] : [second]),
    ...rest,
  ].filter((item) => item !== undefined);
  if (path.length === 0) return [];
  const many =
    path.some((item) => item.kind === 'list') ||
    (context.is2 && path.length !== 2) ||
    (context.is2 && path.every((item) => context.nodes.has(textOf(item) ?? '')));
  return many ? path.map((item) => (item.kind === 'list' ? item.items : [item])) : [path];
}

function isIndex(node: SourceNode): boolean {
  return node.kind === 'scalar' && (typeof node.value === 'number' || node.text.startsWith('$'));
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
  const named = new Map<string, Map<number, RequirementMapping[]>>();
  for (const mapping of mappings) {
    const entries = named.get(mapping.name) ?? new Map<number, RequirementMapping[]>();
    named.set(mapping.name, entries.set(mapping.entry, [...(entries.get(mapping.entry) ?? []), mapping]));
    if (mapping.requirement === undefined) continue;
    const { node, requirement } = mapping;
    const ofNode = assigned.get(node) ?? assignedOf(node, context);
    assigned.set(node, ofNode);
    if (ofNode.get(requirement) === true) {
      context.add(mapping.place, {
        code: 'SUBSTITUTION_INVALID',
        message: `Requirement ${clip(requirement)} of ${clip(node.template.name)} has a target already`,
        expected: 'a requirement without a target',
      });
    }
  }
  for (const [name, entries] of named) {
    const range = type?.requirements.get(name)?.occurrences;
    if (range !== undefined) checkCounts(name, [...entries.values()], range, type, context);
  }
}

function checkCounts(
  name: string,
  entries: readonly (readonly RequirementMapping[])[],
  range: Occurrences,
  type: NodeType | undefined,
  context: TemplateContext,
): void {
  const mapped = entries.reduce((sum, [first]) => sum + (first?.times ?? 0), 0);
  const mandatory = neededOf(entries);
  const place = entries[0]?.[0]?.place;
  if (place === undefined || (mandatory <= range.least && mapped <= range.most)) return;
  context.add(place, {
    code: 'SUBSTITUTION_INVALID',
    // A type that does not say how many it has promises none, and excludes none either.
    ...(range.least === 0 && range.most === Infinity ? { severity: 'warning' } : {}),
    message:
      mandatory > range.least
        ? `The template needs ${mandatory} of requirement ${clip(name)}, and a node of type ${type?.name ?? ''} is sure to have ${range.least}`
        : `Requirement ${clip(name)} is mapped ${mapped} times, and a node has at most ${range.most}`,
    expected: `mandatory mappings: at most ${range.least}; mappings: at most ${range.most}`,
  });
}

/** What the nodes cannot do without. Entries to the same requirements fill them together. */
function neededOf(entries: readonly (readonly RequirementMapping[])[]): number {
  const needs = new Map<string, number>();
  for (const entry of entries) {
    const targets = entry.map(({ node, requirement }) => JSON.stringify([node.template.name, requirement]));
    const least = entry.map(({ node, requirement }) =>
      requirement === undefined ? 0 : (node.type?.requirements.get(requirement)?.occurrences.least ?? 0),
    );
    needs.set(targets.toSorted().join(), Math.max(...least));
  }
  return [...needs.values()].reduce((sum, each) => sum + each, 0);
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
