/**
 * Measurements that run inside a host's network namespace, one process each: `measure.js NAME JSON`. Prints its samples as
 * one line of JSON.
 */
import { measureBpftool } from './condition/measure-bpftool.js';
import { measureReach } from './deploy/measure-reach.js';
import { measureHop } from './hop/measure-hop.js';
import { measureLoad } from './load/measure-load.js';
import { measureSwap } from './swap/measure-swap.js';

const measurements: Record<string, (request: never) => Promise<object>> = {
  bpftool: measureBpftool,
  hop: measureHop,
  load: measureLoad,
  reach: measureReach,
  swap: measureSwap,
};

const [name = '', json = '{}'] = process.argv.slice(2);
const measure = measurements[name];
if (measure === undefined) throw new Error(`no measurement ${name}`);
console.log(JSON.stringify(await measure(JSON.parse(json) as never)));
