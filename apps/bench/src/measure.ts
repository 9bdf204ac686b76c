/**
 * Measurements that run inside a host's network namespace, one process each: `measure.js NAME JSON`. Prints its samples as
 * one line of JSON.
 */
import { measureHop } from './hop/measure-hop.js';
import { measureLoad } from './load/measure-load.js';
import { measureSwap } from './swap/measure-swap.js';

const measurements: Record<string, (request: never) => Promise<object>> = {
  hop: measureHop,
  load: measureLoad,
  swap: measureSwap,
};

const [name = '', json = '{}'] = process.argv.slice(2);
const measure = measurements[name];
if (measure === undefined) throw new Error(`no measurement ${name}`);
console.log(JSON.stringify(await measure(JSON.parse(json) as never)));
