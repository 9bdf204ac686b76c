import type { PortRange } from '../port-range.js';
import type { FirewallRule } from './model.js';

/** A rule as operators say it: `allow tcp from client_port to any port 8080`. */
export function describeRule({ action, protocol, from, to, ports, sourcePorts }: FirewallRule): string {
  const source = sourcePorts === undefined ? '' : ` ${portsText(sourcePorts)}`;
  const destination = ports === undefined ? '' : ` ${portsText(ports)}`;
  const everything = protocol === 'any' ? 'everything' : protocol;
  return `${action} ${everything} from ${from}${source} to ${to}${destination}`;
}

function portsText({ first, last }: PortRange): string {
  return first === last ? `port ${first}` : `ports ${first}-${last}`;
}
