import { nearestName } from '@underware/core';
import type { FindingCode } from '../finding.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { Call, Result } from './call.js';
import { resultOf, UNKNOWN, unresolved } from './call.js';
import { descend } from './descend.js';
import { listSchema, primitiveSchema } from './primitive-schema.js';
import type { Connection, Entity, FunctionScope, Slot } from './scope.js';
import { clip, oneOf } from './shown.js';
import { readStep } from './step.js';
import type { Step } from './step.js';
import { PathReader } from './tosca-path.js';

/** What every node and relationship has at run time, whether or not its type says so. */
const ALWAYS_ATTRIBUTES = new Set(['tosca_id', 'tosca_name', 'state']);

/** The functions that look something up: inputs, properties, attributes, artifacts, outputs of operations. */
export class GraphFunctions {
  constructor(private readonly valueOf: (slot: Slot, call: Call) => Result) {}

  run(name: string, call: Call, scope: FunctionScope): Result {
    const steps = this.steps(call);
    if (steps === undefined) return UNKNOWN;
    switch (name) {
      case 'get_input':
        return this.input(call, scope, steps);
      case 'get_property':
        return this.slot(call, scope, steps, 'property');
      case 'available_allocation':
        // What is left of the property's value, only the run will know.
        return { ...this.slot(call, scope, steps, 'property'), value: UNRESOLVED };
      case 'get_attribute':
        return this.slot(call, scope, steps, 'attribute');
      case 'get_artifact':
        return this.artifact(call, scope, steps);
      case 'get_operation_output':
        return this.operationOutput(call, scope, steps);
      case 'get_nodes_of_type':
        return this.nodesOfType(call, scope, steps);
      default:
        return this.index(call, scope);
    }
  }

  private steps(call: Call): Step[] | undefined {
    const steps: Step[] = [];
    for (const [index, node] of call.args.entries()) {
      const step = readStep(node, call.isCall(index));
      if (step === undefined) {
        call.add(node.place, {
          code: 'FUNCTION_INVALID',
          message: `Argument ${index + 1} of ${call.name} is neither a name nor an index`,
        });
        return undefined;
      }
      // A call in a path is checked as well.
      if (step.dynamic) call.read(index);
      steps.push(step);
    }
    return steps;
  }

  private input(call: Call, scope: FunctionScope, [first, ...rest]: readonly Step[]): Result {
    if (first === undefined) return wrongArity(call, 'the name of an input');
    if (first.dynamic || scope.inputs === undefined) return UNKNOWN;
    const slot = scope.inputs.get(first.text);
    if (slot !== undefined) return descend(this.valueOf(slot, call), rest, call);
    call.add(first.place, {
      code: 'INPUT_UNKNOWN',
      message: `There is no input ${clip(first.text)}`,
      expected: oneOf(scope.inputs.keys()) ?? 'an input to be declared',
      nearest: () => nearestName(first.text, scope.inputs?.keys() ?? []),
    });
    return UNKNOWN;
  }

  private slot(
    call: Call,
    scope: FunctionScope,
    steps: readonly Step[],
    what: 'property' | 'attribute',
  ): Result {
    if (steps.length < 2) {
      return wrongArity(call, `[ <path to a node, relationship or capability>, <name of the ${what}>, … ]`);
    }
    const has = (entity: Entity, name: string): boolean => findSlot(entity, name, what) !== undefined;
    const stop = new PathReader(call, scope, steps, has).read();
    if (stop?.entity === undefined) return UNKNOWN;
    const { entity, rest, many } = stop;
    const [name, ...nested] = rest;
    if (name === undefined) return wrongArity(call, `the name of the ${what} at the end of the path`);
    if (name.dynamic) return UNKNOWN;
    const found = findSlot(entity, name.text, what);
    const result =
      found === undefined
        ? this.elsewhere(call, entity, name, nested, what)
        : descend(this.read(found, what, call), nested, call);
    return many ? { value: UNRESOLVED, schema: listSchema(result.schema) } : result;
  }

