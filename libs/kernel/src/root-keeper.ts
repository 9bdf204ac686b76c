import { join } from 'node:path';
import { BpfLink, BpfProgram, queryXdp } from '@underware/libbpf';
import type { Hook } from '@underware/core';
import { attempt, hasErrno, lend } from './bpf-call.js';
import { indexOf } from './device.js';
import { EngineKeeper } from './engine-keeper.js';
import type { EngineObjects } from './engine-objects.js';
import { programName } from './foreign.js';
import { ifThere } from './instance-pins.js';
import { deviceMissing, hookBusy, kernelError } from './kernel-error.js';
import { isThere, type PinTree } from './pin-tree.js';
import { isAttached, readRoot, type RootState } from './root-pins.js';

const ATTEMPTED = 'attach root';

/** Attaches devices to the root program of a hook, mends and detaches them. Calls for one hook must not overlap. */
export class RootKeeper {
  readonly engines: EngineKeeper;

  constructor(
    private readonly pins: PinTree,
    objects: EngineObjects,
  ) {
    this.engines = new EngineKeeper(pins, objects);
  }

  async attach(device: string, hook: Hook): Promise<void> {
    const on = `${device} ${hook}`;
    const ifindex = indexOf(device);
    if (ifindex === undefined) throw deviceMissing(device, hook);
    const path = this.pins.root(device, hook);
    await attempt(ATTEMPTED, on, async () => {
      const root = readRoot(path, device, await this.engines.read(hook));
      if (isAttached(root, ifindex)) return;
      if (hook === 'xdp' && root.linkIfindex !== ifindex) await refuseForeign(device, ifindex);
      await this.engines.serve(device, hook, ifindex);
      if (hook === 'xdp/egress') this.register(path);
      else await this.link(path, root, ifindex, hook);
    });
  }

  async detach(device: string, hook: Hook): Promise<void> {
    const path = this.pins.root(device, hook);
    const link = ifThere(() => BpfLink.fromPin(join(path, 'link')));
    await attempt('detach root', `${device} ${hook}`, async () => {
      // Without its pin the link would go too, but the kernel takes its time: the hook is to be free on return.
      if (link) await lend(link, () => link.detach());
      this.pins.withdraw(path);
      this.pins.forgetDevice(device);
      await this.engines.forget(device, hook);
    });
  }

  /** Nothing is attached to a device for xdp/egress: its row in the engine is all, and the directory says so. */
  private register(path: string): void {
    if (!isThere(path)) this.pins.publish(this.pins.stage(), path);
  }

  /** A link that hangs on the device takes the program: the hook is never without one. Else it gets a new link. */
  private async link(
    path: string,
    root: RootState,
    ifindex: number,
    hook: Exclude<Hook, 'xdp/egress'>,
  ): Promise<void> {
    await lend(BpfProgram.fromPin(this.engines.program(hook)), async (program) => {
      if (root.linkIfindex === ifindex) {
        await lend(BpfLink.fromPin(join(path, 'link')), (link) => link.update(program));
        return;
      }
      await lend(await attachTo(program, ifindex, hook), async (link) => {
        const stage = this.pins.stage();
        try {
          await link.pin(join(stage, 'link'));
          const old = this.pins.publish(stage, path);
          if (old) this.pins.discard(old);
        } catch (error) {
          this.pins.discard(stage);
          throw error;
        }
      });
    });
  }
}

async function attachTo(
  program: BpfProgram,
  ifindex: number,
  hook: Exclude<Hook, 'xdp/egress'>,
): Promise<BpfLink> {
  if (hook === 'xdp') {
    try {
      return await program.attachXdp(ifindex, { mode: 'native' });
    } catch (error) {
      // The driver has no XDP, or none for packets as large as its MTU: the kernel's generic one gives the same verdicts,
      // later and slower.
      if (!hasErrno(error, 'EOPNOTSUPP', 'ERANGE')) throw error;
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
