import { expect, it } from '@jest/globals';
import { describeAsRoot } from './fixture.spec-support.js';
import { mapTypes, programTypes } from './names.js';
import { kernelFunctions, probeHelpers, probeMapType, probeProgramType } from './probe.js';
import { interfaceIndex, interfaceName, libbpfVersion, queryTcx, queryXdp } from './query.js';

describeAsRoot('probes', () => {
  it('tells program and map types', async () => {
    expect(await probeProgramType('xdp')).toEqual({ supported: true });
    expect(await probeMapType('lpm_trie')).toEqual({ supported: true });
    expect(programTypes()).toContain('sched_cls');
    expect(mapTypes()).toContain('ringbuf');
    await expect(probeProgramType('xpd')).rejects.toThrow("no program type 'xpd'");
  });

  it('tells the helpers of a program type from those of others', async () => {
    const xdp = await probeHelpers('xdp');
    expect(xdp).toEqual(
      expect.arrayContaining(['map_lookup_elem', 'redirect_map', 'fib_lookup', 'xdp_adjust_head']),
    );
    expect(xdp).not.toContain('skb_load_bytes');
    expect(await probeHelpers('sched_cls')).toContain('skb_load_bytes');
    expect(await probeHelpers('tracing')).toEqual([]);
  });

  it('lists kernel functions', async () => {
    expect(await kernelFunctions()).toContain('bpf_dynptr_from_xdp');
  });

  it('names devices, and those that are not there', async () => {
    expect(interfaceName(interfaceIndex('lo'))).toBe('lo');
    expect(() => interfaceIndex('uwt-absent')).toThrow(expect.objectContaining({ errnoName: 'ENODEV' }));
    await expect(queryTcx(0x7fffffff, 'ingress')).rejects.toMatchObject({ errnoName: 'ENODEV' });
    await expect(queryXdp(0x7fffffff)).rejects.toMatchObject({ call: 'bpf_xdp_query' });
    expect(libbpfVersion()).toMatch(/^v1\.\d+$/);
  });
});
