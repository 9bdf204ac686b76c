import { parseTrace, simulate } from '@underware/planner';
import type { SimulatedPolicy } from '@underware/planner';
import { readInputFile } from '../read-file.js';
import { printTable } from '../render/table.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';

const WORDS: Record<SimulatedPolicy['policy'], string> = {
  dynamic: 'all dynamic',
  persistent: 'all persistent',
  lru: 'least recently used',
  auto: 'auto (ours)',
  optimum: 'clairvoyant optimum',
};

/** What the policies would have cost on a history; needs no orchestrator. */
export async function simulateResidency(session: Session, file: string): Promise<void> {
  const { terminal } = session;
  const trace = parseTrace(file, (await readInputFile(file)).toString('utf8'));
  const policies = simulate(trace);
  const optimum = policies.find(({ policy }) => policy === 'optimum')?.cost ?? 0;
  const timesOptimum = (cost: number): number => (optimum === 0 ? 1 : cost / optimum);
  if (terminal.json) {
    const { budgetBytes = null, price, uses, plugins } = trace;
    printJson(terminal, {
      history: { uses: uses.length, plugins: plugins.size, budgetBytes, ...price },
      policies: policies.map((each) => ({ ...each, timesOptimum: timesOptimum(each.cost) })),
    });
    return;
  }
  printTable(
    terminal,
    ['POLICY', 'COST', 'OF OPTIMUM', 'LOADS', 'LOADING', 'HELD IDLE', 'PEAK'],
    policies.map(({ policy, cost, loads, loadMilliseconds, held, peakBytes }) => [
      WORDS[policy],
      cost.toFixed(0),
      `${timesOptimum(cost).toFixed(2)} ×`,
      String(loads),
      `${(loadMilliseconds / 1000).toFixed(2)} s`,
      `${(held / 3600).toFixed(2)} MiB·h`,
      `${(peakBytes / 2 ** 20).toFixed(2)} MiB`,
    ]),
    'No policy was simulated.',
  );
  terminal.out(
    `Cost in MiB·s: memory held without a user, and loads at ${trace.price.mebibyteSecondsPerLoadMillisecond} MiB·s a millisecond. ` +
      'The optimum knows the future and has no budget.\n',
  );
}
