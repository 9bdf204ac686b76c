import type { InventoryHost, KernelProfile } from '@underware/core';

const HELPERS = [
  'tail_call',
  'map_lookup_elem',
  'map_update_elem',
  'map_delete_elem',
  'ktime_get_ns',
  'ktime_get_coarse_ns',
  'ringbuf_output',
  'ringbuf_reserve',
  'ringbuf_submit',
  'ringbuf_discard',
  'skb_load_bytes',
  'xdp_load_bytes',
  'loop',
  'skb_pull_data',
];

/** A kernel that has what our plugins need. */
export const NEW_KERNEL: KernelProfile = {
  release: '6.18.0',
  architecture: 'x86_64',
  programTypes: ['xdp', 'sched_cls'],
  mapTypes: ['array', 'percpu_array', 'hash', 'lru_hash', 'lpm_trie', 'prog_array', 'ringbuf'],
  helpers: { xdp: HELPERS, sched_cls: HELPERS },
  kfuncs: [],
  attach: { xdp: true, tcx: true, trampoline: true },
  btf: true,
  jit: true,
  notes: [],
};

/** One from before TCX and ring buffers. */
export const OLD_KERNEL: KernelProfile = {
  ...NEW_KERNEL,
  release: '5.4.0',
  mapTypes: ['array', 'percpu_array', 'hash', 'lru_hash', 'lpm_trie', 'prog_array'],
  attach: { xdp: true, tcx: false, trampoline: false },
};

export function hostWith(
  profile: KernelProfile,
  name: string,
  over: Partial<InventoryHost> = {},
): InventoryHost {
  return {
    id: `id-${name}`,
    name,
    labels: {},
    ready: true,
    used: { cpus: 0, memoryBytes: 0 },
    foreignPrograms: [],
    facts: {
      profile,
      cpus: 2,
      memoryBytes: 4_000_000_000,
      runtimes: [
        { runtime: 'container', description: '' },
        { runtime: 'process', description: '' },
      ],
      uplinks: [
        {
          device: 'eth0',
          mac: '02:00:00:00:00:01',
          mtu: 1500,
          addresses: [`192.0.2.${name.length}/24`, `2001:db8::${name.length}/64`],
        },
      ],
      agentVersion: '0.1.0',
    },
    ...over,
  };
}
