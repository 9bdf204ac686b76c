/** One line of the demonstration client's log. */
export interface Attempt {
  at: string;
  address: string;
  port: number;
  /** `ok 200`, `timeout`, `refused`, … */
  outcome: string;
}

/** Reads `<time> connect [<address>]:<port> <outcome>` lines; others are left out. */
export function readAttempts(log: string): Attempt[] {
  return log.split('\n').flatMap((line) => {
    const [, at, address, port, outcome] = /^(\S+Z) connect \[([^\]]+)\]:(\d+) (.+)$/.exec(line) ?? [];
    return at === undefined || address === undefined || outcome === undefined
      ? []
      : [{ at, address, port: Number(port), outcome }];
  });
}

/** Attempts on one address and port, counted by what came of them. */
export interface Tally {
  address: string;
  port: number;
  outcomes: Record<string, number>;
}

export function tally(attempts: Attempt[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { address, port, outcome } of attempts) {
    const key = `${port} ${address}`;
    const known = tallies.get(key) ?? { address, port, outcomes: {} };
    known.outcomes[outcome] = (known.outcomes[outcome] ?? 0) + 1;
    tallies.set(key, known);
  }
  return [...tallies.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
