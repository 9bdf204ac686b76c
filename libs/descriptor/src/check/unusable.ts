import { containsPrefix, formatPrefix, networkOf, parsePrefix } from '@underware/underservices';
import type { Prefix } from '@underware/underservices';

/** What no port of a service can have, whatever hosts there are. */
const UNUSABLE = [
  ['0.0.0.0/8', 'stands for no address'],
  ['127.0.0.0/8', 'loops back within one namespace'],
  ['169.254.0.0/16', 'is link-local: the gateway of every VNF is 169.254.1.1'],
  ['224.0.0.0/4', 'is for multicast'],
  ['240.0.0.0/4', 'is reserved, or for broadcast'],
  ['::/96', 'stands for no address, or loops back within one namespace'],
  ['::ffff:0:0/96', 'is IPv4 in the form of IPv6'],
  ['fe80::/10', 'is link-local: the gateway of every VNF is fe80::1'],
  ['ff00::/8', 'is for multicast'],
].flatMap(([text = '', why = '']) => {
  const prefix = parsePrefix(text);
  return prefix === undefined ? [] : [{ prefix, why }];
});

export const USABLE = 'unicast addresses, such as those of 10.0.0.0/8 or fd00::/8';

/** Why ports cannot have the addresses of a prefix, or this one address; undefined where they can. */
export function whyUnusable(prefix: Prefix): string | undefined {
  if (prefix.length === 0) return 'is all there is: nothing would be left for the hosts';
  const inside = UNUSABLE.find((range) => containsPrefix(range.prefix, prefix));
  if (inside !== undefined) return inside.why;
  const around = UNUSABLE.find((range) => containsPrefix(prefix, range.prefix));
  return around && `has ${formatPrefix(around.prefix)} in it, which ${around.why}`;
}

/** Whether the text of a prefix says more than the network that it stands for. */
export function hasHostBits(text: string): boolean {
  const prefix = parsePrefix(text);
  if (prefix === undefined) return false;
  return networkOf(prefix).bytes.some((byte, i) => byte !== prefix.bytes[i]);
}
