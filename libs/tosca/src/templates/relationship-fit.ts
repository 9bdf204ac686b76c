import { fits } from '../model/derivation.js';
import type {
  CapabilityDefinition,
  CapabilityType,
  NodeType,
  RelationshipType,
  RequirementDefinition,
} from '../model/types.js';
import type { Place } from '../source/sources.js';
import { clip } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';

interface Fit {
  source: NodeDraft;
  requirement: string;
  definition: RequirementDefinition | undefined;
  type: RelationshipType | undefined;
  place: Place;
  capabilityType: CapabilityType | undefined;
  capability: CapabilityDefinition | undefined;
  /** Of the target; undefined where it is to be selected. */
  targetType: NodeType | undefined;
  context: TemplateContext;
}

/** May a relationship of the type connect this source, this capability and this target? */
export function checkRelationshipFit(fit: Fit): void {
  const { source, requirement, definition, type, capabilityType, capability, targetType, context } = fit;
  if (type === undefined) return;
  const wanted = definition?.relationship;
  if (wanted !== undefined && !fits(type, wanted)) {
    report(fit, `Requirement ${clip(requirement)} can not have a relationship of type ${type.name}`, [
      wanted,
    ]);
  }
  // Definitions of 1.x pair relationships with capabilities that are none of theirs: then that is what was meant.
  const meant = !context.is2 && type === wanted && none(definition?.capability, type.validCapabilityTypes);
  if (targetType !== undefined && !meant && none(capabilityType, type.validCapabilityTypes)) {
    report(
      fit,
      `A relationship of type ${type.name} can not end in a capability of type ${capabilityType?.name ?? ''}`,
      type.validCapabilityTypes,
    );
  }
  const takes = capability?.validRelationshipTypes ?? [];
  if (none(type, takes)) {
    report(fit, `Capability ${capability?.name ?? ''} takes no relationship of type ${type.name}`, takes);
  }
  if (none(targetType, type.validTargetNodeTypes)) {
    report(
      fit,
      `A relationship of type ${type.name} can not end in a node of type ${targetType?.name ?? ''}`,
      type.validTargetNodeTypes,
    );
  }
  if (none(source.type, type.validSourceNodeTypes)) {
    report(
      fit,
      `A relationship of type ${type.name} can not start from a node of type ${source.type?.name ?? ''}`,
      type.validSourceNodeTypes,
    );
  }
}

function report({ place, context }: Fit, message: string, valid: readonly Named[]): void {
  context.add(place, {
    code: 'REFERENCE_TYPE',
    message,
    expected: valid.map(({ name }) => name).join(' or '),
  });
}

interface Named {
  name: string;
  open: boolean;
}

/** Is there a list of valid types, and the type in none of them? */
function none(of: Named | undefined, valid: readonly Named[]): boolean {
  return of !== undefined && valid.length > 0 && !valid.some((each) => fits(of, each));
}
