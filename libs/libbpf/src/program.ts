import { readFileSync } from 'node:fs';
import { BpfLink } from './link.js';
import { Handle } from './handle.js';
import { attachTypeNumber, programTypeName } from './names.js';
import type { NativeMap, NativeProgram } from './native.js';
import { call, callAsync, native } from './native.js';
import { encodeContext } from './test-context.js';
import type { SkbContext, XdpContext } from './test-context.js';

export interface ProgramInfo {
  id: number;
  type: string;
  /** The kernel keeps 15 characters. */
  name: string;
  /** Hash of the instructions, 16 hex digits. */
  tag: string;
  mapIds: number[];
  btfId: number;
  /** Since boot. */
  loadTimeNs: number;
  createdByUid: number;
  gplCompatible: boolean;
  xlatedBytes: number;
  jitedBytes: number;
  verifiedInstructions: number;
  /** Counted while statistics are enabled, see `enableStats`. */
  runTimeNs: number;
  runCount: number;
  recursionMisses: number;
  /** Bytes of kernel memory, without maps. */
  memoryBytes: number;
}

export interface TestRunOptions {
  /** The packet, from the Ethernet header. Programs without a packet take none. */
  data?: Uint8Array;
  /** Where the packet is said to come from, or the raw context of the program's type. */
  ctx?: XdpContext | SkbContext | Uint8Array;
  /** Runs, 1 unless said; with `liveFrames` the number of frames. */
  repeat?: number;
  /** XDP only: the verdicts are carried out (BPF_F_TEST_XDP_LIVE_FRAMES), nothing comes back. */
  liveFrames?: boolean;
  /** Live frames per round, at most 256; the kernel's default is 64. */
  batchSize?: number;
  /** Room for the packet after the run; by default the packet and 4096 bytes more. */
  dataOutSize?: number;
}

export interface TestRunResult {
  /** The program's return value: an XDP action, a TC verdict (as signed number). */
  retval: number;
  /** The packet after the last run. */
  data: Uint8Array;
  /** The context after the last run, as long as the one given. */
  ctx: Uint8Array;
  /** Mean of the runs. */
  durationNs: number;
}

/** Which link or program a TCX link is placed relative to; `all` is the head (before) or the tail (after). */
export type TcxAnchor = BpfProgram | BpfLink | { programId: number } | { linkId: number } | 'all';

export interface AttachTcxOptions {
  before?: TcxAnchor;
  after?: TcxAnchor;
  /** Refused with ESTALE when the hook's revision (`queryTcx`) is another. */
  expectedRevision?: number;
}

export type XdpMode = 'auto' | 'native' | 'generic';
const XDP_FLAGS: Record<XdpMode, number> = { auto: 0, generic: 1 << 1, native: 1 << 2 };

const BEFORE = 1 << 3;
const AFTER = 1 << 4;
const BY_ID = 1 << 5;
const LINK = 1 << 13;

/** A loaded program. */
export class BpfProgram extends Handle<NativeProgram> {
  readonly #name: string | undefined;

  /** Made by `BpfObject.program` and the static methods. */
  constructor(program: NativeProgram, name?: string) {
    super(program);
    this.#name = name;
  }

  static fromPin(path: string): BpfProgram {
    return new BpfProgram(call(path, () => native().Program.fromPin(path)));
  }

  static fromId(id: number): BpfProgram {
    return new BpfProgram(call(`program ${id}`, () => native().Program.fromId(id)));
  }

  get info(): ProgramInfo {
    const raw = call(this.describe(), () => this.native.info());
    const fdinfo = readFileSync(`/proc/self/fdinfo/${this.native.fd}`, 'utf8');
    return {
      ...raw,
      type: programTypeName(raw.type),
      memoryBytes: Number(/^memlock:\s*(\d+)$/m.exec(fdinfo)?.[1] ?? 0),
    };
  }

  /** Runs the program on a packet without any device (BPF_PROG_TEST_RUN). */
  async testRun(options: TestRunOptions): Promise<TestRunResult> {
    const { data, ctx, repeat = 1, liveFrames = false, batchSize = 0 } = options;
    const result = await callAsync(this.describe(), () =>
      this.native.testRun({
        data,
        ctx: ctx && encodeContext(ctx, this.info.type, data?.byteLength ?? 0),
        repeat,
        liveFrames,
        batchSize,
        dataOutSize: options.dataOutSize ?? (data?.byteLength ?? 0) + 4096,
      }),
    );
    // TC verdicts are signed: TCX_NEXT is -1.
    return { ...result, retval: result.retval | 0 };
  }

  /** Attaches to a device by a bpf_link. EBUSY: another program is there. */
  async attachXdp(ifindex: number, options: { mode?: XdpMode } = {}): Promise<BpfLink> {
    const flags = XDP_FLAGS[options.mode ?? 'auto'];
    return this.#attach(`${this.describe()} to device ${ifindex}`, () =>
      this.native.attachDevice(ifindex, attachTypeNumber('xdp'), flags, 0, 0),
    );
  }

  /** Attaches to a device by a TCX link, at the tail unless told where. */
  async attachTcx(
    ifindex: number,
    direction: 'ingress' | 'egress',
    options: AttachTcxOptions = {},
  ): Promise<BpfLink> {
    const { before, after, expectedRevision = 0 } = options;
    if (before && after) throw new TypeError('give either `before` or `after`');
    const anchor = before ?? after;
    const { flags, id } = anchor === undefined ? { flags: 0, id: 0 } : place(anchor);
    const order = before ? BEFORE : after ? AFTER : 0;
    return this.#attach(`${this.describe()} to device ${ifindex} ${direction}`, () =>
      this.native.attachDevice(
        ifindex,
        attachTypeNumber(`tcx_${direction}`),
        flags | order,
        id,
        expectedRevision,
      ),
    );
  }

  /** `attachType` by libbpf's name, e.g. `cgroup_inet_egress`; `path` is a directory of a cgroup v2 hierarchy. */
  async attachCgroup(path: string, attachType: string): Promise<BpfLink> {
    const type = attachTypeNumber(attachType);
    return this.#attach(`${this.describe()} to ${path}`, () => this.native.attachCgroup(path, type));
  }

  /** From now on the map lives as long as the program and is among its maps, though no instruction uses it. Idempotent. */
  bindMap(map: Handle<NativeMap>): void {
    call(this.describe(), () => this.native.bindMap(map.native));
  }

  protected override describe(): string {
    return this.#name === undefined ? 'program' : `program ${this.#name}`;
  }

  async #attach(on: string, run: () => ReturnType<NativeProgram['attachCgroup']>): Promise<BpfLink> {
    return new BpfLink(await callAsync(on, run));
  }
}

/** By id, not by descriptor: the anchor may be closed while the attachment is under way. */
function place(anchor: TcxAnchor): { flags: number; id: number } {
  if (anchor === 'all') return { flags: 0, id: 0 };
  if (anchor instanceof BpfProgram) return { flags: BY_ID, id: anchor.info.id };
  if (anchor instanceof BpfLink) return { flags: BY_ID | LINK, id: anchor.info.id };
  if ('programId' in anchor) return { flags: BY_ID, id: anchor.programId };
  return { flags: BY_ID | LINK, id: anchor.linkId };
}
