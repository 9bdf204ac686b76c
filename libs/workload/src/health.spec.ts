import { describe, expect, it } from '@jest/globals';
import type { DesiredWorkload, ObservedWorkload } from '@underware/core';
import { waitUntilHealthy } from './health.js';

const workload: DesiredWorkload = {
  key: 'ab',
  revision: '1',
  vnf: 'web',
  runtime: 'process',
  command: ['true'],
  environment: {},
  cpus: 1,
  memoryBytes: 1 << 20,
  namespace: 'uwt-none',
  healthCheck: { kind: 'tcp', port: 1, intervalSeconds: 600, timeoutSeconds: 1, retries: 9 },
  after: [],
};
const running: ObservedWorkload = {
  key: 'ab',
  revision: '1',
  runtime: 'process',
  state: 'running',
  handle: '1',
  health: 'none',
};

describe('waitUntilHealthy', () => {
  it('ends its wait for the next check when it is told to', async () => {
    const abort = new AbortController();
    const waiting = waitUntilHealthy(
      workload,
      {
        observe: async () => running,
        log: async () => '',
        probe: async () => {
          setImmediate(() => setImmediate(() => abort.abort(new Error('superseded'))));
          return { healthy: false, output: 'not yet' };
        },
      },
      abort.signal,
    );
    await expect(waiting).rejects.toThrow('superseded');
  }, 5_000);
});
