/**
 * The orchestrator as built, whose record of transitions can kill it: a line `N` on standard input makes the n-th transition
 * from then on the last one. Prints its address when it listens, and every transition.
 */
import pino from 'pino';
import { createInterface } from 'node:readline';
import { Transitions } from '../dist/modules/operations/transitions.js';
import { start } from '../dist/start.js';

class DyingTransitions extends Transitions {
  left = 0;

  record({ move, phase, point }) {
    process.stdout.write(`${JSON.stringify({ transition: `${move} ${phase} ${point}` })}\n`);
    this.left -= 1;
    if (this.left === 0) process.kill(process.pid, 'SIGKILL');
  }
}

const log = pino({ level: 'warn' }, pino.destination(2));
const transitions = new DyingTransitions();
const orchestrator = await start('all', JSON.parse(process.argv[2]), log, transitions);
process.stdout.write(`${JSON.stringify({ address: orchestrator.address })}\n`);
createInterface({ input: process.stdin }).on('line', (line) => {
  transitions.left = Number(line);
  process.stdout.write(`${JSON.stringify({ armed: transitions.left })}\n`);
});
process.once('SIGTERM', () => void orchestrator.stop().then(() => process.exit(0)));
