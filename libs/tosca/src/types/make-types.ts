import type {
  ArtifactType,
  CapabilityType,
  GroupType,
  InterfaceType,
  NodeType,
  PolicyType,
  RelationshipType,
} from '../model/types.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import { withLazy } from './lazy.js';
import { readArtifacts } from './read-artifacts.js';
import { checkNarrower, readCapabilities } from './read-capabilities.js';
import { readInterfaces, readNotifications, readOperations } from './read-interfaces.js';
import { readRequirements } from './read-requirements.js';
import { readDeclared, readSchemas } from './read-schema.js';
import type { Base } from './base.js';
import { nodeAt, textAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

const derived = <Parent>(parent: Parent | undefined): { parent?: Parent } =>
  parent === undefined ? {} : { parent };

export function makeNodeType(base: Base, parent: NodeType | undefined, reader: TypeReader): NodeType {
  const { node } = base;
  type Lazy = Pick<
    NodeType,
    'properties' | 'attributes' | 'capabilities' | 'requirements' | 'interfaces' | 'artifacts'
  >;
  return withLazy<Omit<NodeType, keyof Lazy>, Lazy>(
    { ...base, kind: 'node', ...derived(parent) },
    {
      properties: () => readSchemas(node, 'properties', 'property', parent?.properties, reader),
      attributes: () => readSchemas(node, 'attributes', 'attribute', parent?.attributes, reader),
      capabilities: () => readCapabilities(node, parent?.capabilities, reader),
      requirements: () => readRequirements(node, parent?.requirements, reader),
      interfaces: () => readInterfaces(node, parent?.interfaces, reader),
      artifacts: () => readArtifacts(node, parent?.artifacts, reader),
    },
  );
}

export function makeRelationshipType(
  base: Base,
  parent: RelationshipType | undefined,
  reader: TypeReader,
): RelationshipType {
  const { node } = base;
  type Lazy = Pick<
    RelationshipType,
    | 'properties'
    | 'attributes'
    | 'interfaces'
    | 'validCapabilityTypes'
    | 'validTargetNodeTypes'
    | 'validSourceNodeTypes'
  >;
  // Of 1.x, one list names capability types and node types.
  const targets = (): (CapabilityType | NodeType)[] =>
    reader.types<'capability' | 'node'>(['capability', 'node'], nodeAt(node, 'valid_target_types'));
  return withLazy<Omit<RelationshipType, keyof Lazy>, Lazy>(
    { ...base, kind: 'relationship', ...derived(parent) },
    {
      properties: () => readSchemas(node, 'properties', 'property', parent?.properties, reader),
      attributes: () => readSchemas(node, 'attributes', 'attribute', parent?.attributes, reader),
      interfaces: () => readInterfaces(node, parent?.interfaces, reader),
      validCapabilityTypes: () =>
        narrowed(
          node,
          'valid_capability_types',
          [
            ...reader.types<'capability'>(['capability'], nodeAt(node, 'valid_capability_types')),
            ...targets().filter((type) => type.kind === 'capability'),
          ],
          parent?.validCapabilityTypes,
          reader,
        ),
      validTargetNodeTypes: () =>
        narrowed(
          node,
          'valid_target_node_types',
          [
            ...reader.types<'node'>(['node'], nodeAt(node, 'valid_target_node_types')),
            ...targets().filter((type) => type.kind === 'node'),
          ],
          parent?.validTargetNodeTypes,
          reader,
        ),
      validSourceNodeTypes: () =>
        narrowed(
          node,
          'valid_source_node_types',
          reader.types<'node'>(
            ['node'],
            nodeAt(node, 'valid_source_node_types') ?? nodeAt(node, 'valid_source_types'),
          ),
          parent?.validSourceNodeTypes,
          reader,
        ),
    },
  );
}

export function makeCapabilityType(
  base: Base,
  parent: CapabilityType | undefined,
  reader: TypeReader,
): CapabilityType {
  const { node } = base;
  type Lazy = Pick<
    CapabilityType,
    'properties' | 'attributes' | 'validSourceNodeTypes' | 'validRelationshipTypes'
  >;
  return withLazy<Omit<CapabilityType, keyof Lazy>, Lazy>(
    { ...base, kind: 'capability', ...derived(parent) },
    {
      properties: () => readSchemas(node, 'properties', 'property', parent?.properties, reader),
      attributes: () => readSchemas(node, 'attributes', 'attribute', parent?.attributes, reader),
      validSourceNodeTypes: () =>
        narrowed(
          node,
          'valid_source_node_types',
          reader.types<'node'>(
            ['node'],
            nodeAt(node, 'valid_source_node_types') ?? nodeAt(node, 'valid_source_types'),
          ),
          parent?.validSourceNodeTypes,
          reader,
        ),
      validRelationshipTypes: () =>
        narrowed(
          node,
          'valid_relationship_types',
          reader.types<'relationship'>(['relationship'], nodeAt(node, 'valid_relationship_types')),
          parent?.validRelationshipTypes,
          reader,
        ),
    },
  );
}

export function makeInterfaceType(
  base: Base,
  parent: InterfaceType | undefined,
  reader: TypeReader,
): InterfaceType {
  const { node } = base;
  type Lazy = Pick<InterfaceType, 'inputs' | 'operations' | 'notifications'>;
  return withLazy<Omit<InterfaceType, keyof Lazy>, Lazy>(
    { ...base, kind: 'interface', ...derived(parent) },
    {
      inputs: () => readDeclared(node, 'inputs', parent?.inputs, reader),
      operations: () => readOperations(node, parent?.operations, true, reader),
      notifications: () => readNotifications(node, parent?.notifications, reader, true),
    },
  );
}

export function makeArtifactType(
  base: Base,
  parent: ArtifactType | undefined,
  reader: TypeReader,
): ArtifactType {
  const { node } = base;
  const extensions = nodeAt(node, 'file_ext');
  const own = extensions?.kind === 'list' ? extensions.items : [];
  return withLazy<Omit<ArtifactType, 'properties'>, Pick<ArtifactType, 'properties'>>(
    {
      ...base,
      kind: 'artifact',
      ...derived(parent),
      mimeType: textAt(node, 'mime_type') || (parent?.mimeType ?? ''),
      fileExtensions:
        own.length === 0
          ? (parent?.fileExtensions ?? [])
          : own.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])),
    },
    { properties: () => readSchemas(node, 'properties', 'property', parent?.properties, reader) },
  );
}

