import type { Schema } from '../model/schema.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { FunctionScope, Lookup, Slot } from '../values/scope.js';

/**
 * The properties (or attributes, inputs) of one thing as functions see them: what is assigned, else the default. Made
 * when asked for, since most are never referred to.
 */
export class SlotLookup implements Lookup<Slot> {
  private slots: Map<string, Slot> | undefined;

  constructor(
    private readonly schemas: ReadonlyMap<string, Schema>,
    private readonly assigned: MapNode | undefined,
    private readonly scope: () => FunctionScope,
  ) {}

  get(name: string): Slot | undefined {
    const known = this.slots?.get(name);
    if (known !== undefined) return known;
    const schema = this.schemas.get(name);
    const node = this.assigned?.entries.get(name)?.node ?? presetOf(schema);
    if (schema === undefined && node === undefined) return undefined;
    const slot = { schema, node, scope: this.scope() };
    this.slots ??= new Map();
    this.slots.set(name, slot);
    return slot;
  }

  *keys(): Iterable<string> {
    yield* this.schemas.keys();
    for (const name of this.assigned?.entries.keys() ?? []) if (!this.schemas.has(name)) yield name;
  }
}

/** The value that a type gives: fixed, or by default. */
export function presetOf(schema: Schema | undefined): SourceNode | undefined {
  return schema?.fixed ?? schema?.default;
}
