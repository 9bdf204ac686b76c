import type { ChainNode, DesiredInstance, Hook, NextHop, ObservedState } from '@underware/core';
import type { UntitledStep } from './diff-step.js';
import { nodeText, stepOf } from './diff-step.js';
import type { World } from './diff-world.js';

const END: NextHop = { kind: 'end' };

/**
 * The slots of all roots and instances while the steps of a turn are laid out: every step that is planned is also
 * noted here, so that the next one starts from what the kernel will then hold.
 */
export class Links {
  readonly #next = new Map<string, NextHop>();
  readonly #nodes = new Map<string, ChainNode>();
  readonly #spares = new Map<string, DesiredInstance>();

  constructor(
    readonly service: string,
    readonly world: World,
    now: ObservedState,
  ) {
    for (const { device, hook, next } of now.roots) this.add(rootNode(device, hook), next);
    for (const { key, next } of now.instances) this.add({ kind: 'instance', key }, next);
  }

  /** The instances that a packet meets from the root on; what cannot be followed ends the walk. */
  walk(device: string, hook: Hook): string[] {
    const met: string[] = [];
    let next = this.#next.get(nodeText(rootNode(device, hook))) ?? END;
    while (next.kind === 'instance' && !met.includes(next.key) && this.#next.has(next.key)) {
      met.push(next.key);
      next = this.#next.get(next.key) ?? END;
    }
    return met;
  }

  /** How many hops follow an instance. */
  depth(key: string): number {
    const met = new Set<string>();
    let at: string | undefined = key;
    while (at !== undefined && !met.has(at)) {
      met.add(at);
      const next: NextHop = this.#next.get(at) ?? END;
      at = next.kind === 'instance' ? next.key : undefined;
    }
    return met.size;
  }

  has(key: string): boolean {
    return this.#next.has(key);
  }

  /** What an instance was made from, spares of this turn included; undefined for one that no state names. */
  spec(key: string): DesiredInstance | undefined {
    return this.#spares.get(key) ?? this.world.instance(key);
  }

  /** An instance is loaded with an empty slot, a root attached with one. */
  add(node: ChainNode, next: NextHop = END): void {
    this.#next.set(nodeText(node), next);
    this.#nodes.set(nodeText(node), node);
  }

  /** A spare that an earlier, broken run left behind is taken as it is. */
  addSpare(spare: DesiredInstance): void {
    this.#spares.set(spare.key, spare);
    if (!this.#next.has(spare.key)) this.add({ kind: 'instance', key: spare.key });
  }

  remove(node: ChainNode): void {
    this.#next.delete(nodeText(node));
  }

  /** The step that writes a slot; none where it already holds that. */
  set(node: ChainNode, next: string | null, reason: string): UntitledStep[] {
    const name = nodeText(node);
    const before = this.#next.get(name) ?? END;
    if (next === null ? before.kind === 'end' : before.kind === 'instance' && before.key === next) return [];
    this.#next.set(name, next === null ? END : { kind: 'instance', key: next });
    this.#nodes.set(name, node);
    const back = this.#restorable(node) ? this.#undoTo(before) : undefined;
    const undo = back === undefined ? null : ({ kind: 'set-next', node, next: back } as const);
    return [stepOf(this.service, { kind: 'set-next', node, next }, undo, reason)];
  }

  /**
   * Links `members` to each other, tail to head. Common members of the walk now and of `members` stand in the same order
   * in both; new ones are linked before a slot that packets pass leads to them. So a packet always meets every member
   * that stays, and none twice.
   */
  relink(members: string[], reason: string): UntitledStep[] {
    return members
      .map((key, index) => ({ key, next: members[index + 1] ?? null }))
      .reverse()
      .flatMap(({ key, next }) => this.set({ kind: 'instance', key }, next, reason));
  }

  /** Empties every slot that leads to an instance: while one does, it cannot be unloaded. */
  releaseFrom(key: string, reason: string): UntitledStep[] {
    return [...this.#next]
      .filter(([, next]) => next.kind === 'instance' && next.key === key)
      .flatMap(([name]) => this.#nodes.get(name) ?? [])
      .flatMap((node) => this.set(node, null, reason));
  }

  /** Where an undo can point to: nothing, or an instance that undoing would bring back too. */
  #undoTo(before: NextHop): string | null | undefined {
    if (before.kind === 'end') return null;
    if (before.kind === 'instance' && this.spec(before.key)) return before.key;
    return undefined;
  }

  #restorable(node: ChainNode): boolean {
    return node.kind === 'root' || this.spec(node.key) !== undefined;
  }
}

export function rootNode(device: string, hook: Hook): ChainNode {
  return { kind: 'root', device, hook };
}
