import { fits } from '../model/derivation.js';
import type { PolicyTemplate } from '../model/topology.js';
import type { GroupType, NodeType, PolicyType } from '../model/types.js';
import type { MapNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { clip } from '../values/shown.js';
import type { GroupDraft, TemplateContext } from './context.js';
import { TemplateEntity } from './entities.js';
import { mapAt, namedItems, textAt } from './entries.js';
import { findMembers, templatesOf } from './find-member.js';
import type { Member } from './find-member.js';
import { NOTHING } from './lazy-map.js';
import { PROPERTIES, readAssignments } from './read-assignments.js';
import { readMetadata } from './read-metadata.js';
import { readTriggers } from './read-triggers.js';

/** Every policy against its type, and what it applies to. */
export function readPolicies(context: TemplateContext): Map<string, PolicyTemplate> {
  const result = new Map<string, PolicyTemplate>();
  for (const [name, { keyPlace, node }] of namedItems(context.template.entries.get('policies')?.node)) {
    if (result.has(name)) {
      context.add(keyPlace, {
        code: 'NAME_DUPLICATE',
        message: `There is a policy ${clip(name)} already`,
        expected: 'a name of its own for every policy',
      });
    } else if (node.kind === 'map') {
      result.set(name, readPolicy(name, keyPlace, node, context));
    }
  }
  return result;
}

function readPolicy(name: string, place: Place, map: MapNode, context: TemplateContext): PolicyTemplate {
  const type = context.type('policy', map.entries.get('type')?.node);
  const entity = new TemplateEntity(
    'other',
    `policy ${clip(name)}`,
    place,
    type,
    map,
    context.functions,
    true,
  );
  const targets = findMembers(map.entries.get('targets')?.node, context);
  for (const target of targets) checkTarget(target, type, context);
  return {
    name,
    place,
    description: textAt(map, 'description') ?? '',
    metadata: readMetadata([map], context),
    type,
    properties: readAssignments(
      mapAt(map, 'properties'),
      type?.properties ?? NOTHING,
      entity,
      PROPERTIES,
      context,
    ),
    targets: templatesOf(targets),
    triggers: readTriggers(map.entries.get('triggers')?.node, entity.scope, context),
  };
}

function checkTarget(
  { place, node, group }: Member,
  type: PolicyType | undefined,
  context: TemplateContext,
): void {
  const valid = type?.targets ?? [];
  if (valid.length === 0) return;
  const fine =
    node !== undefined
      ? isValid(node.type, valid)
      : group !== undefined && isValidGroup(group, valid, context);
  if (fine) return;
  context.add(place, {
    code: 'REFERENCE_TYPE',
    message: `${clip((node ?? group)?.template.name ?? '')} can not be a target of a policy of type ${type?.name ?? ''}`,
    expected: `a target of type ${valid.map(({ name }) => name).join(' or ')}`,
  });
}

/** A group of a valid type, or one whose members all are. */
function isValidGroup(
  { template, map }: GroupDraft,
  valid: readonly (NodeType | GroupType)[],
  context: TemplateContext,
): boolean {
  if (
    template.type === undefined ||
    valid.some((each) => template.type !== undefined && fits(template.type, each))
  ) {
    return true;
  }
  const members = map.entries.get('members')?.node;
  return (
    members?.kind === 'list' &&
    members.items.every((item) => {
      const member = item.kind === 'scalar' ? context.nodes.get(item.text) : undefined;
      return member === undefined || isValid(member.type, valid);
    })
  );
}

function isValid(type: NodeType | undefined, valid: readonly (NodeType | GroupType)[]): boolean {
  return type === undefined || valid.some((each) => fits(type, each));
}
