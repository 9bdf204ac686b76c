import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DesiredWorkload, HealthCheck } from '@underware/core';
import { missingFeature, runCommand } from '@underware/testkit';
import { missingTools } from './contract.spec-support.js';
import { ContainerRuntime } from './container-runtime.js';
import { hasImage, importImage, removeImage } from './engine-image.js';
import { connect } from './engine.js';
import { DockerEngine } from './docker.spec-support.js';
import type { TestEngine } from './engine.spec-support.js';
import { hostMark } from './names.js';
import { PodmanEngine } from './podman.spec-support.js';
import { sandboxOptions } from './sandbox.js';

const WANTED: DesiredWorkload & { image: string } = {
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

const commandCheck = (script: string): HealthCheck => ({
  kind: 'command',
  command: ['/bin/busybox', 'sh', '-c', script],
  intervalSeconds: 0.1,
  timeoutSeconds: 5,
  retries: 1,
});

/** The suite's set-up and tear-down around the tests of one engine. */
function describeEngine(engine: TestEngine, tests: (runtime: ContainerRuntime) => void): void {
  const missing =
    missingFeature(engine.title, ['root', 'network-namespaces']) ??
    missingTools(engine.title, ['busybox', ...engine.tools]);
  const describeHere = missing === undefined ? describe : describe.skip;
  describeHere(`${engine.title}${missing === undefined ? '' : ` [skipped: ${missing}]`}`, () => {
    beforeAll(() => engine.start(), 30_000);
    afterAll(() => engine.remove(), 30_000);
    tests(new ContainerRuntime({ socket: engine.socket, stopTimeoutMs: 0 }));
  });
}

function itServes(engine: TestEngine, program: string, runtime: ContainerRuntime): void {
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
        remedy: expect.stringContaining(`${program} load`),
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
    await foreign.remove();
  });
}

const podman = new PodmanEngine('engine');
describeEngine(podman, (runtime) => itServes(podman, 'podman', runtime));

const dockerEngine = new DockerEngine('engine');
describeEngine(dockerEngine, (runtime) => {
  const namespace = 'uwt-wl-sandbox';
  const wanted = { ...WANTED, namespace };
  const docker = connect(dockerEngine.socket);
  const containers = async (): Promise<(string | undefined)[]> =>
    (await docker.listContainers({ all: true })).map(({ Names: [name] }) => name);

  beforeAll(async () => {
    rmSync(`/run/netns/${WANTED.namespace}`, { force: true });
    await runCommand(['ip', 'netns', 'delete', namespace]).catch(() => undefined);
    await runCommand(['ip', 'netns', 'add', namespace]);
    await dockerEngine.busyboxImage();
  }, 30_000);

  afterAll(async () => {
    rmSync(`/run/netns/${WANTED.namespace}`, { force: true });
    await runCommand(['ip', 'netns', 'delete', namespace]);
  });

  itServes(dockerEngine, 'docker', runtime);

  it('leaves nothing but the container of a workload, whose commands run in its namespace', async () => {
    await dockerEngine.busyboxImage();
    await runtime.start(wanted);
    expect(await containers()).toEqual([`/uw-${wanted.key}`]);
    const link = `net:[${statSync(`/run/netns/${namespace}`).ino}]`;
    const look = `test "$(/bin/busybox readlink /proc/self/ns/net)" = "${link}"`;
    await runtime.checkHealth({ ...wanted, healthCheck: commandCheck(look) });
    await runtime.stop(wanted.key);
    expect(await containers()).toEqual([]);
  });

  it('sees a start that was cut short as exited, and starts anew or takes it away', async () => {
    const cutShort = async (): Promise<void> => {
      const options = sandboxOptions(wanted, wanted.image, await hostMark());
      await (await docker.createContainer(options)).start();
      expect(await runtime.observe()).toMatchObject([{ key: wanted.key, state: 'exited' }]);
    };
    await cutShort();
    await runtime.stop(wanted.key);
    expect(await containers()).toEqual([]);
    await cutShort();
    await runtime.start(wanted);
    expect(await runtime.observe()).toMatchObject([{ key: wanted.key, state: 'running' }]);
    expect(await containers()).toEqual([`/uw-${wanted.key}`]);
    await runtime.stop(wanted.key);
  });

  it('says why a namespace cannot be entered, and leaves nothing', async () => {
    writeFileSync(`/run/netns/${WANTED.namespace}`, '');
    await expect(runtime.start(WANTED)).rejects.toMatchObject({
      code: 'WORKLOAD_FAILED',
      report: { why: 'its network namespace could not be entered: setns: Invalid argument' },
    });
    expect(await containers()).toEqual([]);
  });
});

describe('an engine that cannot be used', () => {
  const socket = path.join(tmpdir(), `uwt-engine-${process.pid}.sock`);
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    rmSync(socket, { force: true });
  });

  it('is said not to answer when nothing listens', async () => {
    const runtime = new ContainerRuntime({ socket });
    expect(await runtime.describe()).toBeUndefined();
    for (const call of [() => runtime.observe(), () => runtime.start(WANTED), () => runtime.stop(WANTED.key)])
      await expect(call()).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
  });

  it.each([
    ['Engine', ['name=seccomp,profile=default', 'name=userns'], 'it maps users'],
    ['Engine', ['name=rootless'], 'it maps users'],
    ['Other', [], "it is neither Podman nor Docker's engine"],
  ])('is said to be unfit: %s with %j', async (name, options, why) => {
    server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const version = { Version: '27.0', Components: [{ Name: name, Version: '27.0' }] };
      response.end(JSON.stringify(request.url === '/info' ? { SecurityOptions: options } : version));
    });
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
    const runtime = new ContainerRuntime({ socket });
    expect(await runtime.describe()).toBeUndefined();
    await expect(runtime.start(WANTED)).rejects.toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      report: { why: expect.stringContaining(why) },
    });
  });
});
