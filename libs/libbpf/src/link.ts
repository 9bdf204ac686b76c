import { Handle } from './handle.js';
import { attachTypeName, linkTypeName } from './names.js';
import type { NativeLink, NativeProgram } from './native.js';
import { call, callAsync, native } from './native.js';

export interface LinkInfo {
  id: number;
  /** `xdp`, `tcx`, `cgroup`, `netns`, … */
  type: string;
  programId: number;
  /** Of XDP and TCX links; 0 when the device is gone or the link was detached. */
  ifindex?: number;
  attachType?: string;
  cgroupId?: number;
  netnsInode?: number;
}

/**
 * An attachment, made by the `attach…` methods of BpfProgram. It ends when its last handle and pin are gone: pin what is
 * to outlive this process.
 */
export class BpfLink extends Handle<NativeLink> {
  static fromPin(path: string): BpfLink {
    return new BpfLink(call(path, () => native().Link.fromPin(path)));
  }

  static fromId(id: number): BpfLink {
    return new BpfLink(call(`link ${id}`, () => native().Link.fromId(id)));
  }

  get info(): LinkInfo {
    const { attachType, ...rest } = call('link', () => this.native.info());
    return {
      ...rest,
      type: linkTypeName(rest.type),
      ...(attachType === undefined ? {} : { attachType: attachTypeName(attachType) }),
    };
  }

  /** Swaps the program atomically; with `expectedOld` only if that one is attached, else EPERM. */
  async update(
    program: { native: NativeProgram },
    options: { expectedOld?: { native: NativeProgram } } = {},
  ): Promise<void> {
    await callAsync('link', () => this.native.update(program.native, options.expectedOld?.native));
  }

  /** Ends the attachment although handles and pins remain. */
  async detach(): Promise<void> {
    await callAsync('link', () => this.native.detach());
  }

  protected override describe(): string {
    return 'link';
  }
}
