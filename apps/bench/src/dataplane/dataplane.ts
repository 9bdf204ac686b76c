import type { Benchmark } from '../benchmark.js';
import { measureFirewall } from './firewall/measure-firewall.js';
import { measureRouter } from './router/measure-router.js';
import { measureSwitch } from './switch/measure-switch.js';

export const dataplane: Benchmark = {
  name: 'dataplane',
  measures: 'packets per second through an underservice, against what people use today',
  async *run(signal) {
    yield* measureFirewall(signal);
    yield* measureRouter(signal);
    yield* measureSwitch(signal);
  },
};
