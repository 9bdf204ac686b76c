import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compiler } from './compiler.js';
import type { Source } from './open-descriptor.js';

const PREFIX = 'uwt-compiler-';
/** Compiles nothing: does what the name of the file says, and answers how often it was asked. */
const THREAD = `
import { parentPort } from 'node:worker_threads';
let asked = 0;
parentPort.on('message', ({ source }) => {
  while (source.file === 'endless');
  for (const kept = []; source.file === 'huge'; ) kept.push(new Array(100_000).fill(kept.length));
  if (source.file === 'broken') throw new Error('a defect');
  asked += 1;
  parentPort.postMessage({ compiled: { findings: [{ message: String(asked) }] } });
});
`;

const source = (file: string): Source => ({ file, mediaType: 'application/yaml', bytes: Buffer.alloc(0) });

describe('the compiler', () => {
  const dir = mkdtempSync(join(tmpdir(), PREFIX));
  const program = join(dir, 'thread.mjs');
  const compiler = new Compiler(program, { milliseconds: 1_000, mebibytes: 32 });

  beforeAll(() => {
    for (const name of readdirSync(tmpdir())) {
      const left = join(tmpdir(), name);
      if (name.startsWith(PREFIX) && left !== dir) rmSync(left, { recursive: true, force: true });
    }
    writeFileSync(program, THREAD);
  });

  afterAll(async () => {
    await compiler.onModuleDestroy();
    rmSync(dir, { recursive: true, force: true });
  });

  it.each([
    ['endless', 'DESCRIPTOR_INVALID', 'it takes longer than 1 s'],
    ['huge', 'DESCRIPTOR_INVALID', 'it takes more than 32 MiB of memory'],
    ['broken', 'INTERNAL', 'the thread of the compiler broke: Error: a defect'],
  ])('refuses a descriptor that is %s, and compiles the next', async (file, code, why) => {
    const first = compiler.try(source(file), {});
    const next = compiler.try(source('next'), {});
    const third = compiler.try(source('third'), {});
    await expect(first).rejects.toMatchObject({ report: { code, why } });
    // By one and the same thread, in their order.
    expect([await next, await third]).toMatchObject([
      { findings: [{ message: '1' }] },
      { findings: [{ message: '2' }] },
    ]);
  });

  it('lets so many wait and no more', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 40 }, () => compiler.try(source('small'), {})),
    );
    const refused = asked.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(8);
    expect(refused[0]).toMatchObject({ reason: { report: { code: 'STATE_CONFLICT' } } });
  });
});
