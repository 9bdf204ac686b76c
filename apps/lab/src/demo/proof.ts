import { waitFor } from '@underware/testkit';
import type { Stack } from '../stack/stack.js';
import { readAttempts, tally } from './attempts.js';
import type { Attempt, Tally } from './attempts.js';
import { showService } from './cli.js';
import type { ShownService } from './cli.js';
import type { Showcase } from './showcase.js';

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
  tallies: Tally[];
  /** Of the firewall in front of each server. */
  firewalls: FirewallProof[];
  holds: boolean;
}

/** As the kernel counted meanwhile: the allowing rule, and what no rule allowed. */
export interface FirewallProof {
  host: string;
  plugin: string;
  port: string;
  allowed: Counter;
  denied: Counter;
  verdicts: { pass: Counter; drop: Counter };
}

/**
 * Watches the client VNF's own attempts, made from inside its network namespace, and what the kernels counted meanwhile. The
 * servers listen on both ports, so only the firewalls can make the difference. Every server gets its share.
 */
export async function proveTraffic(
  stack: Stack,
  service: string,
  { allowedPort, deniedPort }: Showcase,
  signal: AbortSignal,
): Promise<Proof> {
  const before = firewallsOf(await showService(stack, service));
  const since = new Date().toISOString();
  const attempts = await waitFor(
    'connections of both kinds over both families',
    async () => {
      const log = await stack.client.logs(service, 'client', TAIL);
      const found = readAttempts(log).filter(({ at }) => at > since);
      return isEnough(found, [allowedPort, deniedPort]) ? found : undefined;
    },
    { deadlineMs: DEADLINE_MS, everyMs: 250, signal },
  );
  const after = await waitFor(
    "the kernels' counters in a heartbeat",
    async () => {
      const now = firewallsOf(await showService(stack, service));
      const grew = [...now].map(([port, figures]) => growth(before.get(port), figures));
      return grew.every(({ allowed }) => allowed > 0) && grew.some(({ denied }) => denied > 0)
        ? now
        : undefined;
    },
    { deadlineMs: DEADLINE_MS, everyMs: 250, signal },
  );
  const tallies = tally(attempts);
  return {
    tallies,
    firewalls: [...after].map(([port, figures]) => firewallProof(port, before.get(port), figures)),
    holds: tallies.every(({ port, outcomes }) =>
      Object.keys(outcomes).every((outcome) => (outcome === 'ok 200') === (port === allowedPort)),
    ),
  };
}

function firewallProof(port: string, before: Figures | undefined, after: Figures): FirewallProof {
  const counter = (name: string, of: keyof Counts): Counter => ({
    name,
    before: before?.[of] ?? 0,
    after: after[of],
  });
  return {
    host: after.host,
    plugin: after.plugin,
    port,
    allowed: counter('rule site', 'allowed'),
    denied: counter('default', 'denied'),
    verdicts: { pass: counter('pass', 'pass'), drop: counter('drop', 'drop') },
  };
}

function growth(before: Figures | undefined, after: Figures): { allowed: number; denied: number } {
  return {
    allowed: after.allowed - (before?.allowed ?? 0),
    denied: after.denied - (before?.denied ?? 0),
  };
}

/** Both families on both ports, each often enough. */
function isEnough(attempts: Attempt[], ports: readonly number[]): boolean {
  return ports.every((port) =>
    [4, 6].every((family) => {
      const matching = attempts.filter(
        (each) => each.port === port && each.address.includes(':') === (family === 6),
      );
      return matching.length >= ENOUGH;
    }),
  );
}

interface Counts {
  allowed: number;
  denied: number;
  pass: number;
  drop: number;
}
interface Figures extends Counts {
  host: string;
  plugin: string;
}

/** By port: of all chains on the way in, since what is delivered meets one and what the host's stack sends another. */
function firewallsOf({ chains }: ShownService): Map<string, Figures> {
  const figures = new Map<string, Figures>();
  for (const { port, direction, hostName, hops } of chains) {
    const hop = direction === 'inbound' && hops.find(({ underservice }) => underservice === 'guard');
    if (!hop) continue;
    const packets = (map: string, name: string): number =>
      hop.counters.find((counter) => counter.map === map && counter.name === name)?.packets ?? 0;
    const known = figures.get(port);
    figures.set(port, {
      host: hostName,
      plugin: hop.plugin,
      allowed: (known?.allowed ?? 0) + packets('rule_counters', 'site'),
      denied: (known?.denied ?? 0) + packets('counters', 'default'),
      pass: (known?.pass ?? 0) + (hop.verdicts['pass']?.packets ?? 0),
      drop: (known?.drop ?? 0) + (hop.verdicts['drop']?.packets ?? 0),
    });
  }
  return figures;
}
