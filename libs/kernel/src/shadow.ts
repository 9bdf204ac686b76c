import { carriedContext, type BpfMap } from '@underware/libbpf';
import type { Hook, Verdict } from '@underware/core';
import { attempt } from './bpf-call.js';
import type { Delivery } from './delivery.js';
import { indexOf } from './device.js';
import { readEngine } from './engine-pins.js';
import { absentError, unknownHop } from './kernel-error.js';
import type { InstanceSource, Shadow, ShadowHop, ShadowRun } from './kernel.js';
import { LONGEST_CHAIN } from './longest-chain.js';
import type { PinTree } from './pin-tree.js';
import { ShadowInstance } from './shadow-instance.js';
import { takeSnapshot, walk, type Snapshot } from './snapshot.js';
import { verdictOf } from './test-packet.js';

/** Of uw_deliver.h: handed to the host's stack, past the rest of the chain. */
const TO_HOST = 0xffff_ffff;
const ATTEMPTED = 'run test packet';

interface ChainRun {
  verdict: Verdict;
  packet: Uint8Array;
  /** The device of the port that the packet was handed to. */
  deliveredTo?: string;
}

/**
 * Copies of instances by the id of the live program, loaded when a packet comes to them first. Chains are those of the
 * kernel at each packet; the copies are linked by nothing: each is run alone, on what the one before made of the packet.
 */
export class LibbpfShadow implements Shadow {
  private readonly instances = new Map<number, ShadowInstance>();
  private readonly copies = new Map<number, BpfMap>();

  constructor(
    private readonly pins: PinTree,
    private readonly delivery: Delivery,
    private readonly source: InstanceSource,
  ) {}

  async run(device: string, hook: Hook, packet: Uint8Array): Promise<ShadowRun> {
    return attempt(ATTEMPTED, `${device} ${hook}`, async () => {
      const now = await takeSnapshot(this.pins);
      const hops: ShadowHop[] = [];
      const first = await this.chain(now, device, hook, packet, hops);
      if (first.deliveredTo === undefined) return { verdict: first.verdict, packet: first.packet, hops };
      const second = await this.chain(now, first.deliveredTo, 'xdp/egress', first.packet, hops);
      // Out by the port's device is where a packet goes that nobody there objects to.
      return {
        verdict: second.verdict === 'pass' ? 'redirect' : second.verdict,
        packet: second.packet,
        hops,
      };
    });
  }

  close(): void {
    for (const instance of this.instances.values()) instance.close();
    for (const map of this.copies.values()) map.close();
    this.instances.clear();
    this.copies.clear();
  }

  private async chain(
    now: Snapshot,
    device: string,
    hook: Hook,
    frame: Uint8Array,
    hops: ShadowHop[],
  ): Promise<ChainRun> {
    const on = `${device} ${hook}`;
    const root = now.roots.find((candidate) => candidate.device === device && candidate.hook === hook);
    if (!root) throw absentError(ATTEMPTED, on, 'its root');
    let packet = frame;
    let ctx = contextOf(device, hook);
    for (const next of walk(now, root.nextProgramId)) {
      // The kernel calls no more of them for one packet.
      if (hops.length === LONGEST_CHAIN)
        return { verdict: hook === 'xdp/egress' ? 'aborted' : 'pass', packet };
      const key = next.kind === 'instance' ? next.key : undefined;
      const shadow = key === undefined ? undefined : await this.instance(now, key);
      if (!shadow || key === undefined) throw unknownHop(on, key);
      const ran = await shadow.run(packet, ctx);
      packet = ran.data;
      if (hook.startsWith('tcx') && ran.ctx.byteLength > 0) ctx = carriedContext(ran.ctx);
      const slot = await shadow.delivered();
      const verdict = verdictOf(hook, ran.retval);
      hops.push({ device, hook, key, verdict, packet, maps: await shadow.counted() });
      const deliveredTo = verdict === 'redirect' && slot !== 0 ? await this.portOf(slot) : undefined;
      if (verdict !== 'pass' || slot === TO_HOST)
        return { verdict, packet, ...(deliveredTo === undefined ? {} : { deliveredTo }) };
    }
    return { verdict: 'pass', packet };
  }

  private async instance(now: Snapshot, key: string): Promise<ShadowInstance | undefined> {
    const programId = now.instances.get(key)?.programId ?? 0;
    const known = this.instances.get(programId);
    if (known) return known;
    const origin = await this.source(key);
    if (!origin) return undefined;
    const shadow = await ShadowInstance.load(origin, this.pins.instance(key), this.copies, this.delivery);
    this.instances.set(programId, shadow);
    return shadow;
  }

  private async portOf(slot: number): Promise<string | undefined> {
    const { devices } = await readEngine(this.pins.engine('xdp/egress'), 'xdp/egress');
    return devices.find((row) => row.slot === slot)?.device;
  }
}

/** What is delivered comes from another device, and says of none where it goes. */
function contextOf(
  device: string,
  hook: Hook,
): { ifindex?: number; ingressIfindex?: number } | Uint8Array | undefined {
  const ifindex = indexOf(device);
  if (ifindex === undefined || hook === 'xdp/egress') return undefined;
  return hook === 'xdp' ? { ingressIfindex: ifindex } : { ifindex };
}
