import type { ChainNode, DesiredInstance, Hook, NextHop, ObservedState, Step } from '@underware/core';
import { nodeText, stepOf } from './diff-step.js';
import type { World } from './diff-world.js';

const END: NextHop = { kind: 'end' };

/**
 * The slots of all roots and instances while the steps of a turn are laid out: every step that is planned is also
 * noted here, so that the next one starts from what the kernel will then hold.
 */
export class Links {
  readonly #next = new Map<string, NextHop>();
  readonly #spares = new Map<string, DesiredInstance>();

  constructor(
    readonly service: string,
    readonly world: World,
    now: ObservedState,
  ) {
    for (const root of now.roots) this.#next.set(nodeText(rootNode(root.device, root.hook)), root.next);
    for (const instance of now.instances) this.#next.set(instance.key, instance.next);
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
  add(node: ChainNode): void {
    this.#next.set(nodeText(node), END);
  }

  /** A spare that an earlier, broken run left behind is taken as it is. */
  addSpare(spare: DesiredInstance): void {
    this.#spares.set(spare.key, spare);
    if (!this.#next.has(spare.key)) this.#next.set(spare.key, END);
  }

  /** A slot that pointed to it still holds the program, which nothing names any more. */
  remove(node: ChainNode): void {
    this.#next.delete(nodeText(node));
    if (node.kind === 'root') return;
    for (const [name, next] of this.#next) {
      if (next.kind === 'instance' && next.key === node.key)
        this.#next.set(name, { kind: 'unknown', programId: 0 });
    }
  }

  /** The step that writes a slot; none where it already holds that. `restore: false` where nothing needs taking back. */
  set(node: ChainNode, next: string | null, reason: string, restore = true): Step[] {
    const name = nodeText(node);
    const before = this.#next.get(name) ?? END;
    if (next === null ? before.kind === 'end' : before.kind === 'instance' && before.key === next) return [];
    this.#next.set(name, next === null ? END : { kind: 'instance', key: next });
    const back = restore && this.#restorable(node) ? this.#undoTo(before) : undefined;
    const undo = back === undefined ? null : ({ kind: 'set-next', node, next: back } as const);
    return [stepOf(this.service, { kind: 'set-next', node, next }, undo, reason)];
  }

  /**
   * Turns the walk of a live chain into `members`, whose common members stand in the same order in both. Written tail to
   * head: when a slot is written, all behind it is final, so a packet passes the old members up to that slot and the
   * final ones after it. No member that stays is ever left out or met twice. `fresh` were loaded in this turn: undoing
   * their load takes their slots back too.
   */
  relink(members: string[], fresh: string[], reason: string): Step[] {
    return members
      .map((key, index) => ({ key, next: members[index + 1] ?? null }))
      .reverse()
      .flatMap(({ key, next }) => this.set({ kind: 'instance', key }, next, reason, !fresh.includes(key)));
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
