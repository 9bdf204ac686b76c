import { describe, expect, it } from '@jest/globals';
import { compile } from './compile.js';
import { descriptorOf, warmUp } from './warm-up.js';

describe('what warms the compiler up', () => {
  it('is a descriptor without a finding, so that all of the compiler runs', () => {
    const { graph, findings } = compile({ file: 'warm-up.yaml', text: descriptorOf(20) });
    expect(findings).toEqual([]);
    expect(graph?.vnfs).toHaveLength(20);
    expect(new Set(graph?.underservices.map(({ kind }) => kind))).toEqual(new Set(['probe', 'firewall']));
  });

  it('comes in steps, between which others have their turn', () => {
    expect([...warmUp()]).toHaveLength(5);
  });
});
