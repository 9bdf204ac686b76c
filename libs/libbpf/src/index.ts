/**
 * A typed native addon over libbpf: open, load, attach, pin, read and write, probe and test eBPF.
 *
 * Layer: I/O, above nothing; knows no word of Underware, so that it can be published by itself. C++ wraps libbpf and
 * nothing more, one class per handle; names, validation and BTF encoding are TypeScript.
 *
 * Trade-offs: what can take long or wait for a kernel lock (open, load, attach, test runs, batches, probes) runs on the
 * thread pool; single map operations, pins and infos take microseconds and run on the event loop. libbpf.so is linked
 * dynamically and shipped beside the addon.
 *
 * After a crash: what was pinned remains, and everything else goes with the process.
 */
export { Btf } from './btf/btf.js';
export { BtfError } from './btf/error.js';
export type { BtfMember, BtfType, BtfValue } from './btf/kinds.js';
export { BpfError } from './error.js';
export { BpfLink } from './link.js';
export type { LinkInfo } from './link.js';
export { BpfMap } from './map.js';
export type { CreateMapOptions, MapInfo, MapValue, UpdateMode } from './map.js';
export { mapTypes, programTypes } from './names.js';
export { BpfObject } from './object.js';
export type { ObjectMap, ObjectProgram } from './object.js';
export { kernelFunctions, probeHelpers, probeMapType, probeProgramType } from './probe.js';
export type { Probe } from './probe.js';
export { BpfProgram } from './program.js';
export type {
  AttachTcxOptions,
  ProgramInfo,
  TcxAnchor,
  TestRunOptions,
  TestRunResult,
  XdpMode,
} from './program.js';
export {
  interfaceIndex,
  interfaceName,
  libbpfVersion,
  linkIds,
  mapIds,
  possibleCpus,
  programIds,
  queryTcx,
  queryXdp,
} from './query.js';
export type { TcxQuery, XdpQuery } from './query.js';
export { RingBuffer } from './ring-buffer.js';
export type { RingBufferOptions } from './ring-buffer.js';
export { enableStats } from './stats.js';
export type { RunTimeStats } from './stats.js';
export { carriedContext } from './test-context.js';
export type { SkbContext, XdpContext } from './test-context.js';
