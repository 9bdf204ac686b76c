import type { DesiredAssertion, DesiredPort, Verdict } from '@underware/core';
import { UnderwareError } from '@underware/core';
import type { Kernel } from '@underware/kernel';
import { buildPacket, type LinkLayer } from '@underware/packet';

/** Stands for whoever is at the other end of a link and cannot be known. */
const SOMEONE = '02:00:00:00:00:01';

/** Runs a test packet through the live chain. `pass` is whatever goes on its way; `drop` whatever does not. */
export async function checkAssertion(
  kernel: Pick<Kernel, 'run'>,
  device: string,
  assertion: DesiredAssertion,
  port: DesiredPort | undefined,
): Promise<void> {
  const packet = buildPacket(assertion.packet, linkLayer(assertion, port));
  const { verdict } = await kernel.run(device, assertion.hook, packet);
  if (outcomeOf(verdict) === assertion.expect) return;
  const { protocol, source, destination, destinationPort } = assertion.packet;
  const target = destinationPort === undefined ? destination : `${destination} port ${destinationPort}`;
  throw new UnderwareError({
    code: 'ASSERTION_FAILED',
    attempted: `hold assertion "${assertion.name}"`,
    on: `${assertion.port} ${assertion.hook} of ${device}`,
    why: `${protocol} from ${source} to ${target} was to ${assertion.expect}, and the chain's verdict is ${verdict}`,
    remedy: 'Change the rules or the assertion in the descriptor',
  });
}

function outcomeOf(verdict: Verdict): 'pass' | 'drop' {
  return verdict === 'drop' || verdict === 'aborted' ? 'drop' : 'pass';
}

/** On XDP the host's end receives, on both egress hooks it sends. */
export function linkLayer(
  { hook, destinationMac }: Pick<DesiredAssertion, 'hook' | 'destinationMac'>,
  port: DesiredPort | undefined,
): LinkLayer {
  const own = port?.mac ?? SOMEONE;
  const other = port?.peer?.mac ?? SOMEONE;
  return hook === 'tcx/egress' || hook === 'xdp/egress'
    ? { sourceMac: own, destinationMac: other }
    : { sourceMac: other, destinationMac: destinationMac ?? own };
}
