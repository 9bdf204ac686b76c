/** What a host's kernel was probed to support. Names are libbpf's, without prefix, in lower case (`xdp`, `lpm_trie`). */
export interface KernelProfile {
  /** `uname -r`; for people only, never matched against. */
  release: string;
  architecture: string;
  programTypes: string[];
  mapTypes: string[];
  /** Helper names without `bpf_` (`fib_lookup`) by program type. */
  helpers: Record<string, string[]>;
  /** Kernel functions callable from programs, from BTF; empty without BTF. */
  kfuncs: string[];
  attach: {
    /** Native XDP by device driver kind; what the port devices of this host support. */
    xdp: boolean;
    tcx: boolean;
    /** freplace, fentry and other trampolines. */
    trampoline: boolean;
  };
  btf: boolean;
  jit: boolean;
  /** Why something is missing, where the kernel told: e.g. `trampoline: EPERM`. */
  notes: string[];
}
