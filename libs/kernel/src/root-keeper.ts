import { join } from 'node:path';
import { BpfLink, BpfObject, BpfProgram, queryXdp } from '@underware/libbpf';
import type { Hook } from '@underware/core';
import { attempt, hasErrno, lend } from './bpf-call.js';
import { indexOf } from './device.js';
import { programName } from './foreign.js';
import { ifThere } from './instance-pins.js';
import { deviceMissing, hookBusy, kernelError } from './kernel-error.js';
import type { PinTree } from './pin-tree.js';
import { isAttached, readRoot, type RootState } from './root-pins.js';

const ATTEMPTED = 'attach root';

/** Attaches, mends and detaches the root programs. */
export class RootKeeper {
  constructor(
    private readonly pins: PinTree,
    private readonly engine: () => Promise<Uint8Array>,
  ) {}

  async attach(device: string, hook: Hook): Promise<void> {
    const on = `${device} ${hook}`;
    const ifindex = indexOf(device);
    if (ifindex === undefined) throw deviceMissing(device, hook);
    const path = this.pins.root(device, hook);
    const state = await attempt(ATTEMPTED, on, () => readRoot(path));
    if (isAttached(state, ifindex)) return;
    if (hook === 'xdp' && state.linkIfindex !== ifindex) await refuseForeign(device, ifindex);
    await attempt(ATTEMPTED, on, () =>
      state.usable ? this.mend(path, state, ifindex, hook) : this.make(path, state, ifindex, hook),
    );
  }

  async detach(device: string, hook: Hook): Promise<void> {
    const path = this.pins.root(device, hook);
    const link = ifThere(() => BpfLink.fromPin(join(path, 'link')));
    // Without its pin the link would go too, but the kernel takes its time: the hook is to be free on return.
    if (link) await attempt('detach root', `${device} ${hook}`, () => lend(link, () => link.detach()));
    this.pins.withdraw(path);
    this.pins.forgetDevice(device);
  }

  /** Program and slot stay, with the chain that hangs on them; the link is updated, or another takes its place. */
  private async mend(path: string, state: RootState, ifindex: number, hook: Hook): Promise<void> {
    await lend(BpfProgram.fromPin(join(path, 'prog')), async (program) => {
      if (state.linkIfindex === ifindex) return updateLink(path, program);
      await lend(await attachTo(program, ifindex, hook), async (link) => {
        const stage = this.pins.stage();
        try {
          await link.pin(join(stage, 'link'));
          this.pins.replacePin(join(stage, 'link'), join(path, 'link'));
        } finally {
          this.pins.discard(stage);
        }
      });
    });
  }

  /** A root of its own object with an empty slot, published when its link is in place. */
  private async make(path: string, state: RootState, ifindex: number, hook: Hook): Promise<void> {
    const wanted = hook === 'xdp' ? 'uw_root_xdp' : 'uw_root_tcx';
    await lend(await BpfObject.open(await this.engine()), async (object) => {
      for (const { name } of object.programs) object.setAutoload(name, name === wanted);
      await object.load();
      const program = object.program(wanted);
      const slot = object.map('uw_next');
      const stage = this.pins.stage();
      try {
        await program.pin(join(stage, 'prog'));
        await slot.pin(join(stage, 'uw_next'));
        // A link that still hangs on the device takes the new program: the hook is never without one.
        const taken = state.linkIfindex === ifindex;
        const link = taken ? BpfLink.fromPin(join(path, 'link')) : await attachTo(program, ifindex, hook);
        await lend(link, async () => {
          if (taken) await link.update(program);
          await link.pin(join(stage, 'link'));
        });
        const old = this.pins.publish(stage, path);
        if (old) this.pins.discard(old);
      } catch (error) {
        this.pins.discard(stage);
        throw error;
      } finally {
        program.close();
        slot.close();
      }
    });
  }
}

async function updateLink(path: string, program: BpfProgram): Promise<void> {
  await lend(BpfLink.fromPin(join(path, 'link')), (link) => link.update(program));
}

async function attachTo(program: BpfProgram, ifindex: number, hook: Hook): Promise<BpfLink> {
  if (hook === 'xdp') {
    try {
      return await program.attachXdp(ifindex, { mode: 'native' });
    } catch (error) {
      // The driver has no XDP: the kernel's generic one gives the same verdicts, later and slower.
      if (!hasErrno(error, 'EOPNOTSUPP')) throw error;
      return program.attachXdp(ifindex, { mode: 'generic' });
    }
  }
  try {
    return await program.attachTcx(ifindex, hook === 'tcx/ingress' ? 'ingress' : 'egress');
  } catch (error) {
    if (!hasErrno(error, 'EINVAL', 'EOPNOTSUPP')) throw error;
    throw kernelError(
      'KERNEL_FEATURE_MISSING',
      ATTEMPTED,
      hook,
      'the kernel has no TCX links',
      'Run this host on Linux 6.6 or later, or place the service on another host',
      { cause: error },
    );
  }
}

async function refuseForeign(device: string, ifindex: number): Promise<void> {
  const { programs } = await attempt(ATTEMPTED, `${device} xdp`, () => queryXdp(ifindex));
  const [holder] = programs;
  if (holder) throw hookBusy(device, 'xdp', await programName(holder.id), holder.id);
}