  private read(slot: Slot, what: 'property' | 'attribute', call: Call): Result {
    return what === 'property' ? this.valueOf(slot, call) : { value: UNRESOLVED, schema: slot.schema };
  }

  /** Of a capability or requirement that is named before the property, as 1.x does. */
  private elsewhere(
    call: Call,
    entity: Entity,
    name: Step,
    [second, ...nested]: readonly Step[],
    what: 'property' | 'attribute',
  ): Result {
    const capability = entity.capabilities?.get(name.text);
    const connections = entity.requirements?.get(name.text);
    if (second === undefined || (capability === undefined && connections === undefined)) {
      return this.unknown(call, entity, name, what, second !== undefined);
    }
    if (second.dynamic) return UNKNOWN;
    const indexed = connections !== undefined && second.index !== undefined && nested.length > 0;
    const [property, rest] = indexed ? [nested[0], nested.slice(1)] : [second, nested];
    const connection = connections?.[indexed ? (second.index ?? 0) : 0];
    const candidates = [capability, ...endsOf(connection, name.text)].filter((end) => end !== undefined);
    for (const candidate of candidates) {
      const found = property && findSlot(candidate, property.text, what);
      if (found !== undefined) return descend(this.read(found, what, call), rest, call);
    }
    // A target that is still to be selected may have more.
    const [known] = candidates;
    const open = connections !== undefined && connection?.target === undefined;
    if (
      known === undefined ||
      property === undefined ||
      open ||
      candidates.some((end) => end.open === true)
    ) {
      return UNKNOWN;
    }
    return this.unknown(call, known, property, what, false);
  }

  private unknown(
    call: Call,
    entity: Entity,
    name: Step,
    what: 'property' | 'attribute',
    mayBeOther: boolean,
  ): Result {
    if (entity.open === true || (what === 'attribute' && ALWAYS_ATTRIBUTES.has(name.text))) return UNKNOWN;
    const names = [
      ...entity.properties.keys(),
      ...(what === 'attribute' ? entity.attributes.keys() : []),
      ...(mayBeOther ? [...(entity.capabilities?.keys() ?? []), ...(entity.requirements?.keys() ?? [])] : []),
    ];
    const isAttribute = what === 'property' && entity.attributes.get(name.text) !== undefined;
    const others = mayBeOther ? ', capability or requirement' : '';
    const code: FindingCode = mayBeOther
      ? 'REFERENCE_UNKNOWN'
      : what === 'property'
        ? 'PROPERTY_UNKNOWN'
        : 'ATTRIBUTE_UNKNOWN';
    call.add(name.place, {
      code,
      message: `There is no ${what}${others} ${clip(name.text)} of ${entity.title}`,
      expected: isAttribute ? 'get_attribute: it is an attribute' : oneOf(names),
      nearest: () => nearestName(name.text, names),
    });
    return UNKNOWN;
  }

  private artifact(call: Call, scope: FunctionScope, steps: readonly Step[]): Result {
    if (steps.length < 2) return wrongArity(call, '[ <path to a node>, <name of the artifact> ]');
    const stop = new PathReader(
      call,
      scope,
      steps,
      (entity, name) => entity.artifacts?.get(name) !== undefined,
    ).read();
    const name = stop?.rest[0];
    const entity = stop?.entity;
    if (name === undefined || entity?.artifacts === undefined || name.dynamic) return unresolved('string');
    if (entity.artifacts.get(name.text) === undefined && entity.open !== true) {
      call.add(name.place, {
        code: 'REFERENCE_UNKNOWN',
        message: `There is no artifact ${clip(name.text)} of ${entity.title}`,
        expected: oneOf(entity.artifacts.keys()),
        nearest: () => nearestName(name.text, entity.artifacts?.keys() ?? []),
      });
    }
    return unresolved('string');
  }

