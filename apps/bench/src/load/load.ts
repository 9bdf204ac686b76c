import type { Benchmark } from '../benchmark.js';
import { measureIn, withPair } from '../in-host.js';
import { lessIsBetter } from '../result.js';
import type { LoadSamples } from './measure-load.js';

export const load: Benchmark = {
  name: 'load',
  measures: 'load, attach and pin one program, against xdp-loader and bpftool as a user runs them',
  async *run(signal) {
    const samples = await withPair((near) =>
      measureIn<LoadSamples>(near, 'load', { device: 'eth0', rounds: 30 }, signal),
    );
    const about = { bench: 'load', unit: 'ms' };
    yield lessIsBetter(
      { ...about, case: 'load-vs-xdp-loader', peerName: 'xdp-loader' },
      samples.ours,
      samples.xdpLoader,
    );
    yield lessIsBetter(
      { ...about, case: 'load-vs-bpftool', peerName: 'bpftool' },
      samples.ours,
      samples.bpftool,
    );
    yield lessIsBetter(
      { ...about, case: 'first-load-of-host-vs-xdp-loader', peerName: 'xdp-loader' },
      samples.oursFirst,
      samples.xdpLoader,
    );
    yield lessIsBetter(
      { ...about, case: 'load-into-live-chain-vs-bpftool', peerName: 'bpftool, overwriting' },
      samples.oursLive,
      samples.bpftoolLive,
    );
  },
};
