import type { Decision, InventoryHost } from '@underware/core';
import { checkHook, hookDecisions } from '../chain-order/check-hook.js';
import { orderChain } from '../chain-order/order-chain.js';
import type { ChainMember, Position } from '../chain-order/order-chain.js';
import { listAt } from '../graph-index.js';
import { impossible } from '../impossible.js';
import type { Attachment } from '../placement/host-fit.js';
import type { PlacedVnf } from '../placement/place.js';
import type { Layout } from './placed-service.js';

/** Where every instance of a VNF's ports stands in its chain; refuses chains that could not be made or never run. */
export function chainPositions(
  { index, plugins, deviceOf }: Layout,
  { host, attachments }: PlacedVnf,
): { positions: { of(attachment: Attachment): Position }; decisions: Decision[] } {
  const chains = new Map<string, Attachment[]>();
  for (const attachment of attachments)
    listAt(chains, `${attachment.port} ${attachment.hook}`).push(attachment);
  const positions = new Map<Attachment, Position>();
  const decisions: Decision[] = [];
  for (const chain of chains.values()) {
    const [first] = chain;
    if (first === undefined) continue;
    const { port, hook, direction } = first;
    const mtu = index.links.get(index.ports.get(port)?.link ?? '')?.mtu ?? 1500;
    const place = { host, port, device: deviceOf(port), hook, mtu };
    const members = chain.map(({ underservice, kind }): ChainMember => {
      const { chosen } = plugins.choose(kind, hook, host);
      if (chosen === undefined)
        throw impossible(
          `chain ${port} ${hook} on ${host.name}`,
          `no plugin implements ${kind} there`,
          'Onboard a plugin for it.',
        );
      checkHook(place, chosen.plugin, chosen.program);
      return { underservice, manifest: chosen.plugin.manifest };
    });
    const ordered = orderChain(members, { host: host.name, port, hook, direction });
    for (const attachment of chain) {
      const position = ordered.get(attachment.underservice);
      if (position !== undefined) positions.set(attachment, position);
    }
    decisions.push(...hookDecisions(place));
  }
  const of = (attachment: Attachment): Position => {
    const position = positions.get(attachment);
    if (position === undefined) throw new RangeError(`${attachment.underservice} has no position`);
    return position;
  };
  return { positions: { of }, decisions };
}

/** Where an instance stands in the chain of an uplink: each is for packets of its own segment, so the class alone decides. */
export function uplinkPosition(
  { index, plugins }: Layout,
  { underservice, kind, port, hook, direction, uplink = '' }: Attachment,
  host: InventoryHost,
): Position {
  const { chosen } = plugins.choose(kind, hook, host);
  if (chosen === undefined)
    throw impossible(
      `chain ${uplink} ${hook} on ${host.name}`,
      `no plugin implements ${kind} there`,
      'Onboard a plugin for it.',
    );
  const mtu = index.links.get(index.ports.get(port)?.link ?? '')?.mtu ?? 1500;
  checkHook({ host, port: uplink, device: uplink, hook, mtu }, chosen.plugin, chosen.program);
  const member = { underservice, manifest: { ...chosen.plugin.manifest, final: false } };
  const position = orderChain([member], { host: host.name, port: uplink, hook, direction }).get(underservice);
  if (position === undefined) throw new RangeError(`${underservice} has no position`);
  return position;
}
