import { expect, it } from '@jest/globals';
import { hostWith, plugin } from './plan.spec-support.js';
import { checkPlugin } from './preflight.js';

const { profile } = hostWith('h1', {}).facts;
const firewall = plugin('firewall', '1.0.0', ['tail_call', 'fib_lookup']);

it('names what a kernel lacks, program by program', () => {
  const older = {
    ...profile,
    programTypes: ['xdp'],
    mapTypes: ['prog_array'],
    attach: { ...profile.attach, tcx: false },
  };
  expect(checkPlugin(firewall.requirements, older, firewall.manifest.programs)).toEqual([
    { program: 'firewall_xdp', hook: 'xdp', missing: ['helper bpf_fib_lookup', 'map type percpu_array'] },
    {
      program: 'firewall_tcx',
      hook: 'tcx',
      missing: ['program type sched_cls', 'helper bpf_fib_lookup', 'map type percpu_array', 'the tcx hook'],
    },
  ]);
});

it('looks at every program of an object without a manifest', () => {
  const { programs, ...rest } = plugin('probe').requirements;
  const requirements = {
    ...rest,
    kernelBtf: true,
    programs: {
      ...programs,
      trace: { type: 'tracepoint', helpers: [], kfuncs: ['f'], attach: 'none' as const },
    },
  };
  expect(checkPlugin(requirements, { ...profile, btf: false })).toEqual([
    { program: 'probe_xdp', hook: 'xdp', missing: ['kernel type information (BTF)'] },
    { program: 'probe_tcx', hook: 'tcx', missing: ['kernel type information (BTF)'] },
    { program: 'trace', hook: 'none', missing: ['a hook of a port: its section names none'] },
  ]);
  expect(checkPlugin(plugin('probe').requirements, profile).flatMap(({ missing }) => missing)).toEqual([]);
});

it('refuses a program that the object does not have', () => {
  expect(checkPlugin(firewall.requirements, profile, [{ name: 'absent', hook: 'xdp' }])).toEqual([
    { program: 'absent', hook: 'xdp', missing: ['program absent in the object'] },
  ]);
});
