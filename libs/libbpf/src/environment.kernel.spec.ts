import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compileFixture, describeAsRoot } from './fixture.spec-support.js';
import { missingCapabilities } from './capabilities.js';
import { errnoName } from './error.js';
import { mapIds, programIds } from './query.js';

/** What a whole process or worker does at its end cannot be seen from inside: these tests run a script of their own. */
describeAsRoot('the end of an environment', () => {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'uwt-env-'));
    writeFileSync(join(directory, 'basic.o'), compileFixture('basic'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const run = (script: string, prefix: string[] = []) => {
    const [command = process.execPath, ...before] = [...prefix, process.execPath];
    const file = join(directory, 'script.cjs');
    const prelude = `
      const addon = require(${JSON.stringify(join(root, 'build/Release/underware_libbpf.node'))});
      const elf = require('node:fs').readFileSync(${JSON.stringify(join(directory, 'basic.o'))});
      const workers = require('node:worker_threads');
    `;
    writeFileSync(file, prelude + script);
    return execFileSync(command, [...before, file], { encoding: 'utf8', timeout: 20_000 });
  };

  it('closes the handles of a worker, an open ring buffer among them, and lets it end', () => {
    const out = run(`
      if (workers.isMainThread) {
        const worker = new workers.Worker(__filename);
        worker.on('message', async (ids) => {
          await worker.terminate();
          const deadline = Date.now() + 5000;
          const left = () => addon.programIds().filter((id) => ids.includes(id)).length;
          while (left() > 0 && Date.now() < deadline) await new Promise(setImmediate);
          console.log(ids.length, left());
        });
      } else {
        (async () => {
          const object = await addon.Object.open(elf, 'uwt');
          await object.load();
          globalThis.kept = ['judge', 'drop'].map((name) => object.program(name));
          globalThis.ring = new addon.RingBuffer(object.map('events'), () => {});
          object.close();
          workers.parentPort.postMessage(kept.map((program) => program.info().id));
        })();
      }
    `);
    expect(out.trim()).toBe('2 0');
  });

  it('leaves nothing in the kernel when a process ends with handles open and work in flight', async () => {
    const out = run(`
      (async () => {
        const object = await addon.Object.open(elf, 'uwt');
        await object.load();
        const judge = object.program('judge');
        judge.testRun({ data: new Uint8Array(64), repeat: 1000, liveFrames: false, batchSize: 0, dataOutSize: 256 });
        console.log(JSON.stringify({ program: judge.info().id, map: object.map('hits').info().id }));
        process.exit(0);
      })();
    `);
    const { program, map } = JSON.parse(out) as { program: number; map: number };
    // The kernel frees maps in a worker thread of its own.
    const deadline = Date.now() + 5000;
    while (mapIds().includes(map) && Date.now() < deadline) await setImmediate();
    expect(programIds()).not.toContain(program);
    expect(mapIds()).not.toContain(map);
  });

  it('is told which capabilities are missing', () => {
    const out = run(
      `
      (async () => {
        const object = await addon.Object.open(elf, 'uwt');
        const failures = [await object.load().catch((error) => error)];
        try { addon.programIds(); } catch (error) { failures.push(error); }
        const status = require('node:fs').readFileSync('/proc/self/status', 'utf8');
        console.log(JSON.stringify({ status, failures: failures.map(({ errno, call }) => ({ errno, call })) }));
      })();
    `,
      ['setpriv', '--bounding-set=-all', '--inh-caps=-all'],
    );
    const { status, failures } = JSON.parse(out) as {
      status: string;
      failures: { errno: number; call: string }[];
    };
    const missing = failures.map(({ errno, call }) => missingCapabilities(errnoName(errno), call, status));
    expect(missing).toEqual([['CAP_BPF', 'CAP_NET_ADMIN', 'CAP_PERFMON'], ['CAP_SYS_ADMIN']]);
  });
});
