import { expect, it } from '@jest/globals';
import { BpfError } from '@underware/libbpf';
import { attempt } from './bpf-call.js';

it('names the capability that a refused call needs', async () => {
  const refused = new BpfError('Operation not permitted', {
    errno: 1,
    call: 'bpf_link_create',
    on: 'program',
    missingCapabilities: ['CAP_NET_ADMIN'],
  });
  await expect(attempt('attach root', 'uw0 xdp', () => Promise.reject(refused))).rejects.toMatchObject({
    code: 'CAPABILITY_MISSING',
    report: { attempted: 'attach root', on: 'uw0 xdp', why: expect.stringContaining('CAP_NET_ADMIN') },
  });
});

it('keeps errno and call of other failures, and lets other errors through', async () => {
  const failed = new BpfError('No space', { errno: 28, call: 'bpf_map_create', on: 'map' });
  await expect(attempt('load', 'x', () => Promise.reject(failed))).rejects.toMatchObject({
    code: 'BPF_FAILED',
    report: { why: 'bpf_map_create: ENOSPC' },
    cause: failed,
  });
  const defect = new TypeError('no function');
  await expect(attempt('load', 'x', () => Promise.reject(defect))).rejects.toBe(defect);
});
