import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeContract } from './contract.spec-support.js';
import { ProcessRuntime } from './process-runtime.js';

const stateDir = mkdtempSync(path.join(tmpdir(), 'uwt-process-'));
const make = (stopTimeoutMs = 1_000): ProcessRuntime => new ProcessRuntime({ stateDir, stopTimeoutMs });

describeContract(
  'ProcessRuntime',
  'process',
  [],
  async () => ({ runtime: make(), restarted: make, impatient: make(0), extras: {} }),
  async () => rmSync(stateDir, { recursive: true, force: true }),
);
