/**
 * Runs VNFs: as processes of the host, and as containers of an engine. Both pass one contract suite.
 *
 * Layer: lib with I/O over core. A host is the network namespace that this process is in (as in @underware/network);
 * its workloads carry its mark, so that the hosts of a lab share a machine without seeing each other's.
 *
 * Processes. A shell of a few hundred kilobytes supervises each one, because only a parent learns an exit code and the
 * agent may be gone by then. The workload joins its control group (`underware/<host>/<key>-<revision>`, cgroup v2 or v1)
 * and its network namespace, becomes a user of its own (0x70000000 + low bits of its key), and has no capability and
 * no way to gain one; the namespace lets it bind any port. It sees the host's file system as that user: the program
 * must be readable by everybody. It counts as running as long as any process is left in its group. Limits: memory
 * without swap, CPU quota, 512 processes. Output goes to `<stateDir>/logs/<key>.log`, moved to `.log.1` at the next
 * start, and, when an observation finds it above 8 MiB, copied there and cut (what is written in between is lost); of
 * workloads that are gone, the 50 newest logs are kept.
 *
 * Containers. On Podman, which joins the namespace by its path (`ns:/run/netns/…`), or on Docker's engine, which joins that
 * of a sandbox: a container whose one process went there, and which is removed once the workload runs (ADR 12). All
 * capabilities dropped, no new privileges, the same limits, logs kept by the engine up to 8 MiB. Images must be there:
 * nothing is pulled.
 *
 * Health is checked from inside the VNF's namespace, tcp and http on any of its addresses. The result of the last check
 * is kept in memory only: after an agent's restart it is `none` until the next one.
 *
 * After a crash: workloads run on and are found again by group or label. A start that was cut short is seen as exited,
 * and starts anew.
 */
export type { WorkloadRuntime } from './workload-runtime.js';
export { ProcessRuntime, type ProcessRuntimeOptions } from './process-runtime.js';
export { ContainerRuntime, type ContainerRuntimeOptions } from './container-runtime.js';
export { hasImage, importImage, removeImage } from './engine-image.js';
