/** `measurePlanner` in a process of its own: `process.js VNFS HOSTS SEED` prints its samples as one line of JSON. */
import { measurePlanner } from './measure-planner.js';

const [vnfs = 0, hosts = 0, seed = 1] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(measurePlanner(vnfs, hosts, seed)));
