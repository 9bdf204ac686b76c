/**
 * Runs the built agent or orchestrator, whichever the environment is for, with one difference: at points that a test names it
 * ends by SIGKILL, or stops by SIGSTOP until the test lets it go on. The agent's points are its journal entries, each in place
 * of being written: before a step, or between a step and its record. The orchestrator's are the transitions of its operations.
 *
 * In the state directory, `mortal.json` says at which points to end and to stop, each once; `points.jsonl` has every point met.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// It is started two hundred times and lives for a second: to optimise what it runs takes a fourth of that.
setFlagsFromString('--no-opt');

const { UNDERWARE_STATE_DIR: directory, UNDERWARE_HOST: host } = process.env;
const app = new URL(`../../${host === undefined ? 'orchestrator' : 'agent'}/dist/`, import.meta.url).href;
const file = join(directory, 'mortal.json');

/** Steps of the same name come again in later generations: these are counted from when the orders were given. */
function meet(name, generation) {
  const orders = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { end: [], stop: [], generations: [] };
  if (!orders.generations.includes(generation)) orders.generations.push(generation);
  const point = `${orders.generations.indexOf(generation) + 1}: ${name}`;
  const killed = orders.end.includes(point);
  const stopped = orders.stop.includes(point);
  orders.end = orders.end.filter((each) => each !== point);
  orders.stop = orders.stop.filter((each) => each !== point);
  writeFileSync(file, JSON.stringify(orders));
  appendFileSync(join(directory, 'points.jsonl'), `${JSON.stringify({ point, killed })}\n`);
  if (stopped) process.kill(process.pid, 'SIGSTOP');
  if (killed) process.kill(process.pid, 'SIGKILL');
}

function meetBefore(prototype, pointOf) {
  const { record } = prototype;
  prototype.record = function recordMortally(entry) {
    meet(pointOf(entry), entry.generation ?? 0);
    return record.call(this, entry);
  };
}

if (host === undefined) {
  const { LoggedTransitions } = await import(`${app}modules/operations/logged-transitions.js`);
  meetBefore(LoggedTransitions.prototype, ({ move, phase, point }) => `${move} ${phase} ${point}`);
} else {
  const { FileJournal } = await import(`${app}journal.js`);
  meetBefore(FileJournal.prototype, ({ status, name }) => `${status} ${name}`);
}
await import(`${app}main.js`);
