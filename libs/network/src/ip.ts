import { execFile } from 'node:child_process';
import { type ErrorCode, UnderwareError } from '@underware/core';

const TIMEOUT_MS = 15_000;

/** What is attempted on what: the words of an error, should it come to one. */
export interface Attempt {
  attempted: string;
  on: string;
}

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `ip`; throws a named error when it fails. `namespace` runs it there. */
export async function ip(args: string[], attempt: Attempt, options: IpOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryIp(args, attempt, options);
  if (code === 0) return stdout;
  throw networkError(attempt, stderr);
}

export interface IpOptions {
  namespace?: string;
  /** Lines for `ip -batch -`. */
  batch?: string[];
}

/** Runs `ip` and gives its exit code and what it said; throws only when it cannot be run at all. */
export async function tryIp(args: string[], attempt: Attempt, options: IpOptions = {}): Promise<Outcome> {
  const inside = options.namespace === undefined ? [] : ['-n', options.namespace];
  const batch = options.batch === undefined ? [] : ['-batch', '-'];
  return new Promise((resolve, reject) => {
    const child = execFile(
      'ip',
      [...inside, ...args, ...batch],
      { timeout: TIMEOUT_MS, maxBuffer: 64 << 20, env: { PATH: SYSTEM_PATH, LC_ALL: 'C' } },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ code: 0, stdout, stderr });
        if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr });
        // A namespace that goes away under it can end it by a signal.
        if (error.signal && error.killed !== true) return resolve({ code: 128, stdout, stderr });
        reject(cannotRun(attempt, error));
      },
    );
    child.stdin?.on('error', () => undefined); // it ended before it read: its exit code and stderr say why
    child.stdin?.end((options.batch ?? []).map((line) => `${line}\n`).join(''));
  });
}

/** Where `ip` lives on every distribution. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The JSON documents that `ip -j` printed, one a line with `-batch`. */
export function documents<T>(stdout: string): T[][] {
  return stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T[]);
}

/** The one JSON document that `ip -j` printed; no output is an empty list. */
export function document<T>(stdout: string): T[] {
  return documents<T>(stdout)[0] ?? [];
}

/** Names the failure that iproute2 (or the kernel through it) described on its standard error. */
export function networkError(attempt: Attempt, stderr: string): UnderwareError {
  const why = stderr.trim().replace(/\s*\n\s*/g, '; ') || 'ip failed and said nothing';
  const { code, remedy } = classify(why);
  return new UnderwareError({ code, ...attempt, why, remedy });
}

function classify(why: string): { code: ErrorCode; remedy: string } {
  if (/Operation not permitted|Permission denied|EPERM|EACCES/.test(why))
    return {
      code: 'CAPABILITY_MISSING',
      remedy:
        'Run the agent with CAP_NET_ADMIN (devices, addresses, routes) and CAP_SYS_ADMIN (namespaces), as its unit file does.',
    };
  if (/Cannot find device|does not exist|No such device/.test(why))
    return { code: 'DEVICE_MISSING', remedy: 'Check with `ip link` that the device is there, then retry.' };
  return { code: 'NETWORK_FAILED', remedy: 'Mend what the message names, then retry the operation.' };
}

function cannotRun(attempt: Attempt, error: Error & { code?: unknown; killed?: boolean }): UnderwareError {
  const missing = error.code === 'ENOENT';
  return new UnderwareError(
    {
      code: error.killed === true ? 'TIMED_OUT' : 'NETWORK_FAILED',
      ...attempt,
      why: missing ? 'the program ip was not found' : error.message,
      remedy: missing ? 'Install the package iproute2.' : 'Retry the operation.',
    },
    { cause: error },
  );
}
