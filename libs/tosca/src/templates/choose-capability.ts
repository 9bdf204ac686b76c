import { nearestName } from '@underware/core';
import { fits } from '../model/derivation.js';
import type {
  CapabilityDefinition,
  CapabilityType,
  NodeType,
  RequirementDefinition,
} from '../model/types.js';
import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { textOf } from './entries.js';

interface Choice {
  source: NodeDraft;
  requirement: string;
  definition: RequirementDefinition | undefined;
  /** `capability` of the assignment: a name in the target, or a type. */
  wanted: SourceNode | undefined;
  target: NodeDraft | undefined;
  /** Of the target, or that it is to be selected from. */
  targetType: NodeType | undefined;
  place: Place;
  context: TemplateContext;
}

interface Chosen {
  name?: string;
  type: CapabilityType | undefined;
}

/** The capability of the target in which the relationship ends: the one named, else the first that fits. */
export function chooseCapability(choice: Choice): Chosen {
  const { wanted, targetType, definition, context, target } = choice;
  const name = textOf(wanted);
  if (wanted === undefined || name === undefined) return chooseFitting(choice, undefined);
  const named = targetType?.capabilities.get(name);
  if (named !== undefined) {
    checkNamed(choice, named, wanted.place);
    return { name, type: named.type };
  }
  const type = context.file.scope.find('capability', name);
  if (type !== undefined) {
    if (
      definition?.capability !== undefined &&
      !fits(type, definition.capability) &&
      !fits(definition.capability, type)
    ) {
      reportType(choice, `capability type ${type.name}`, definition.capability.name, wanted.place);
      return { type };
    }
    return chooseFitting({ ...choice, place: wanted.place }, type);
  }
  const known = targetType !== undefined && !targetType.open && context.file.scope.complete;
  // Without a target its names are not known: a name of the type's own definition is as good as any.
  if (known && (target !== undefined || name !== definition?.capabilityName)) {
    context.add(wanted.place, {
      code: 'CAPABILITY_UNKNOWN',
      message: `${target === undefined ? `Node type ${targetType.name}` : `Node template ${clip(target.template.name)}`} has no capability ${clip(name)}`,
      expected: oneOf(targetType.capabilities.keys()) ?? 'a node that has capabilities',
      nearest: () => nearestName(name, targetType.capabilities.keys()),
    });
  }
  return { type: definition?.capability };
}

function chooseFitting(choice: Choice, narrowed: CapabilityType | undefined): Chosen {
  const { target, targetType, definition, requirement, source, place, context } = choice;
  const wanted = narrowed ?? definition?.capability;
  if (target === undefined || targetType === undefined) return { type: wanted };
  if (definition?.capabilityName !== undefined && narrowed === undefined) {
    const named = targetType.capabilities.get(definition.capabilityName);
    if (named !== undefined) return { name: named.name, type: named.type };
    if (!targetType.open) reportNone(choice, `capability ${definition.capabilityName}`);
    return { type: undefined };
  }
  if (wanted === undefined) return { type: undefined };
  let first: CapabilityDefinition | undefined;
  for (const capability of targetType.capabilities.values()) {
    const { name, type } = capability;
    if (type !== undefined && !fits(type, wanted)) continue;
    if (acceptsSource(capability, source)) return { name, type };
    first ??= capability;
  }
  if (first !== undefined) {
    context.add(place, {
      code: 'REFERENCE_TYPE',
      message: `Capability ${first.name} of ${clip(target.template.name)} takes no requirement ${clip(requirement)} of a node of type ${source.type?.name ?? 'unknown'}`,
      expected: `a source of type ${first.validSourceNodeTypes.map(({ name }) => name).join(' or ')}`,
    });
    return { name: first.name, type: first.type };
  }
  if (!targetType.open && definition?.open !== true) reportNone(choice, `capability of type ${wanted.name}`);
  return { type: wanted };
}

function checkNamed(choice: Choice, named: CapabilityDefinition, place: Place): void {
  const { definition, source, context, requirement } = choice;
  if (
    definition?.capability !== undefined &&
    named.type !== undefined &&
    !fits(named.type, definition.capability)
  ) {
    reportType(
      choice,
      `capability ${named.name} of type ${named.type.name}`,
      definition.capability.name,
      place,
    );
  } else if (!acceptsSource(named, source)) {
    context.add(place, {
      code: 'REFERENCE_TYPE',
      message: `Capability ${named.name} takes no requirement ${clip(requirement)} of a node of type ${source.type?.name ?? 'unknown'}`,
      expected: `a source of type ${named.validSourceNodeTypes.map(({ name }) => name).join(' or ')}`,
    });
  }
}

function acceptsSource({ validSourceNodeTypes: valid }: CapabilityDefinition, { type }: NodeDraft): boolean {
  return valid.length === 0 || type === undefined || valid.some((source) => fits(type, source));
}

function reportType({ requirement, context }: Choice, got: string, wanted: string, place: Place): void {
  context.add(place, {
    code: 'REFERENCE_TYPE',
    message: `Requirement ${clip(requirement)} can not end in ${got}`,
    expected: `a capability of type ${wanted}`,
  });
}

function reportNone({ requirement, target, place, context, targetType }: Choice, what: string): void {
  context.add(place, {
    code: 'REFERENCE_TYPE',
    message: `${clip(target?.template.name ?? targetType?.name ?? '')} has no ${what}, which requirement ${clip(requirement)} needs`,
    expected: `a node with a ${what}`,
  });
}
