/** CAP_SYS_ADMIN stands in for the two that were split from it in Linux 5.8. */
const SYS_ADMIN = 21;

/** What the agent cannot do its work without: each was taken away once to see what breaks. README.md has the result. */
export const REQUIRED_CAPABILITIES: readonly { name: string; bits: readonly number[]; neededFor: string }[] =
  [
    { name: 'CAP_BPF', bits: [39, SYS_ADMIN], neededFor: 'load programs and make maps' },
    { name: 'CAP_PERFMON', bits: [38, SYS_ADMIN], neededFor: 'load programs that read kernel types' },
    {
      name: 'CAP_NET_ADMIN',
      bits: [12],
      neededFor: 'attach programs, and make devices, addresses and routes',
    },
    {
      name: 'CAP_SYS_ADMIN',
      bits: [SYS_ADMIN],
      neededFor: 'make and enter network namespaces, and find programs, maps and links by id',
    },
    { name: 'CAP_DAC_OVERRIDE', bits: [1], neededFor: 'make control groups for VNFs' },
    { name: 'CAP_SETUID', bits: [7], neededFor: 'run VNFs as users of their own' },
    { name: 'CAP_SETGID', bits: [6], neededFor: 'run VNFs as groups of their own' },
    { name: 'CAP_SETPCAP', bits: [8], neededFor: 'run VNFs that can never gain a right' },
    { name: 'CAP_KILL', bits: [5], neededFor: 'stop VNFs, which run as other users' },
  ];