  private operationOutput(call: Call, scope: FunctionScope, steps: readonly Step[]): Result {
    if (steps.length !== 4) {
      return wrongArity(call, '[ <node or relationship>, <interface>, <operation>, <output> ]');
    }
    const stop = new PathReader(call, scope, steps, () => true).read();
    const [interfaceName, operationName] = stop?.rest ?? [];
    const entity = stop?.entity;
    if (entity?.interfaces === undefined || entity.open === true || interfaceName === undefined)
      return UNKNOWN;
    // By the name it has there, or by that of its type.
    const short = interfaceName.text.split('.').at(-1) ?? '';
    const operations = entity.interfaces.get(interfaceName.text) ?? entity.interfaces.get(short);
    if (operations === undefined) {
      call.add(interfaceName.place, {
        code: 'INTERFACE_UNKNOWN',
        message: `There is no interface ${clip(interfaceName.text)} of ${entity.title}`,
        expected: oneOf(entity.interfaces.keys()),
        nearest: () => nearestName(interfaceName.text, entity.interfaces?.keys() ?? []),
      });
    } else if (operationName !== undefined && ![...operations.keys()].includes(operationName.text)) {
      call.add(operationName.place, {
        code: 'OPERATION_UNKNOWN',
        message: `The interface ${clip(interfaceName.text)} has no operation ${clip(operationName.text)}`,
        expected: oneOf(operations.keys()),
        nearest: () => nearestName(operationName.text, operations.keys()),
      });
    }
    return UNKNOWN;
  }

  private nodesOfType(call: Call, scope: FunctionScope, [name, ...more]: readonly Step[]): Result {
    if (name === undefined || more.length > 0) return wrongArity(call, 'the name of a node type');
    if (!name.dynamic && scope.nodeTypes !== undefined && scope.nodeTypes.get(name.text) === undefined) {
      call.add(name.place, {
        code: 'TYPE_UNKNOWN',
        message: `There is no node type ${clip(name.text)}`,
        expected: 'the name of a node type',
        nearest: () => nearestName(name.text, scope.nodeTypes?.keys() ?? []),
      });
    }
    return { value: UNRESOLVED, schema: listSchema(primitiveSchema('string')) };
  }

  /** `$node_index`, `$relationship_index`. */
  private index(call: Call, scope: FunctionScope): Result {
    if (call.args.length > 0) return wrongArity(call, 'no argument');
    if (scope.self === undefined && scope.nodes !== undefined) {
      call.add(call.place, {
        code: 'FUNCTION_INVALID',
        message: `${call.name} has no meaning outside of nodes and relationships`,
      });
    }
    return resultOf('integer', undefined);
  }
}

export const GRAPH_FUNCTIONS: ReadonlySet<string> = new Set([
  'get_input',
  'get_property',
  'get_attribute',
  'get_artifact',
  'get_operation_output',
  'get_nodes_of_type',
  'available_allocation',
  'node_index',
  'relationship_index',
]);

/** An attribute reflects the property of the same name. */
function findSlot(entity: Entity, name: string, what: 'property' | 'attribute'): Slot | undefined {
  return (what === 'attribute' ? entity.attributes.get(name) : undefined) ?? entity.properties.get(name);
}

/** Where a requirement's name leads in 1.x: to the capability it ends in, the node behind it, or the relationship. */
function endsOf(connection: Connection | undefined, name: string): (Entity | undefined)[] {
  if (connection === undefined) return [];
  return [
    connection.capability,
    connection.target?.capabilities?.get(name),
    connection.relationship,
    connection.target,
  ];
}

function wrongArity(call: Call, expected: string): Result {
  call.add(call.place, {
    code: 'FUNCTION_INVALID',
    message: `The arguments of ${call.name} are not those that it takes`,
    expected,
  });
  return UNKNOWN;
}
