/**
 * The network of a host: namespaces of VNFs, their ports (veth pairs), routes between hosts.
 *
 * Layer: lib with I/O over core. It runs iproute2 (`ip`, with JSON out and batches in) without a shell; netlink by hand
 * would save some milliseconds per call and cost a codec of our own.
 *
 * A host is a network namespace: the one that this process is in. A machine has one; a lab has several, which share the
 * names under /run/netns. So everything of ours carries a mark in the kernel, given in the same system call that makes
 * it, and nothing without the mark is ever changed or removed:
 *   - a device is in group 21847 (0x5557) of our namespace; the alias `underware <port>` is for people;
 *   - a VNF's namespace has, as alias of its `lo`, `underware net:[<inode of the host's namespace>]`. It is put there
 *     before the namespace gets its name, so a namespace of ours without a mark does not exist;
 *   - a route has protocol 85 (0x55).
 *
 * After a crash: a namespace without a name goes away with the process that held it. A port is set up (`up`) last, so
 * one that was cut short is seen as down, and is made anew. There are no notes on disk.
 *
 * Trade-offs. Forwarding is switched on per device, for IPv6 through `force_forwarding` (Linux 6.17); older kernels know
 * it for the whole host only, there `all` is switched on, and devices that took router advertisements go on doing so.
 * It is never switched off again: others may count on it by then. A host's packet filter is not touched: a policy of
 * `drop` on forwarded packets, as Docker sets it, keeps VNFs apart. Of several ports of one VNF, the one with the
 * lowest number in its device name carries what the VNF sends off.
 */
export { Caller } from './caller.js';
export type { Call, CallOutcome } from './caller.js';
export { HostNetwork, type ObservedNetwork } from './host-network.js';
