import type { DesiredInstance, PluginManifest } from '@underware/core';

/** The manifest of `bpf/count.bpf.c`. */
export const COUNT_MANIFEST: PluginManifest = {
  name: 'count',
  version: '0.1.0',
  summary: 'Counts packets, to measure the engine',
  license: 'Dual BSD/GPL',
  implements: 'count',
  order: 'observe',
  programs: [{ name: 'count_xdp', hook: 'xdp' }],
  maps: {},
};

/** The n-th instance of `count` on a device's XDP chain; a sink drops as seen what reaches it. */
export function countInstance(device: string, n: number, sink = false): DesiredInstance {
  const id = n.toString(16).padStart(16, '0');
  const revision = sink ? '00000001' : '00000000';
  return {
    key: `${id}-${revision}`,
    id,
    revision,
    underservice: `count${n}`,
    plugin: { name: 'count', version: '0.1.0', digest: `sha256:${'0'.repeat(64)}` },
    program: 'count_xdp',
    port: `uplink/${device}`,
    hook: 'xdp',
    order: n,
    config: { rodata: { count_config: { sink: sink ? 1 : 0 } }, maps: {}, mapSizes: {} },
    residency: 'dynamic',
  };
}
