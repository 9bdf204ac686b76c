import { afterAll, describe, expect, it } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLatencies } from './configuration.js';

const between = (value: unknown) => JSON.stringify({ latencies: [value] });

describe('latencies from a file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'uwt-latencies-'));
  const file = join(dir, 'latencies.json');
  const read = (content: string) => {
    writeFileSync(file, content);
    return readLatencies(file);
  };

  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('are between hosts and between zones', () => {
    const latencies = [
      { scope: 'host', between: ['h1', 'h2'], milliseconds: 0.5 },
      { scope: 'zone', between: ['east', 'west'], milliseconds: 30 },
    ];
    expect(read(JSON.stringify({ latencies }))).toEqual(latencies);
    expect(readLatencies(undefined)).toEqual([]);
  });

  it.each([
    ['no JSON', '{'],
    ['no list', '{}'],
    ['another scope', between({ scope: 'rack', between: ['a', 'b'], milliseconds: 1 })],
    ['one name', between({ scope: 'host', between: ['a'], milliseconds: 1 })],
    ['a time in the past', between({ scope: 'host', between: ['a', 'b'], milliseconds: -1 })],
    ['more than that', between({ scope: 'host', between: ['a', 'b'], milliseconds: 1, loss: 2 })],
  ])('with %s are refused, with the name of the file', (_what, content) => {
    expect(() => read(content)).toThrow(UnderwareError);
    expect(() => read(content)).toThrow(file);
  });
});
