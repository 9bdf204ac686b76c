import { BpfProgram } from '@underware/libbpf';
import type { Hook, Verdict } from '@underware/core';
import { hasErrno, lend } from './bpf-call.js';
import type { Delivery } from './delivery.js';

const XDP_VERDICTS: readonly Verdict[] = ['aborted', 'drop', 'pass', 'transmit', 'redirect'];
const TC_DROP = 2;
const TC_REDIRECT = 7;

/** Pins of the root program of a hook, and of the first instance of a device's chain; undefined: the chain is empty. */
export interface ChainPrograms {
  root: string;
  first?: string;
}

/** Runs a frame through the xdp/egress chain of a device, as if another's plugin had handed it over. */
export async function deliverPacket(
  delivery: Delivery,
  device: string,
  frame: Uint8Array,
): Promise<{ verdict: Verdict; packet: Uint8Array }> {
  const { retval, data } = await delivery.run(device, frame);
  const verdict = xdpVerdict(retval);
  // Out by the port's device is where a packet that nobody objects to goes.
  return { verdict: verdict === 'redirect' ? 'pass' : verdict, packet: data };
}

/** Runs a frame through the chain of a device, as if it met the hook there. */
export async function runPacket(
  programs: ChainPrograms,
  ifindex: number | undefined,
  hook: Exclude<Hook, 'xdp/egress'>,
  frame: Uint8Array,
): Promise<{ verdict: Verdict; packet: Uint8Array }> {
  const { retval, data } = await run(programs, hook, frame, ifindex);
  return { verdict: verdictOf(hook, retval), packet: data };
}

async function run(
  { root, first }: ChainPrograms,
  hook: Hook,
  data: Uint8Array,
  ifindex: number | undefined,
) {
  if (ifindex !== undefined) {
    const ctx = hook === 'xdp' ? { ingressIfindex: ifindex } : { ifindex };
    try {
      return await lend(BpfProgram.fromPin(root), (program) => program.testRun({ data, ctx }));
    } catch (error) {
      // The kernel takes a device only while its receive queue is registered: not while it is down, nor on every driver.
      if (!hasErrno(error, 'EINVAL', 'ENODEV')) throw error;
    }
  }
  // The root would not know whose chain it is to hand the frame to; without a chain, what it does with it stands.
  return lend(BpfProgram.fromPin(first ?? root), (program) => program.testRun({ data }));
}

/** What a program of the hook answered, in words. */
export function verdictOf(hook: Hook, retval: number): Verdict {
  return hook.startsWith('xdp') ? xdpVerdict(retval) : tcVerdict(retval);
}

function xdpVerdict(retval: number): Verdict {
  return XDP_VERDICTS[retval] ?? 'aborted';
}

/** Whatever is neither a drop nor a redirect goes on, as the kernel's own TCX takes it. */
function tcVerdict(retval: number): Verdict {
  if (retval === TC_DROP) return 'drop';
  return retval === TC_REDIRECT ? 'redirect' : 'pass';
}
