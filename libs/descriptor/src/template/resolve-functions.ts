import { nearestName, UNRESOLVED } from '@underware/underservices';
import type { Findings } from '../finding.js';
import { fromValue } from '../source/source-node.js';
import type { MapEntry, MapNode, SourceNode, WalkBudget } from '../source/source-node.js';
import type { Input } from './read-inputs.js';

const SUPPORTED = ['get_input', 'concat'];
const KNOWN = new Set([
  ...SUPPORTED,
  'get_property',
  'get_attribute',
  'get_operation_output',
  'get_nodes_of_type',
  'get_artifact',
  'token',
  'join',
]);

/**
 * Replaces function calls by what they stand for, written as in 1.x (`{ get_input: x }`) or 2.0 (`{ $get_input: x }`).
 * Everything else keeps its place; nodes that aliases share are resolved once.
 */
export class FunctionResolver {
  private readonly resolved = new Map<SourceNode, SourceNode>();

  constructor(
    private readonly inputs: ReadonlyMap<string, Input>,
    private readonly budget: WalkBudget,
    private readonly findings: Findings,
  ) {}

  resolve(node: SourceNode): SourceNode {
    if (node.kind === 'scalar') return node;
    const known = this.resolved.get(node);
    if (known !== undefined) return known;
    const result =
      node.kind === 'list'
        ? { ...node, items: node.items.map((item) => this.resolve(item)) }
        : this.map(node);
    this.resolved.set(node, result);
    return result;
  }

  private map(node: MapNode): SourceNode {
    const [only] = node.entries;
    if (only !== undefined && node.entries.size === 1) {
      const [key, { keyOffset, node: argument }] = only;
      const name = key.replace(/^\$/, '');
      if (KNOWN.has(name) || /^\$[^$]/.test(key)) return this.call(key, name, argument, keyOffset);
    }
    const entries = [...node.entries].map(([key, entry]): [string, MapEntry] => [
      key.startsWith('$$') ? key.slice(1) : key,
      { ...entry, node: this.resolve(entry.node) },
    ]);
    return { ...node, entries: new Map(entries) };
  }

  private call(key: string, name: string, argument: SourceNode, keyOffset: number): SourceNode {
    if (name === 'get_input') return this.getInput(argument, keyOffset);
    if (name === 'concat') return this.concat(argument, keyOffset);
    this.findings.add(keyOffset, {
      code: 'FUNCTION_UNSUPPORTED',
      message: `The function ${key.slice(0, 80)} is not known to this version`,
      expected: SUPPORTED.join(' or '),
      nearest: nearestName(name, SUPPORTED),
    });
    return fromValue(UNRESOLVED, keyOffset, this.budget);
  }

  private getInput(argument: SourceNode, keyOffset: number): SourceNode {
    const path = argument.kind === 'list' ? argument.items : [argument];
    const [first, ...rest] = path.map((step) => (step.kind === 'scalar' ? step.text : undefined));
    if (first === undefined || rest.includes(undefined)) {
      this.findings.add(argument.offset, {
        code: 'FUNCTION_INVALID',
        message: 'get_input takes the name of an input, or a list of it and a path',
        expected: 'get_input: name',
      });
      return fromValue(UNRESOLVED, keyOffset, this.budget);
    }
    const input = this.inputs.get(first);
    if (input === undefined) {
      this.findings.add(argument.offset, {
        code: 'INPUT_UNKNOWN',
        message: `There is no input ${first.slice(0, 80)}`,
        expected:
          this.inputs.size === 0 ? 'an input to be declared' : `one of ${[...this.inputs.keys()].join(', ')}`,
        nearest: nearestName(first, this.inputs.keys()),
      });
      return fromValue(UNRESOLVED, keyOffset, this.budget);
    }
    input.used = true;
    let value = input.value;
    for (const step of rest) {
      if (value === UNRESOLVED) break;
      const next =
        typeof value === 'object' && value !== null && step !== undefined && Object.hasOwn(value, step)
          ? (value as Record<string, unknown>)[step]
          : undefined;
      if (next === undefined) {
        this.findings.add(argument.offset, {
          code: 'FUNCTION_INVALID',
          message: `Input ${first} has nothing at ${rest.join('.').slice(0, 80)}`,
        });
        return fromValue(UNRESOLVED, keyOffset, this.budget);
      }
      value = next;
    }
    return fromValue(value, keyOffset, this.budget);
  }

  private concat(argument: SourceNode, keyOffset: number): SourceNode {
    const parts = argument.kind === 'list' ? argument.items.map((item) => this.resolve(item)) : [];
    if (parts.length === 0 || parts.some((part) => part.kind !== 'scalar')) {
      this.findings.add(argument.offset, {
        code: 'FUNCTION_INVALID',
        message: 'concat takes a list of texts',
        expected: 'concat: [a, b]',
      });
      return fromValue(UNRESOLVED, keyOffset, this.budget);
    }
    const texts = parts.map((part) =>
      part.kind === 'scalar' && part.value !== UNRESOLVED ? part.text : undefined,
    );
    return fromValue(texts.includes(undefined) ? UNRESOLVED : texts.join(''), keyOffset, this.budget);
  }
}
