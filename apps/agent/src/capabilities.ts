/** What the agent cannot do its work without; each was left out once to see what breaks (README.md says how). */
export const REQUIRED_CAPABILITIES = [
  { name: 'CAP_BPF', bit: 39, neededFor: 'load programs and make maps' },
  { name: 'CAP_PERFMON', bit: 38, neededFor: 'load programs that use kernel pointers and BTF' },
  { name: 'CAP_NET_ADMIN', bit: 12, neededFor: 'attach programs, and make devices, addresses and routes' },
  {
    name: 'CAP_SYS_ADMIN',
    bit: 21,
    neededFor: 'make and enter network namespaces, and find programs, maps and links by id',
  },
] as const;
