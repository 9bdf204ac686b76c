import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DesiredWorkload } from '@underware/core';
import { missingFeature } from '@underware/testkit';
import { missingTools } from './contract.spec-support.js';
import { ContainerRuntime } from './container-runtime.js';
import { hasImage, importImage, removeImage } from './engine-image.js';
import { connect } from './engine.js';
import { ENGINE_TOOLS, TestEngine } from './engine.spec-support.js';

const WANTED: DesiredWorkload = {
  key: 'f00dbeef',
  revision: '0000000a',
  vnf: 'web',
  runtime: 'container',
  image: 'localhost/uwt-busybox:1',
  command: ['/bin/busybox', 'sleep', '100'],
  environment: {},
  cpus: 1,
  memoryBytes: 64 << 20,
  namespace: 'uwt-wl-none',
  after: [],
};

const missing =
  missingFeature('Podman', ['root', 'network-namespaces']) ??
  missingTools('Podman', ['busybox', ...ENGINE_TOOLS]);
const describeEngine = missing === undefined ? describe : describe.skip;

describeEngine(`Podman${missing === undefined ? '' : ` [skipped: ${missing}]`}`, () => {
  const engine = new TestEngine('engine');
  const runtime = new ContainerRuntime({ socket: engine.socket, stopTimeoutMs: 1_000 });

  beforeAll(async () => {
    await engine.start();
  }, 30_000);

  afterAll(async () => {
    await engine.remove();
  }, 30_000);

  it('imports an image under its name and tag, and removes it, twice', async () => {
    const name = await engine.busyboxImage();
    expect(await hasImage(engine.socket, name)).toBe(true);
    expect(await hasImage(engine.socket, 'localhost/uwt-busybox:2')).toBe(false);
    await engine.busyboxImage();
    await removeImage(engine.socket, name);
    await removeImage(engine.socket, name);
    expect(await hasImage(engine.socket, name)).toBe(false);
  });

  it('names what cannot be imported', async () => {
    const image = { name: 'localhost/uwt-none:1', rootfs: path.join(engine.directory, 'nothing') };
    await expect(importImage(engine.socket, image)).rejects.toThrow('no such file or directory');
    expect(await hasImage(engine.socket, image.name)).toBe(false);
  });

  it('says how to bring an image that is missing', async () => {
    await expect(runtime.start({ ...WANTED, image: 'localhost/uwt-none:1' })).rejects.toMatchObject({
      code: 'WORKLOAD_FAILED',
      report: {
        why: expect.stringContaining('has no image localhost/uwt-none:1'),
        remedy: expect.stringContaining('podman load'),
      },
    });
  });

  it('touches no container of its name that is not its own', async () => {
    const docker = connect(engine.socket);
    const image = await engine.busyboxImage();
    const foreign = await docker.createContainer({
      name: `uw-${WANTED.key}`,
      Image: image,
      Cmd: ['true'],
      HostConfig: { NetworkMode: 'none' },
    });
    for (const call of [() => runtime.start(WANTED), () => runtime.stop(WANTED.key)])
      await expect(call()).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
    expect(await runtime.observe()).toEqual([]);
    expect((await foreign.inspect()).Id).toBe(foreign.id);
  });
});

describe('an engine that cannot be used', () => {
  const socket = path.join(tmpdir(), `uwt-engine-${process.pid}.sock`);
  let server: Server | undefined;

  afterAll(() => {
    server?.close();
    rmSync(socket, { force: true });
  });

  it('is said not to answer when nothing listens', async () => {
    const runtime = new ContainerRuntime({ socket });
    expect(await runtime.describe()).toBeUndefined();
    for (const call of [() => runtime.observe(), () => runtime.start(WANTED), () => runtime.stop(WANTED.key)])
      await expect(call()).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
  });

  it("is said to be Docker's, which joins no namespace by its path", async () => {
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ Version: '27.0', Components: [{ Name: 'Engine', Version: '27.0' }] }));
    });
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
    const runtime = new ContainerRuntime({ socket });
    expect(await runtime.describe()).toBeUndefined();
    await expect(runtime.start(WANTED)).rejects.toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      report: { why: expect.stringContaining('docker 27.0 cannot start') },
    });
  });
});
