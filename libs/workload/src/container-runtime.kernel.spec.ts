import { ContainerRuntime } from './container-runtime.js';
import { describeContract } from './contract.spec-support.js';
import { DockerEngine } from './docker.spec-support.js';
import { PodmanEngine } from './podman.spec-support.js';

for (const engine of [new PodmanEngine('contract'), new DockerEngine('contract')]) {
  const make = (stopTimeoutMs = 1_000): ContainerRuntime =>
    new ContainerRuntime({ socket: engine.socket, stopTimeoutMs });
  describeContract(
    `ContainerRuntime on ${engine.title}`,
    'container',
    engine.tools,
    async () => {
      await engine.start();
      const extras = { image: await engine.busyboxImage() };
      return { runtime: make(), restarted: make, impatient: make(0), extras };
    },
    async () => engine.remove(),
  );
}
