import type { DesiredAssertion, DesiredInstance, DesiredPort, Verdict } from '@underware/core';
import { UnderwareError } from '@underware/core';
import type { Shadow, ShadowHop } from '@underware/kernel';
import { buildPacket, type LinkLayer } from '@underware/packet';

/** Stands for whoever is at the other end of a link and cannot be known. */
const SOMEONE = '02:00:00:00:00:01';

/** Runs a test packet through copies of the chain. `pass` is whatever goes on its way; `drop` whatever does not. */
export async function checkAssertion(
  shadow: Pick<Shadow, 'run'>,
  device: string,
  assertion: DesiredAssertion,
  port: DesiredPort | undefined,
  find: (key: string) => DesiredInstance | undefined,
): Promise<void> {
  const packet = buildPacket(assertion.packet, linkLayer(assertion, port));
  const { verdict, hops } = await shadow.run(device, assertion.hook, packet);
  if (outcomeOf(verdict) === assertion.expect) return;
  const { protocol, source, destination, destinationPort } = assertion.packet;
  const target = destinationPort === undefined ? destination : `${destination} port ${destinationPort}`;
  const last = hops.at(-1);
  const by = last ? hopText(last, find(last.key)) : 'the chain is empty';
  const decision = outcomeOf(verdict) === 'drop' ? by : `nobody drops it; last: ${by}`;
  throw new UnderwareError({
    code: 'ASSERTION_FAILED',
    attempted: `hold assertion "${assertion.name}"`,
    on: `${assertion.port} ${assertion.hook} of ${device}`,
    why: `${protocol} from ${source} to ${target} was to ${assertion.expect}, and the chain's verdict is ${verdict}: ${decision}`,
    remedy: 'Change the rules or the assertion in the descriptor',
    ...(hops.length > 1
      ? { detail: hops.map((hop, i) => `${i + 1}. ${hopText(hop, find(hop.key))}`).join('\n') }
      : {}),
  });
}

/** `guard (firewall@0.2.0): drop, rule no-telnet` */
function hopText({ key, verdict, maps }: ShadowHop, instance: DesiredInstance | undefined): string {
  const who = instance
    ? `${instance.underservice} (${instance.plugin.name}@${instance.plugin.version})`
    : key;
  const counted = Object.entries(maps).flatMap(([map, rows]) =>
    rows.map((row) => {
      const name = instance?.names?.[map]?.[Number(row.key)] ?? `${map} ${String(row.key)}`;
      return map === 'rule_counters' ? `rule ${name}` : name;
    }),
  );
  return `${who}: ${[verdict, ...counted].join(', ')}`;
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
