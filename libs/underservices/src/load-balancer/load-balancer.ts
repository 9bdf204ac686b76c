import type { PacketEvent, UnderserviceKind } from '../underservice-kind.js';
import { checkBalancer } from './check.js';
import { compileBalancer, labelBalancer } from './compile.js';

/** Spreads connections to a virtual address over backends, at the port of each client; there is no box in between. */
export const LOAD_BALANCER: UnderserviceKind = {
  kind: 'load-balancer',
  sameOnAllPorts: true,
  rewrites: true,
  check: checkBalancer,
  compile: compileBalancer,
  label: labelBalancer,
  event: (_, record) => describeBackendEvent(record),
};

/** What an agent says when a check changed what it thinks of a backend. */
function describeBackendEvent({ backend, down, why }: Record<string, unknown>): PacketEvent {
  const reason = typeof why === 'string' ? `: ${why}` : '';
  return { what: `backend ${String(backend)} is ${down === 1 ? 'down' : 'up'}${reason}` };
}
