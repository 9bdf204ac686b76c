import { waitFor } from '@underware/testkit';
import type { Stack } from '../stack/stack.js';
import { readAttempts, tally } from './attempts.js';
import type { Attempt, Tally } from './attempts.js';
import { showService } from './cli.js';
import type { ShownService } from './cli.js';

export const ALLOWED_PORT = 8080;
export const DENIED_PORT = 9090;

const DEADLINE_MS = 30_000;
const TAIL = 500;
/** Attempts of each kind that are waited for. */
const ENOUGH = 2;

export interface Counter {
  name: string;
  before: number;
  after: number;
}

export interface Proof {
  host: string;
  plugin: string;
  tallies: Tally[];
  /** Of the firewall in front of the web server, as the kernel counted: the allowing rule, and what no rule allowed. */
  allowed: Counter;
  denied: Counter;
  verdicts: { pass: Counter; drop: Counter };
  holds: boolean;
}

/**
 * Watches the client VNF's own attempts, made from inside its network namespace, and what the kernel counted meanwhile. The
 * web server listens on both ports, so only the firewall can make the difference.
 */
export async function proveTraffic(stack: Stack, service: string, signal: AbortSignal): Promise<Proof> {
  const before = firewallOf(await showService(stack, service));
  const since = new Date().toISOString();
  const attempts = await waitFor(
    'connections of both kinds over both families',
    async () => {
      signal.throwIfAborted();
      const log = await stack.client.logs(service, 'client', TAIL);
      const found = readAttempts(log).filter(({ at }) => at > since);
      return isEnough(found) ? found : undefined;
    },
    { deadlineMs: DEADLINE_MS, everyMs: 250 },
  );
  const after = await waitFor(
    "the kernel's counters in a heartbeat",
    async () => {
      signal.throwIfAborted();
      const now = firewallOf(await showService(stack, service));
      return now.allowed > before.allowed && now.denied > before.denied ? now : undefined;
    },
    { deadlineMs: DEADLINE_MS, everyMs: 250 },
  );
  const tallies = tally(attempts);
  const counter = (name: string, of: 'allowed' | 'denied' | 'pass' | 'drop'): Counter => ({
    name,
    before: before[of],
    after: after[of],
  });
  return {
    host: after.host,
    plugin: after.plugin,
    tallies,
    allowed: counter('rule site', 'allowed'),
    denied: counter('default', 'denied'),
    verdicts: { pass: counter('pass', 'pass'), drop: counter('drop', 'drop') },
    holds: tallies.every(({ port, outcomes }) =>
      Object.keys(outcomes).every((outcome) => (outcome === 'ok 200') === (port === ALLOWED_PORT)),
    ),
  };
}

/** Both families on both ports, each often enough. */
function isEnough(attempts: Attempt[]): boolean {
  return [ALLOWED_PORT, DENIED_PORT].every((port) =>
    [4, 6].every((family) => {
      const matching = attempts.filter(
        (each) => each.port === port && each.address.includes(':') === (family === 6),
      );
      return matching.length >= ENOUGH;
    }),
  );
}

interface FirewallFigures {
  host: string;
  plugin: string;
  allowed: number;
  denied: number;
  pass: number;
  drop: number;
}

function firewallOf(service: ShownService): FirewallFigures {
  const chain = service.chains.find(({ port, direction }) => port === 'web_port' && direction === 'inbound');
  const hop = chain?.hops.find(({ underservice }) => underservice === 'guard');
  const packets = (map: string, name: string): number =>
    hop?.counters.find((counter) => counter.map === map && counter.name === name)?.packets ?? 0;
  return {
    host: chain?.hostName ?? '?',
    plugin: hop?.plugin ?? '?',
    allowed: packets('rule_counters', 'site'),
    denied: packets('counters', 'default'),
    pass: hop?.verdicts['pass']?.packets ?? 0,
    drop: hop?.verdicts['drop']?.packets ?? 0,
  };
}
