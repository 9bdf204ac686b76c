import { mkdirSync, mkdtempSync, readFileSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeContract } from './contract.spec-support.js';
import { hierarchies } from './cgroup.js';
import { ProcessRuntime } from './process-runtime.js';

if (process.getuid?.() === 0) {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'uwt-process-'));
  const make = (): ProcessRuntime => new ProcessRuntime({ stateDir, stopTimeoutMs: 1_000 });
  describeContract(
    'ProcessRuntime',
    'process',
    async () => ({ runtime: make(), restarted: make, extras: {} }),
    async () => rmSync(stateDir, { recursive: true, force: true }),
  );
} else describe.skip('ProcessRuntime (skipped: needs root)', () => it.todo('contract'));
