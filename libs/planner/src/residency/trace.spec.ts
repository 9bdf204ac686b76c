import { describe, expect, it } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import { readFileSync } from 'node:fs';
import { parseTrace } from './trace.js';

const plugins = { a: { memoryBytes: 4096, loadMilliseconds: 5 } };

function problemsOf(text: string): string[] {
  try {
    parseTrace('history.json', text);
  } catch (error) {
    if (error instanceof UnderwareError && error.code === 'INPUT_INVALID')
      return (error.report.detail ?? '').split('\n');
    throw error;
  }
  return [];
}

describe('a history file', () => {
  it('has times as seconds or as moments, in any order, and ends with its last use', () => {
    const uses = [
      { plugin: 'a', from: '2026-01-01T00:00:10Z', to: '2026-01-01T00:00:20Z' },
      { plugin: 'a', from: 1_767_225_600, to: 1_767_225_605 },
    ];
    const trace = parseTrace('history.json', JSON.stringify({ plugins, uses }));
    expect(trace.uses.map(({ from, to }) => [from, to])).toEqual([
      [1_767_225_600, 1_767_225_605],
      [1_767_225_610, 1_767_225_620],
    ]);
    expect(trace).toMatchObject({ until: 1_767_225_620, price: { mebibyteSecondsPerLoadMillisecond: 60 } });
    expect(trace).not.toHaveProperty('budgetBytes');
  });

  it('is refused with everything that is wrong', () => {
    const uses = [
      { plugin: 'b', from: 0, to: 1 },
      { plugin: 'a', from: 5, to: 1 },
      { plugin: 'a', from: 'noon' },
      7,
    ];
    expect(
      problemsOf(
        JSON.stringify({ plugins: { a: { memoryBytes: 0 } }, uses, until: -1, budgetBytes: 'much' }),
      ),
    ).toEqual([
      'plugins.a.memoryBytes: it must be a number above 0',
      'plugins.a.loadMilliseconds: it must be a number above 0',
      'uses[0].plugin: b is not among plugins',
      'uses[1]: it ends before it begins',
      'uses[2].from: it is neither seconds nor a moment in ISO 8601',
      'uses[2].to: it is neither seconds nor a moment in ISO 8601',
      'uses[3].from: it is neither seconds nor a moment in ISO 8601',
      'uses[3].to: it is neither seconds nor a moment in ISO 8601',
      'uses[3].plugin: nothing is not among plugins',
      'until: it is before the end of the last use',
      'budgetBytes: it must be a number above 0',
    ]);
  });

  it.each(['', '[]', 'null', '{', '{"plugins":{},"uses":[]}'])('that is %j is refused', (text) => {
    expect(problemsOf(text)).not.toEqual([]);
  });

  it('is given as an example', () => {
    const file = new URL('../../../../examples/residency-history.json', import.meta.url);
    expect(parseTrace('residency-history.json', readFileSync(file, 'utf8')).uses.length).toBeGreaterThan(50);
  });
});
