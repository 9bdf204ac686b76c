import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogFiles } from './log-file.js';

describe('LogFiles', () => {
  let directory: string;
  let logs: LogFiles;

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'uwt-logs-'));
    logs = new LogFiles(directory);
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('keeps the run before the present one', async () => {
    for (const text of ['first\n', 'second\n', 'third\n']) {
      const log = await logs.begin('a');
      await log.write(text);
      await log.close();
    }
    expect(await logs.tail('a', 10)).toBe('third\n');
    expect(readdirSync(directory)).toEqual(['a.log', 'a.log.1']);
    expect(statSync(path.join(directory, 'a.log')).mode & 0o777).toBe(0o600);
  });

  it('cuts a log that grew too large while it is written to', async () => {
    const log = await logs.begin('a');
    await log.write('x'.repeat((8 << 20) + 1));
    await logs.bound(['a', 'none']);
    await log.write('after\n');
    await log.close();
    expect(statSync(path.join(directory, 'a.log')).size).toBe('after\n'.length);
    expect(statSync(path.join(directory, 'a.log.1')).size).toBe(8 << 20);
  });

  it('keeps the end of a log, however large it claims to be', async () => {
    const file = path.join(directory, 'a.log');
    writeFileSync(file, 'begin');
    truncateSync(file, 3 * 2 ** 30);
    await (await logs.begin('a')).close();
    expect(statSync(file).size).toBe(0);
    expect(statSync(`${file}.1`).size).toBe(8 << 20);
  });

  it('forgets the oldest logs of workloads that are gone', async () => {
    for (let number = 0; number < 60; number++) {
      const file = path.join(directory, `w${number}.log`);
      writeFileSync(file, '');
      writeFileSync(`${file}.1`, '');
      utimesSync(file, number, number);
    }
    await logs.prune(['w0']);
    const kept = readdirSync(directory).filter((name) => name.endsWith('.log'));
    expect(kept).toHaveLength(51);
    expect(kept).toEqual(expect.arrayContaining(['w0.log', 'w10.log', 'w59.log']));
    expect(kept).not.toContain('w9.log');
    expect(readdirSync(directory)).toHaveLength(102);
  });

  it('reads the end of a log whatever its length', async () => {
    const log = await logs.begin('a');
    await log.write(`${'y'.repeat(3 << 20)}\nlast but one\nlast`);
    await log.close();
    expect(await logs.tail('a', 2)).toBe('last but one\nlast');
    expect(await logs.tail('none', 2)).toBe('');
  });
});
