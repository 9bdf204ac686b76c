import type { DesiredInstance, Hook, HostSlice, ObservedInstance, ObservedState } from '@underware/core';
import type { UntitledStep } from './diff-step.js';
import { Links, rootNode } from './diff-links.js';
import { stepOf } from './diff-step.js';
import { idOf, type World } from './diff-world.js';

export interface ChainsTurn {
  /** Before the network changes: chains that only shrink, roots that go, instances that nothing replaces. */
  early: UntitledStep[];
  /** After it: load, link, attach, splice; then unload what was replaced. */
  late: UntitledStep[];
  /** Chains of which something changes, as `<device> <hook>`. */
  touched: Set<string>;
}

interface Chain {
  device: string;
  hook: Hook;
  /** In final order, as far as it goes in this turn: this service's own members and what of others is there now. */
  members: string[];
  /** Some slice needs a root here. */
  needed: boolean;
  /** This service does. */
  wanted: boolean;
}

/** The chains that a service has a part in. */
export function diffChains(
  service: string,
  world: World,
  now: ObservedState,
  lostDevices: ReadonlySet<string>,
): ChainsTurn {
  const turn = new Turn(service, world, now);
  for (const chain of turn.chains()) turn.converge(chain, lostDevices.has(chain.device));
  turn.unloadLeftOver();
  return turn;
}

