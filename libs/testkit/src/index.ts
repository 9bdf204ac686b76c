/**
 * Hosts made of network namespaces, cables between them, real traffic, and gates for tests that need the kernel.
 *
 * Layer: I/O; for tests, the lab and benchmarks, never for the product. It may import libbpf.
 * Trade-offs: it drives `ip`, `nsenter` and `mount` as an operator would, because what it builds must not depend on
 * the code that it tests. Traffic flows only inside namespaces that a lab made.
 * After a crash: namespaces, processes in them and BPF file systems remain; `sweep` with the same prefix, or a new lab
 * of it, removes them all.
 */
export { attachInHost, openExits } from './attach.js';
export type { Attachment } from './attach.js';
export { runCommand } from './command.js';
export type { CommandResult } from './command.js';
export { callEcho, startEchoServer } from './echo.js';
export type { EchoServer, Endpoint } from './echo.js';
export { describeKernel, itKernel, missingFeature } from './kernel-gate.js';
export type { MachineFeature } from './kernel-gate.js';
export { NetnsHost } from './netns-host.js';
export type { NetworkDevice } from './netns-host.js';
export { NetnsLab } from './netns-lab.js';
export type { CableEnd, LabOptions } from './netns-lab.js';
export { objectPath, readObject } from './objects.js';
export { asFragment, padded, withBytes, withExtensions, withVlanTags } from './packet-surgery.js';
export { packetTable } from './packet-table.js';
export type { PacketRow, PacketTable } from './packet-table.js';
export { PluginInstance } from './plugin-instance.js';
export type { RunResult } from './plugin-instance.js';
export { createRoutedPair } from './routed-pair.js';
export type { RoutedPair } from './routed-pair.js';
export { sweep } from './sweep.js';
export { receiveTraffic, startTraffic } from './traffic.js';
export type { Traffic, TrafficReceiver, TrafficSent, TrafficSpec } from './traffic.js';
export { waitFor } from './wait-for.js';
