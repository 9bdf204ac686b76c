import type { Benchmark } from '../benchmark.js';
import { measureIn, withPair } from '../in-host.js';
import { lessIsBetter } from '../result.js';
import type { HopSamples } from './measure-hop.js';

/** What one more hop may cost, its counters included; docs/performance.md says where it comes from. */
const TARGET_NS = 15;

export const hop: Benchmark = {
  name: 'hop',
  measures: 'one more hop in a chain, its counters included, against a bare XDP program',
  async *run(signal) {
    const { hop: ours, bare } = await withPair((near) =>
      measureIn<HopSamples>(near, 'hop', { rounds: 9 }, signal),
    );
    yield lessIsBetter({ bench: 'hop', case: 'hop-vs-target', peerName: 'target', unit: 'ns' }, ours, [
      TARGET_NS,
    ]);
    yield lessIsBetter(
      { bench: 'hop', case: 'hop-vs-bare-xdp', peerName: 'a bare XDP program', unit: 'ns' },
      ours,
      bare,
    );
  },
};
