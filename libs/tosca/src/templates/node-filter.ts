import { nearestName } from '@underware/core';
import { derivesFrom } from '../model/derivation.js';
import type { CapabilityType, NodeType } from '../model/types.js';
import type { Schema } from '../model/schema.js';
import type { MapEntry, MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { all } from '../values/compare.js';
import type { Entity, FunctionScope } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import type { RequirementDraft } from './draft-requirements.js';
import { namedItems } from './entries.js';

/** A filter of a requirement: well formed where it is of this file, and met where the target is known. */
export function checkNodeFilter(
  filter: SourceNode,
  draft: RequirementDraft,
  wellFormed: boolean,
  context: TemplateContext,
): void {
  const { target, targetType } = draft;
  const type = target?.type ?? targetType;
  if (isCondition(filter, context)) {
    if (wellFormed) context.values.checkCondition(filter, filterScope(draft));
    if (target !== undefined && context.values.readValue(filter, undefined, filterScope(draft)) === false) {
      reportUnmet(draft, target, context);
    }
    return;
  }
  const { unmet } = checkFilterOf1(
    filter,
    { type, capability: draft.capabilityType, target: target?.entity, wellFormed },
    draft.entity.scope,
    context,
  );
  if (unmet !== undefined && target !== undefined) reportUnmet(draft, target, context, unmet);
}

/** SELF is the relationship; some begin with the requirement's name, as if it were the source. */
function filterScope({ entity }: RequirementDraft): FunctionScope {
  const self: Entity = {
    kind: 'relationship',
    title: entity.title,
    open: true,
    properties: entity.properties,
    attributes: entity.attributes,
    source: entity.source,
    target: entity.target,
    capability: entity.capability,
  };
  return { ...entity.scope, self };
}

/** The filter of a node template that is to be selected. */
export function checkTemplateFilter(node: NodeDraft, context: TemplateContext): void {
  const filter = node.map.entries.get('node_filter')?.node;
  if (filter === undefined) return;
  // In the form of 1.x, one on a node that is not to be selected stands for all of its requirements.
  const condition = isCondition(filter, context);
  if (!condition && !node.template.directives.includes('select')) return;
  if (condition) context.values.checkCondition(filter, node.entity.scope);
  else {
    const parts = { type: node.type, capability: undefined, target: undefined, wellFormed: true };
    checkFilterOf1(filter, parts, node.entity.scope, context);
  }
}

/** 2.0 has a condition, 1.x lists of constraints by property. */
function isCondition(filter: SourceNode, context: TemplateContext): boolean {
  if (!context.is2) return false;
  return !(filter.kind === 'map' && (filter.entries.has('properties') || filter.entries.has('capabilities')));
}

function reportUnmet(
  draft: RequirementDraft,
  target: NodeDraft,
  context: TemplateContext,
  what?: string,
): void {
  context.add(draft.targetPlace, {
    code: 'CONSTRAINT_VIOLATED',
    message: `${clip(target.template.name)} does not meet the node filter of requirement ${clip(draft.name)}${what === undefined ? '' : `: ${what}`}`,
    expected: 'a node that meets the filter',
  });
}

interface Filtered {
  type: NodeType | undefined;
  capability: CapabilityType | undefined;
  target: Entity | undefined;
  wellFormed: boolean;
}

interface FilterResult {
  /** Undefined where it is not known yet. */
  met: boolean | undefined;
  /** The property whose value does not meet its constraints, if there is one. */
  unmet?: string;
}

/** Reports what is not well formed, where that is asked for, and tells whether the target meets it. */
export function checkFilterOf1(
  filter: SourceNode,
  { type, capability, target, wellFormed }: Filtered,
  scope: FunctionScope,
  context: TemplateContext,
): FilterResult {
  if (filter.kind !== 'map') {
    if (wellFormed) reportShape(filter.place, context);
    return { met: undefined };
  }
  const results: (boolean | undefined)[] = [];
  let unmet: string | undefined;
  const check = (part: SourceNode | undefined, schemas: Schemas, entity: Entity | undefined): void => {
    for (const [name, entry] of namedItems(part)) {
      const met = checkProperty(name, entry, schemas, entity, wellFormed, scope, context);
      results.push(met);
      if (met === false) unmet ??= `its property ${clip(name)}`;
    }
  };
  for (const [key, { keyPlace, node }] of filter.entries) {
    if (key === 'properties') {
      check(
        node,
        { title: `node type ${type?.name ?? ''}`, properties: type?.properties, open: type?.open ?? true },
        target,
      );
    } else if (key === 'capabilities') {
      for (const [name, entry] of namedItems(node)) {
        const found = findCapability(name, type, capability, context);
        if (found === undefined && wellFormed && type?.open === false && context.file.scope.complete) {
          context.add(entry.keyPlace, {
            code: 'CAPABILITY_UNKNOWN',
            message: `Node type ${type.name} has no capability ${clip(name)}`,
            expected: oneOf(type.capabilities.keys()) ?? 'a capability of the target',
            nearest: () => nearestName(name, type.capabilities.keys()),
          });
        }
        const properties = entry.node.kind === 'map' ? entry.node.entries.get('properties')?.node : undefined;
        const entity = found?.name === undefined ? undefined : target?.capabilities?.get(found.name);
        check(
          properties,
          { title: `capability ${clip(name)}`, properties: found?.properties, open: found?.open ?? true },
          entity,
        );
      }
    } else if (wellFormed && !context.is2) {
      reportShape(keyPlace, context);
    }
  }
  return { met: all(results), ...(unmet === undefined ? {} : { unmet }) };
}

function reportShape(place: Place, context: TemplateContext): void {
  context.add(place, {
    code: 'KEYWORD_UNKNOWN',
    message: 'A node filter has properties and capabilities',
    expected: 'properties or capabilities',
  });
}

interface Schemas {
  title: string;
  properties: ReadonlyMap<string, Schema> | undefined;
  open: boolean;
}

/** By its name in the node type, else by its type. */
function findCapability(
  name: string,
  type: NodeType | undefined,
  wanted: CapabilityType | undefined,
  context: TemplateContext,
): (Schemas & { name?: string }) | undefined {
  const named = type?.capabilities.get(name);
  if (named !== undefined) {
    return { name, title: name, properties: named.properties, open: named.type?.open ?? true };
  }
  const capability = context.file.scope.find('capability', name);
  if (capability === undefined) {
    // By its name in a target that is not known yet: its type is what the requirement wants.
    return type === undefined && wanted !== undefined
      ? { title: name, properties: wanted.properties, open: true }
      : undefined;
  }
  const definition = [...(type?.capabilities.values() ?? [])].find(
    (each) => each.type !== undefined && derivesFrom(each.type, capability),
  );
  return {
    ...(definition === undefined ? {} : { name: definition.name }),
    title: name,
    properties: definition?.properties ?? capability.properties,
    open: capability.open,
  };
}

/** Does the value meet the constraints? Undefined where that is not known yet. */
function checkProperty(
  name: string,
  { keyPlace, node }: MapEntry,
  { title, properties, open }: Schemas,
  entity: Entity | undefined,
  wellFormed: boolean,
  scope: FunctionScope,
  context: TemplateContext,
): boolean | undefined {
  const schema = properties?.get(name);
  if (schema === undefined) {
    if (wellFormed && properties !== undefined && !open) {
      context.add(keyPlace, {
        code: 'PROPERTY_UNKNOWN',
        message: `There is no property ${clip(name)} of ${title} to filter by`,
        expected: oneOf(properties.keys()) ?? 'no properties',
        nearest: () => nearestName(name, properties.keys()),
      });
    }
    return undefined;
  }
  const clauses = clausesOf(node).filter(
    (clause): clause is MapNode => clause.kind === 'map' && !isWithoutUnit(clause, schema),
  );
  if (wellFormed && clauses.length > 0) context.values.checkClauses(clauses, schema, scope);
  const value = entity?.properties.get(name)?.node;
  if (value === undefined || clauses.length === 0) return undefined;
  return context.values.meets(value, schema, clauses, scope);
}

/** A plain value asks for just this value. */
function clausesOf(node: SourceNode): readonly SourceNode[] {
  if (node.kind === 'list') return node.items;
  if (node.kind === 'map') return [node];
  const { place } = node;
  return [{ kind: 'map', place, entries: new Map([['equal', { keyPlace: place, node }]]) }];
}

/** A number where a scalar needs a unit: filters of 1.x mean the smallest unit, and there is no rule to hold them to. */
function isWithoutUnit(clause: MapNode, schema: Schema): boolean {
  const unit = schema.type?.primitive?.startsWith('scalar-unit') === true;
  return unit && [...clause.entries.values()].every(({ node }) => typeof plain(node) === 'number');
}

function plain(node: SourceNode): unknown {
  return node.kind === 'scalar' && !node.quoted ? node.value : undefined;
}
