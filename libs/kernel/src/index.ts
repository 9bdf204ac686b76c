/**
 * The kernel port: what an agent does to its kernel. `LibbpfKernel` does it, `FakeKernel` is the same in memory for the
 * tests of what is above; one contract suite holds both to the same behaviour.
 *
 * Layer: I/O lib above libbpf; nothing else imports libbpf.
 *
 * Trade-offs:
 * - All state is in bpffs and the kernel; nothing is cached between calls but the profile, so that a second agent
 *   process, or a person with bpftool, is seen.
 * - Config maps are frozen before an instance is published and a freeze cannot be undone, so an instance whose pins are
 *   the very maps its program uses has the config it was given; no content is compared again and again.
 * - Maps of role `state` belong to an owner, who stands in the names of their pins; they live as long as an instance pins
 *   them. Where a layout grew, entries are copied while packets go on, which is not exact (docs/adr/0013).
 * - `run` counts a test packet like any other. What must not count goes through a `shadow`: copies of a chain's instances,
 *   which cost what loading them costs.
 *
 * After a crash: a directory below `staging/`, which the next observation takes away; published instances and roots
 * are complete, and packets go on through them without any process of ours.
 */
export * from './fake-kernel.js';
export * from './kernel.js';
export * from './libbpf-kernel.js';
export type { EventSource, PacketEvents } from './read-events.js';
export type { SampleWish } from './sample-packets.js';
export { InstanceMaps } from './instance-maps.js';
export type { KeyFields, MapFacts, MapPage } from './instance-maps.js';
export type { SelectedEntries, Selection } from './select-entries.js';
export { probeKernel } from './profile.js';