class Turn implements ChainsTurn {
  readonly early: UntitledStep[] = [];
  readonly touched = new Set<string>();
  readonly #late = {
    load: [] as UntitledStep[],
    link: [] as UntitledStep[],
    attach: [] as UntitledStep[],
    splice: [] as UntitledStep[],
  };
  readonly #unload: UntitledStep[] = [];
  readonly #links: Links;
  readonly #observed: Map<string, ObservedInstance>;
  /** Instances of this service that no slice has any more. */
  readonly #garbage: Set<string>;

  constructor(
    readonly service: string,
    readonly world: World,
    readonly now: ObservedState,
  ) {
    this.#links = new Links(service, world, now);
    this.#observed = new Map(now.instances.map((instance) => [instance.key, instance]));
    this.#garbage = new Set(
      now.instances
        .map(({ key }) => key)
        .filter((key) => !world.isWanted(`instance ${key}`) && world.ownerOfInstance(key) === service),
    );
  }

  get late(): UntitledStep[] {
    const { load, link, attach, splice } = this.#late;
    return [...load, ...link, ...attach, ...splice, ...this.#unload];
  }

  /** Chains with a desired, asserted or obsolete part of this service, and roots that nobody needs. */
  chains(): Chain[] {
    const hooks = new Map<string, { device: string; hook: Hook }>();
    const slice = this.world.sliceOf(this.service);
    for (const { port, hook } of hooksOf(slice)) {
      const device = this.world.portByKey(port)?.device;
      if (device !== undefined) hooks.set(`${device} ${hook}`, { device, hook });
    }
    for (const { device, hook } of this.now.roots) {
      const own = this.world.ownerOf(`device ${device}`) === this.service;
      if (own || this.#links.walk(device, hook).some((key) => this.#garbage.has(key)))
        hooks.set(`${device} ${hook}`, { device, hook });
    }
    return [...hooks.keys()].sort().flatMap((id) => {
      const at = hooks.get(id);
      return at
        ? [
            {
              ...at,
              members: this.#membersOf(at.device, at.hook),
              needed: this.#isNeeded(at, false),
              wanted: this.#isNeeded(at, true),
            },
          ]
        : [];
    });
  }

  converge(chain: Chain, deviceLost: boolean): void {
    const { device, hook, members } = chain;
    const root = this.now.roots.find((each) => each.device === device && each.hook === hook);
    const live = root?.attached === true && !deviceLost;
    const needed = chain.needed || members.length > 0;
    const broken = members.filter((key) => this.#whyBroken(key) !== undefined);

    if (root && (!needed || (root.attached && deviceLost)))
      this.#takeDownRoot(chain, root.attached, deviceLost);
    if (!needed || (!live && !chain.wanted)) return;

    const walk = live ? this.#links.walk(device, hook) : [];
    const missing = members.filter((key) => !this.#links.has(key));
    const shrinks = live && members.every((key) => walk.includes(key)) && isSubsequence(members, walk);
    if (shrinks) this.#splice(chain, walk, this.early, this.early);
    for (const key of broken) this.#mend(chain, key);
    if (shrinks) return;

    for (const key of missing) this.#load(chain, key);
    for (const key of members) if (!walk.includes(key)) this.#empty(key);
    const kept = walk.filter((key) => members.includes(key));
    if (!isSubsequence(kept, members)) return this.#reorder(chain);
    if (!live) this.#attachRoot(chain, root?.attached === false);
    this.#splice(chain, walk, this.#late.link, this.#late.splice);
  }

  /** Where anything new is linked, the old is unloaded after that; else at once, before the network goes. */
  unloadLeftOver(): void {
    const out = this.late.length > 0 ? this.#unload : this.early;
    for (const key of this.#headFirst([...this.#garbage].filter((each) => this.#links.has(each))))
      this.#unloadOne(key, out, 'no slice has this instance');
  }

  /** Others' members stay where they are; own ones go before the first that must come later. */
  #membersOf(device: string, hook: Hook): string[] {
    const desired =
      this.world.chains.find((chain) => chain.device === device && chain.hook === hook)?.instances ?? [];
    const mine = desired.filter(({ key }) => this.world.ownerOfInstance(key) === this.service);
    const rank = new Map<string, number>();
    desired.forEach(({ key, id }, index) => rank.set(key, index).set(id, index));
    const rankOf = (key: string): number => rank.get(key) ?? rank.get(idOf(key)) ?? -1;
    const others = this.#links
      .walk(device, hook)
      .filter(
        (key) =>
          !this.#garbage.has(key) &&
          !this.world.isHeld(key) &&
          !mine.some((instance) => instance.key === key),
      )
      // A slot that leads into another chain was tampered with.
      .filter((key) => this.#belongsTo(key, device, hook));
    const members = [...others];
    for (const { key } of mine) {
      const at = members.findIndex((other) => rankOf(other) > rankOf(key));
      members.splice(at < 0 ? members.length : at, 0, key);
    }
    return members;
  }

  #belongsTo(key: string, device: string, hook: Hook): boolean {
    const spec = this.world.revisionOf(idOf(key));
    return spec?.hook === hook && this.world.portByKey(spec.port)?.device === device;
  }

  /** Whether some slice, or this service's, has a part in the chain. */
  #isNeeded({ device, hook }: { device: string; hook: Hook }, here: boolean): boolean {
    return this.world.desired.slices
      .filter(({ service }) => !here || service === this.service)
      .flatMap(({ slice }) => hooksOf(slice))
      .some((each) => each.hook === hook && this.world.portByKey(each.port)?.device === device);
  }

  #whyBroken(key: string): string | undefined {
    const seen = this.#observed.get(key);
    const want = this.world.instance(key);
    if (!seen || !want || this.world.ownerOfInstance(key) !== this.service) return undefined;
    return seen.intact ? undefined : (seen.reason ?? 'it was altered');
  }

  #takeDownRoot({ device, hook }: Chain, attached: boolean, deviceLost: boolean): void {
    this.touched.add(`${device} ${hook}`);
    const reason = deviceLost ? 'its device is deleted or made anew' : 'no chain hangs here any more';
    const node = rootNode(device, hook);
    if (attached) this.early.push(...this.#links.set(node, null, reason));
    const undo = attached ? ({ kind: 'attach-root', device, hook } as const) : null;
    this.early.push(stepOf(this.service, { kind: 'detach-root', device, hook }, undo, reason));
    this.#links.remove(node);
  }

  /** A root whose device went or whose link was detached is mended: the chain that hangs on it stays. */
  #attachRoot({ device, hook }: Chain, mend: boolean): void {
    this.touched.add(`${device} ${hook}`);
    const node = rootNode(device, hook);
    if (!mend) this.#links.add(node);
    const undo = mend ? null : ({ kind: 'detach-root', device, hook } as const);
    const reason = mend ? 'its link was detached, or its device is another one' : 'a chain hangs here';
    this.#late.attach.push(stepOf(this.service, { kind: 'attach-root', device, hook }, undo, reason));
  }

  /** Loading puts a whole one in the place of a broken one, in all slots that lead to it; nothing of that is undone. */
  #mend({ device, hook }: Chain, key: string): void {
    const instance = this.world.instance(key);
    if (!instance) return;
    this.touched.add(`${device} ${hook}`);
    const reason = `it is loaded again: ${this.#whyBroken(key) ?? 'it was altered'}`;
    this.#late.load.push(stepOf(this.service, { kind: 'load-instance', instance }, null, reason));
  }

  /** `walk`: what packets meet now; slots of the others are linked first, in `link`, since no packet reaches them. */
  #splice(
    { device, hook, members }: Chain,
    walk: string[],
    link: UntitledStep[],
    swap: UntitledStep[],
  ): void {
    const linked = this.#links.relink(members, `it goes on to what follows in ${device} ${hook}`);
    const isLive = ({ do: action }: UntitledStep): boolean =>
      action.kind === 'set-next' && action.node.kind === 'instance' && walk.includes(action.node.key);
    const reason = members.length > 0 ? 'from here on packets take the new chain' : 'the chain is empty';
    const rooted = this.#links.set(rootNode(device, hook), members[0] ?? null, reason);
    if (linked.length + rooted.length > 0) this.touched.add(`${device} ${hook}`);
    link.push(...linked.filter((step) => !isLive(step)));
    swap.push(...linked.filter(isLive), ...rooted);
  }

  /**
   * Live instances in another order. Rewriting their slots one by one would pass through a chain that skips one of them
   * or runs in a circle. So the whole chain is loaded once more under spare keys and linked in the new order, the root
   * is swapped to it, the originals are linked while no packet reaches them, and the root is swapped back. Two atomic
   * swaps, each between whole chains. The spare keys exist only here; after a crash they belong to no slice and go.
   */
  #reorder(chain: Chain): void {
    const { device, hook } = chain;
    const originals = chain.members.flatMap((key) => this.world.instance(key) ?? []);
    const spares = originals.map(spareOf);
    const keys = originals.map(({ key }) => key);
    const spareKeys = spares.map(({ key }) => key);
    const node = rootNode(device, hook);
    const reason = `the order of ${device} ${hook} changes; spare copies stand in meanwhile`;
    const out = this.#late.splice;
    this.touched.add(`${device} ${hook}`);
    for (const spare of spares) {
      this.#links.addSpare(spare);
      const undo = { kind: 'unload-instance', key: spare.key } as const;
      out.push(stepOf(this.service, { kind: 'load-instance', instance: spare }, undo, reason));
    }
    out.push(...this.#links.relink(spareKeys, reason));
    out.push(...this.#links.set(node, spareKeys[0] ?? null, reason));
    out.push(...this.#links.relink(keys, reason));
    out.push(...this.#links.set(node, keys[0] ?? null, reason));
    for (const key of spareKeys) this.#unloadOne(key, this.#unload, 'the originals are back in place');
  }

  #load({ device, hook }: Chain, key: string): void {
    const instance = this.world.instance(key);
    if (!instance) return;
    this.touched.add(`${device} ${hook}`);
    this.#links.add({ kind: 'instance', key });
    const { name, version } = instance.plugin;
    this.#late.load.push(
      stepOf(
        this.service,
        { kind: 'load-instance', instance },
        { kind: 'unload-instance', key },
        `${instance.underservice} needs ${name}@${version} on ${device} ${hook}`,
      ),
    );
  }

  /** Before it is linked: what an instance knows of the service that used it before is not for this one. */
  #empty(key: string): void {
    if (!this.#observed.has(key) || this.world.ownerOfInstance(key) !== this.service) return;
    const before = this.world.userBefore(key);
    if (before === undefined || before === this.service) return;
    const reason = 'it is taken over: what it counted and kept for another is forgotten';
    this.#late.load.push(stepOf(this.service, { kind: 'empty-instance', key }, null, reason));
  }

  /** Its slot is emptied first, so that undoing finds the slot to fill again. */
  #unloadOne(key: string, out: UntitledStep[], reason: string): void {
    const spec = this.#links.spec(key);
    const undo = spec ? ({ kind: 'load-instance', instance: spec } as const) : null;
    out.push(...this.#links.releaseFrom(key, reason));
    out.push(...this.#links.set({ kind: 'instance', key }, null, reason));
    out.push(stepOf(this.service, { kind: 'unload-instance', key }, undo, reason));
    this.#links.remove({ kind: 'instance', key });
  }

  /** Heads before tails: undone in reverse, a slot then never points to what is not back yet. */
  #headFirst(keys: string[]): string[] {
    return [...keys].sort((a, b) => this.#links.depth(b) - this.#links.depth(a) || (a < b ? -1 : 1));
  }
}

/**
 * Where a slice wants a root: a hook that is asserted on has one, so that the assertion has something to run, and a port
 * that is delivered to, or nothing would reach it.
 */
function hooksOf({ ports, instances, assertions }: HostSlice): { port: string; hook: Hook }[] {
  const delivered = ports.filter((port) => port.delivered);
  return [
    ...instances,
    ...assertions,
    ...delivered.map(({ key }) => ({ port: key, hook: 'xdp/egress' as const })),
  ];
}

/** The same plugin and config under a key that no plan gives: every digit of the revision is complemented. */
function spareOf(instance: DesiredInstance): DesiredInstance {
  const revision = instance.revision.replace(/[0-9a-f]/g, (digit) => (15 - parseInt(digit, 16)).toString(16));
  return { ...instance, revision, key: `${instance.id}-${revision}` };
}

/** Whether `part` stands in `whole` in the same order, perhaps with others between. */
function isSubsequence(part: string[], whole: string[]): boolean {
  let at = 0;
  for (const key of whole) if (key === part[at]) at += 1;
  return at === part.length;
}
