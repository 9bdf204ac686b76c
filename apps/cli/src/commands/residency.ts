import type { HostResidency, HostResidencyRequest } from '@underware/client';
import { parseTrace, simulate } from '@underware/planner';
import type { SimulatedPolicy } from '@underware/planner';
import { readInputFile } from '../read-file.js';
import { printTable } from '../render/table.js';
import { resolve } from '../resolve-id.js';
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

/** What hosts keep loaded without a user, until when, and why. */
export async function explainResidency(session: Session, given: string | undefined): Promise<void> {
  const { client, terminal } = session;
  const all = await client().residency();
  const chosen = given === undefined ? all : [chooseHost(all, given)];
  if (terminal.json) return printJson(terminal, chosen);
  for (const [i, host] of chosen.entries()) {
    if (i > 0) terminal.out('\n');
    explainHost(session, host);
  }
  if (chosen.length === 0) terminal.out('No host is enrolled.\n');
}

export async function setResidency(
  { client, terminal }: Session,
  given: string,
  request: HostResidencyRequest,
): Promise<void> {
  const host = resolve('host', await client().hosts(), given, ({ name }) => name);
  await client().setResidency(host.id, request);
  if (terminal.json) printJson(terminal, { host: host.id, ...request });
  else terminal.out(`${host.name}: ${request.policy}, ${budgetText(request.budgetBytes)}\n`);
}

function chooseHost(all: readonly HostResidency[], given: string): HostResidency {
  const hosts = all.map((each) => ({ ...each, id: each.host }));
  return resolve('host', hosts, given, ({ hostName }) => hostName);
}

function explainHost(
  { terminal }: Session,
  { hostName, policy, budgetBytes, usedBytes, heldBytes, held, plugins }: HostResidency,
): void {
  const budget = budgetText(budgetBytes);
  terminal.out(
    `${hostName}  ${policy}, ${budget}; ${mebibytes(usedBytes)} in use, ${mebibytes(heldBytes)} held\n`,
  );
  for (const { plugin, underservice, program, until, reason, loaded } of held) {
    const end = until === undefined ? 'without an end' : `until ${until}`;
    terminal.out(
      `  ${plugin} ${program} of ${underservice}: held ${end}${loaded ? '' : ', not loaded yet'}\n    ${reason}\n`,
    );
  }
  if (held.length === 0) terminal.out('  Nothing is held without a user.\n');
  for (const { plugin, inUse, uses, memoryBytes, loadMilliseconds, breakEvenSeconds } of plugins) {
    terminal.out(
      `  ${plugin}: ${inUse} in use, ${uses} uses known, ${mebibytes(memoryBytes)}, loads in ${loadMilliseconds.toFixed(1)} ms, breaks even after ${breakEvenSeconds.toFixed(0)} s\n`,
    );
  }
}

function budgetText(bytes: number | undefined): string {
  return bytes === undefined ? 'no budget' : `a budget of ${mebibytes(bytes)}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
