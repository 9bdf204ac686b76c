import { nearestName } from '@underware/core';
import type { Activity, Workflow, WorkflowStep } from '../model/topology.js';
import type { Schema } from '../model/schema.js';
import type { MapEntry, MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { FunctionScope } from '../values/scope.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { isEmpty, itemsOf, mapAt, textAt, textsOf } from './entries.js';
import { checkCall } from './check-call.js';
import { findMember } from './find-member.js';
import { cycleIn } from './find-cycle.js';
import { SlotLookup } from './slot-lookup.js';
import { readActivities } from './read-activities.js';
import { readImplementation } from './read-implementation.js';
import { readMetadata } from './read-metadata.js';

/** What every orchestrator has by itself. */
const DECLARATIVE = new Set(['deploy', 'undeploy']);

/** Reads the parameters in a section of a mapping. */
export type ParameterReader = (owner: MapNode, section: string) => ReadonlyMap<string, Schema>;

/** Every imperative workflow: its steps, what they do to what, and in which order. */
export function readWorkflows(parameters: ParameterReader, context: TemplateContext): void {
  const written = mapAt(context.template, 'workflows');
  for (const [name, { keyPlace, node }] of written?.entries ?? []) {
    if (node.kind !== 'map') continue;
    context.workflows.set(name, readWorkflow(name, keyPlace, node, parameters(node, 'inputs'), context));
  }
  for (const workflow of context.workflows.values()) checkInlined(workflow, written, context);
  const inlined = (name: string): string[] =>
    [...(context.workflows.get(name)?.steps.values() ?? [])].flatMap(({ activities }) =>
      activities.filter(({ kind }) => kind === 'inline').map((activity) => activity.name),
    );
  const cyclic = cycleIn(context.workflows.keys(), inlined);
  const workflow = cyclic === undefined ? undefined : context.workflows.get(cyclic);
  if (workflow !== undefined) {
    context.add(workflow.place, {
      code: 'WORKFLOW_INVALID',
      // Its conditions may end it: the standard has one that does so.
      severity: 'warning',
      message: `Workflow ${clip(workflow.name)} inlines itself`,
      expected: 'workflows that do not inline each other in a circle',
    });
  }
}

function readWorkflow(
  name: string,
  place: Place,
  map: MapNode,
  inputs: ReadonlyMap<string, Schema>,
  context: TemplateContext,
): Workflow {
  // Inside a workflow its own inputs come before those of the template.
  const outer = context.functions.inputs;
  const own = new SlotLookup(inputs, undefined, () => scope);
  const scope: FunctionScope = {
    ...context.functions,
    inputs: {
      get: (input) => own.get(input) ?? (inputs.has(input) ? undefined : outer?.get(input)),
      *keys() {
        yield* inputs.keys();
        yield* outer?.keys() ?? [];
      },
    },
  };
  checkPreconditions(map, scope, context);
  const steps = new Map<string, WorkflowStep>();
  for (const [step, entry] of mapAt(map, 'steps')?.entries ?? []) {
    const read = readStep(step, entry, scope, context);
    if (read !== undefined) steps.set(step, read);
  }
  checkOrder(mapAt(map, 'steps'), steps, context);
  const implementation = readImplementation(map.entries.get('implementation')?.node, new Map(), context);
  if (implementation !== undefined && steps.size > 0) {
    context.add(implementation.place, {
      code: 'WORKFLOW_INVALID',
      message: `Workflow ${clip(name)} has both steps and an implementation`,
      expected: 'one of them',
    });
  }
  return {
    name,
    place,
    description: textAt(map, 'description') ?? '',
    metadata: readMetadata([map], context),
    inputs,
    steps,
    ...(implementation === undefined ? {} : { implementation }),
  };
}

function checkPreconditions(map: MapNode, scope: FunctionScope, context: TemplateContext): void {
  const condition = map.entries.get('precondition')?.node;
  if (condition !== undefined && !isEmpty(condition)) context.values.checkCondition(condition, scope);
  for (const item of itemsOf(map.entries.get('preconditions')?.node)) {
    if (item.kind !== 'map') continue;
    const target = item.entries.get('target')?.node;
    for (const { text, place } of target?.kind === 'scalar' ? textsOf(target) : [])
      findMember(text, place, context);
  }
}

function readStep(
  name: string,
  { keyPlace, node: map }: MapEntry,
  scope: FunctionScope,
  context: TemplateContext,
): WorkflowStep | undefined {
  if (map.kind !== 'map') return undefined;
  const [target] = textsOf(map.entries.get('target')?.node);
  const member = target === undefined ? undefined : findMember(target.text, target.place, context);
  const relationship = map.entries.get('target_relationship')?.node;
  const [named] = textsOf(relationship);
  if (named !== undefined && member?.node !== undefined) checkRelationship(named, member.node, context);
  const activities = readActivities(map.entries.get('activities')?.node, scope, context);
  if (context.is2) {
    const self = member?.node?.entity ?? member?.group?.entity;
    for (const clause of itemsOf(map.entries.get('filter')?.node)) {
      context.values.checkCondition(clause, self === undefined ? scope : { ...scope, self });
    }
  }
  if (member?.node !== undefined && named === undefined) {
    checkOperations(activities, member.node, scope, context);
  }
  return {
    name,
    place: keyPlace,
    ...(member?.node === undefined ? {} : { targetNode: member.node.template }),
    ...(member?.group === undefined ? {} : { targetGroup: member.group.template }),
    ...(named === undefined ? {} : { targetRelationship: named.text }),
    activities,
    onSuccess: textsOf(map.entries.get('on_success')?.node).map(({ text }) => text),
    onFailure: textsOf(map.entries.get('on_failure')?.node).map(({ text }) => text),
  };
}

function checkRelationship(
  { text, place }: { text: string; place: Place },
  { type, template }: NodeDraft,
  context: TemplateContext,
): void {
  if (type === undefined || type.open || type.requirements.has(text)) return;
  // Some name the relationship's type or template in place of the requirement.
  if (!context.is2) {
    if (context.relationships.has(text) || context.file.scope.find('relationship', text) !== undefined)
      return;
  }
  context.add(place, {
    code: 'REQUIREMENT_UNKNOWN',
    message: `${clip(template.name)} has no requirement ${clip(text)}`,
    expected: oneOf(type.requirements.keys()) ?? 'no target_relationship',
    nearest: () => nearestName(text, type.requirements.keys()),
  });
}

/** Operations are written `interface.operation`; the interface's own name may have dots. */
function checkOperations(
  activities: readonly Activity[],
  node: NodeDraft,
  scope: FunctionScope,
  context: TemplateContext,
): void {
  if (node.type === undefined || node.type.open) return;
  for (const activity of activities) {
    const { kind, name, place } = activity;
    if (kind !== 'call_operation') continue;
    const dot = name.lastIndexOf('.');
    const interfaces = node.template.interfaces;
    const interfaceName = name.slice(0, Math.max(0, dot));
    const found =
      interfaces.get(interfaceName) ??
      [...interfaces.values()].find(({ type }) => type !== undefined && type.name === interfaceName);
    const operation = name.slice(dot + 1);
    if (found === undefined) {
      context.add(place, {
        code: 'INTERFACE_UNKNOWN',
        message: `${clip(node.template.name)} has no interface ${clip(interfaceName)}`,
        expected: oneOf(interfaces.keys()) ?? 'a node that has interfaces',
        nearest: () => nearestName(interfaceName, interfaces.keys()),
      });
    } else if (!found.operations.has(operation) && found.type?.open !== true) {
      context.add(place, {
        code: 'OPERATION_UNKNOWN',
        message: `Interface ${clip(interfaceName)} of ${clip(node.template.name)} has no operation ${clip(operation)}`,
        expected: oneOf(found.operations.keys()) ?? 'no operations',
        nearest: () => nearestName(operation, found.operations.keys()),
      });
    } else if (context.is2) {
      checkCall(activity, { node, interface: found, operation }, scope, context);
    }
  }
}

/** The steps that follow exist, and do not lead back. */
function checkOrder(
  written: MapNode | undefined,
  steps: ReadonlyMap<string, WorkflowStep>,
  context: TemplateContext,
): void {
  for (const { node } of written?.entries.values() ?? []) {
    const follow: (SourceNode | undefined)[] =
      node.kind === 'map' ? [node.entries.get('on_success')?.node, node.entries.get('on_failure')?.node] : [];
    for (const { text, place } of follow.flatMap(textsOf)) {
      if (written?.entries.has(text) === true) continue;
      context.add(place, {
        code: 'WORKFLOW_INVALID',
        message: `The workflow has no step ${clip(text)}`,
        expected: oneOf(written?.entries.keys() ?? []) ?? 'a step of the workflow',
        nearest: () => nearestName(text, written?.entries.keys() ?? []),
      });
    }
  }
  const cyclic = cycleIn(steps.keys(), (step) => steps.get(step)?.onSuccess ?? []);
  const step = cyclic === undefined ? undefined : steps.get(cyclic);
  if (step === undefined) return;
  context.add(step.place, {
    code: 'WORKFLOW_INVALID',
    message: `Step ${clip(step.name)} comes after itself`,
    expected: 'steps that do not follow each other in a circle',
  });
}

function checkInlined(workflow: Workflow, written: MapNode | undefined, context: TemplateContext): void {
  for (const { activities } of workflow.steps.values()) {
    for (const { kind, name, place } of activities) {
      if (kind !== 'inline' || written?.entries.has(name) === true || DECLARATIVE.has(name)) continue;
      context.add(place, {
        code: 'WORKFLOW_INVALID',
        message: `There is no workflow ${clip(name)} to inline`,
        expected: oneOf(context.workflows.keys()) ?? 'a workflow',
        nearest: () => nearestName(name, context.workflows.keys()),
      });
    }
  }
}
