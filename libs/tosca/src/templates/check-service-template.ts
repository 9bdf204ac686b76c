import type { ToscaFile } from '../model/model.js';
import type { GroupTemplate, NodeTemplate, RelationshipTemplate, Topology } from '../model/topology.js';
import type { MapNode } from '../source/source-node.js';
import type { Entity, FunctionScope, Lookup } from '../values/scope.js';
import { reportUnused } from './check-inputs.js';
import { completeNode } from './complete-nodes.js';
import { completeRelationship, completeRequirement } from './complete-requirements.js';
import { TemplateContext } from './context.js';
import { countCapabilities, countRequirements } from './count-requirements.js';
import { draftNodes } from './draft-nodes.js';
import { draftRelationships } from './draft-relationships.js';
import { draftRequirements } from './draft-requirements.js';
import { textAt } from './entries.js';
import { checkTemplateFilter } from './node-filter.js';
import { completeGroup, draftGroups } from './read-groups.js';
import { readMetadata } from './read-metadata.js';
import { InputLookup, readInputs, readOutputs } from './read-parameters.js';
import type { GivenInputs } from './read-parameters.js';
import { readPolicies } from './read-policies.js';
import { meetsFilter, providedProperties, readSubstitution } from './read-substitution.js';
import { readWorkflows } from './read-workflows.js';
import type { TemplateSurroundings } from './surroundings.js';

/** A template, with what is needed to say which of them stand for whose nodes. */
export interface CheckedTemplate {
  topology: Topology;
  /** What functions see of its nodes. */
  entities: ReadonlyMap<NodeTemplate, Entity>;
  /** Does a node meet the template's substitution_filter? Undefined where that is not known yet. */
  takes: (node: Entity) => boolean | undefined;
}

/** Checks the template of a file: first what there is and how it is connected, then the values, which may refer to all of it. */
export function checkServiceTemplate(
  file: ToscaFile,
  template: MapNode,
  given: GivenInputs,
  surroundings: TemplateSurroundings,
): CheckedTemplate {
  const inputSchemas = surroundings.parameters(file, template, 'inputs');
  const outputSchemas = surroundings.parameters(file, template, 'outputs');
  const inputLookup = new InputLookup(inputSchemas, given.values, () => functions);
  const functions: FunctionScope = {
    version: file.version,
    inputs: inputLookup,
    nodes: entitiesOf(() => context.nodes),
    relationships: entitiesOf(() => context.relationships),
    groups: entitiesOf(() => context.groups),
    nodeTypes: {
      get: (name) => file.scope.find('node', name),
      keys: () => file.scope.names('node'),
    },
    functions: surroundings.functions(file, template),
  };
  const { report, values, hasFile } = surroundings;
  const context = new TemplateContext(file, template, report, values, functions, hasFile);

  draftGroups(context);
  draftRelationships(context);
  draftNodes(context);
  const drafted = [...context.nodes.values()].map((node) => ({
    node,
    requirements: draftRequirements(node, context),
  }));

  for (const schema of inputSchemas.values()) values.checkSchema(schema, functions);
  const inputs = readInputs(inputSchemas, inputLookup, given, context);
  const provided = providedProperties(context);
  for (const node of context.nodes.values()) completeNode(node, provided.get(node.template.name), context);
  for (const relationship of context.relationships.values()) completeRelationship(relationship, context);
  for (const { node, requirements } of drafted) {
    const counted = requirements.map((draft) => ({
      draft,
      requirement: completeRequirement(node, draft, context),
    }));
    node.template.requirements = counted.map(({ requirement }) => requirement);
    countRequirements(node, counted, context);
    countCapabilities(node, requirements, context);
    checkTemplateFilter(node, context);
  }
  for (const group of context.groups.values()) completeGroup(group, context);
  const policies = readPolicies(context);
  readWorkflows((owner, section) => surroundings.parameters(file, owner, section), context);
  for (const schema of outputSchemas.values()) values.checkClauses(schema.constraints, schema, functions);
  const outputs = readOutputs(outputSchemas, context);
  const names = { inputs: inputSchemas, outputs: new Set(outputs.keys()) };
  const substitution = readSubstitution(names, context);
  reportUnused(inputSchemas, inputLookup.used, context);

  const topology: Topology = {
    file: file.path,
    place: template.place,
    version: file.version,
    scope: file.scope,
    description: textAt(template, 'description') ?? textAt(file.root, 'description') ?? '',
    metadata: readMetadata([file.root, template], context),
    inputs,
    outputs,
    nodes: templatesOf<NodeTemplate>(context.nodes),
    relationships: templatesOf<RelationshipTemplate>(context.relationships),
    groups: templatesOf<GroupTemplate>(context.groups),
    policies,
    workflows: context.workflows,
    ...(substitution === undefined ? {} : { substitution }),
  };
  const filter = substitution?.filter;
  return {
    topology,
    entities: new Map([...context.nodes.values()].map(({ template: node, entity }) => [node, entity])),
    takes: (node) => filter === undefined || meetsFilter(filter, node, substitution?.nodeType, context),
  };
}

function entitiesOf(drafts: () => ReadonlyMap<string, { entity: Entity }>): Lookup<Entity> {
  return { get: (name) => drafts().get(name)?.entity, keys: () => drafts().keys() };
}

function templatesOf<T>(drafts: ReadonlyMap<string, { template: T }>): Map<string, T> {
  return new Map([...drafts].map(([name, { template }]) => [name, template]));
}
