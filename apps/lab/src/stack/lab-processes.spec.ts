import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endProcesses, isRunning, labProcesses, startProcess, SYSTEM_PATH } from './lab-processes.js';
import { layoutOf } from './layout.js';
import type { LabLayout } from './layout.js';

let data: string;
let layout: LabLayout;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'uwt-lab-'));
  // A prefix of its own for each test: processes are found by it.
  layout = layoutOf(`${data.split('/').at(-1)}-`, data);
});

afterEach(async () => {
  await endProcesses(() => labProcesses(layout), 0);
  await rm(data, { recursive: true, force: true });
});

const start = (role: string, script: string): Promise<number> =>
  startProcess(layout, { role, argv: ['sh', '-c', script], env: { PATH: SYSTEM_PATH } });

describe('processes of a lab', () => {
  it('are found by their mark, with what they started themselves', async () => {
    const pid = await start('agent-h1', 'sleep 1000 & sleep 1000');
    const found = await labProcesses(layout);
    expect(found).toContainEqual(expect.objectContaining({ pid, role: 'agent-h1' }));
    expect(found.every(({ role }) => role === 'agent-h1')).toBe(true);
  });

  it('are those of this lab alone', async () => {
    await start('agent-h1', 'sleep 1000');
    await expect(labProcesses(layoutOf('uwt-other-', '/tmp/uwt-other'))).resolves.toEqual([]);
  });

  it('end when they are asked to, and are made to when they do not listen', async () => {
    const polite = await start('polite', 'sleep 1000');
    const deaf = await start('deaf', 'trap "" TERM; echo ready; while :; do sleep 0.1; done');
    await endProcesses(() => labProcesses(layout), 300);
    await expect(isRunning(polite)).resolves.toBe(false);
    await expect(isRunning(deaf)).resolves.toBe(false);
  });

  it('that cannot be started are an error', async () => {
    const missing = startProcess(layout, { role: 'x', argv: ['/nonexistent/program'], env: {} });
    await expect(missing).rejects.toThrow('ENOENT');
  });
});
