import type { UnderserviceKind } from '../underservice-kind.js';
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
};
