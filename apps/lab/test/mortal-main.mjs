/**
 * Runs the built agent or orchestrator, whichever the environment is for, with one difference: it ends by SIGKILL at points
 * that a test names. The agent's points are its journal entries, each in place of being written: before a step, or between
 * a step and its record. The orchestrator's are the transitions of its operations.
 *
 * In the state directory, `mortal.json` is the list of points to end at, each once; `points.jsonl` has every point met.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { UNDERWARE_STATE_DIR: directory, UNDERWARE_HOST: host } = process.env;
const app = new URL(`../../${host === undefined ? 'orchestrator' : 'agent'}/dist/`, import.meta.url).href;
const orders = join(directory, 'mortal.json');

function meet(point) {
  const left = existsSync(orders) ? JSON.parse(readFileSync(orders, 'utf8')) : [];
  const killed = left.includes(point);
  appendFileSync(join(directory, 'points.jsonl'), `${JSON.stringify({ point, killed })}\n`);
  if (!killed) return;
  writeFileSync(orders, JSON.stringify(left.filter((each) => each !== point)));
  process.kill(process.pid, 'SIGKILL');
}

function meetBefore(prototype, pointOf) {
  const { record } = prototype;
  prototype.record = function recordMortally(entry) {
    meet(pointOf(entry));
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