export function makeGroupType(base: Base, parent: GroupType | undefined, reader: TypeReader): GroupType {
  const { node } = base;
  type Lazy = Pick<GroupType, 'properties' | 'attributes' | 'members' | 'interfaces'>;
  return withLazy<Omit<GroupType, keyof Lazy>, Lazy>(
    { ...base, kind: 'group', ...derived(parent) },
    {
      properties: () => readSchemas(node, 'properties', 'property', parent?.properties, reader),
      attributes: () => readSchemas(node, 'attributes', 'attribute', parent?.attributes, reader),
      members: () =>
        narrowed(
          node,
          'members',
          reader.types<'node'>(['node'], nodeAt(node, 'members')),
          parent?.members,
          reader,
        ),
      interfaces: () => readInterfaces(node, parent?.interfaces, reader),
    },
  );
}

export function makePolicyType(base: Base, parent: PolicyType | undefined, reader: TypeReader): PolicyType {
  const { node } = base;
  type Lazy = Pick<PolicyType, 'properties' | 'attributes' | 'targets'>;
  return withLazy<Omit<PolicyType, keyof Lazy>, Lazy>(
    {
      ...base,
      kind: 'policy',
      ...derived(parent),
      triggers: new Map([...(parent?.triggers ?? []), ...readTriggers(node)]),
    },
    {
      properties: () => readSchemas(node, 'properties', 'property', parent?.properties, reader),
      attributes: () => readSchemas(node, 'attributes', 'attribute', parent?.attributes, reader),
      targets: () => {
        const own = reader.types<'node' | 'group'>(['node', 'group'], nodeAt(node, 'targets'));
        return own.length > 0 ? own : (parent?.targets ?? []);
      },
    },
  );
}

/** A mapping, or as in early files a list of mappings with one name each. */
function readTriggers(node: MapNode): [string, SourceNode][] {
  const triggers = nodeAt(node, 'triggers');
  const maps = triggers?.kind === 'list' ? triggers.items : triggers === undefined ? [] : [triggers];
  return maps.flatMap((each) =>
    each.kind === 'map'
      ? [...each.entries].map(([name, entry]): [string, SourceNode] => [name, entry.node])
      : [],
  );
}

function narrowed<T extends NodeType | RelationshipType | CapabilityType>(
  node: MapNode,
  section: string,
  own: readonly T[],
  inherited: readonly T[] | undefined,
  reader: TypeReader,
): readonly T[] {
  if (own.length === 0) return inherited ?? [];
  if (reader.isTwo) checkNarrower(node, section, own, inherited ?? [], reader);
  return own;
}
