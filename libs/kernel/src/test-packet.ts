import { join } from 'node:path';
import { BpfProgram } from '@underware/libbpf';
import type { Hook, Verdict } from '@underware/core';
import { hasErrno, lend } from './bpf-call.js';

const XDP_VERDICTS: readonly Verdict[] = ['aborted', 'drop', 'pass', 'transmit', 'redirect'];
const TC_DROP = 2;
const TC_REDIRECT = 7;

/** Runs a frame through a root program, as if it met the hook of that device. */
export async function runPacket(
  rootPath: string,
  ifindex: number | undefined,
  hook: Hook,
  frame: Uint8Array,
): Promise<{ verdict: Verdict; packet: Uint8Array }> {
  return lend(BpfProgram.fromPin(join(rootPath, 'prog')), async (program) => {
    const { retval, data } = await run(program, hook, frame, ifindex);
    return { verdict: hook === 'xdp' ? xdpVerdict(retval) : tcVerdict(retval), packet: data };
  });
}

async function run(program: BpfProgram, hook: Hook, data: Uint8Array, ifindex: number | undefined) {
  if (ifindex !== undefined) {
    try {
      return await program.testRun({ data, ctx: hook === 'xdp' ? { ingressIfindex: ifindex } : { ifindex } });
    } catch (error) {
      // The kernel takes a device only while its receive queue is registered: not while it is down, nor on every driver.
      if (!hasErrno(error, 'EINVAL', 'ENODEV')) throw error;
    }
  }
  return program.testRun({ data });
}

function xdpVerdict(retval: number): Verdict {
  return XDP_VERDICTS[retval] ?? 'aborted';
}

/** Whatever is neither a drop nor a redirect goes on, as the kernel's own TCX takes it. */
function tcVerdict(retval: number): Verdict {
  if (retval === TC_DROP) return 'drop';
  return retval === TC_REDIRECT ? 'redirect' : 'pass';
}
