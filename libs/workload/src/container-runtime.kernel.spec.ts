import { mkdtempSync } from 'node:fs';
import { describe, it } from '@jest/globals';
import { ContainerRuntime } from './container-runtime.js';
import { describeContract } from './contract.spec-support.js';
import { TestEngine, missingForEngine } from './engine.spec-support.js';

const missing = missingForEngine();
if (missing === undefined) {
  const engine = new TestEngine('contract');
  const make = (): ContainerRuntime => new ContainerRuntime({ socket: engine.socket, stopTimeoutMs: 1_000 });
  describeContract(
    'ContainerRuntime on Podman',
    'container',
    async () => {
      await engine.start();
      return { runtime: make(), restarted: make, extras: { image: await engine.busyboxImage() } };
    },
    async () => engine.remove(),
  );
} else describe.skip(`ContainerRuntime on Podman (skipped: needs ${missing})`, () => it.todo('contract'));
void mkdtempSync;
