/** The kernel port: its libbpf implementation, a fake, one contract suite for both. */
export {};
