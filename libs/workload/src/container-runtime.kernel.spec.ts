import { ContainerRuntime } from './container-runtime.js';
import { describeContract } from './contract.spec-support.js';
import { ENGINE_TOOLS, TestEngine } from './engine.spec-support.js';

const engine = new TestEngine('contract');
const make = (): ContainerRuntime => new ContainerRuntime({ socket: engine.socket, stopTimeoutMs: 1_000 });

describeContract(
  'ContainerRuntime on Podman',
  'container',
  ENGINE_TOOLS,
  async () => {
    await engine.start();
    return { runtime: make(), restarted: make, extras: { image: await engine.busyboxImage() } };
  },
  async () => engine.remove(),
);
