import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerRuntime } from './container-runtime.js';

describe('a container engine that takes calls and never answers', () => {
  it('is reported as unavailable in seconds', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'uwt-engine-'));
    const taken: Socket[] = [];
    const server = createServer((socket) => taken.push(socket));
    await new Promise<void>((resolve) => server.listen(join(dir, 'engine.sock'), resolve));
    try {
      const runtime = new ContainerRuntime({ socket: join(dir, 'engine.sock') });
      const [described, observed] = await Promise.allSettled([runtime.describe(), runtime.observe()]);
      expect(described).toEqual({ status: 'fulfilled', value: undefined });
      expect(observed).toMatchObject({ reason: { report: { code: 'RUNTIME_UNAVAILABLE' } } });
    } finally {
      for (const socket of taken) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true });
    }
  }, 15_000);
});
