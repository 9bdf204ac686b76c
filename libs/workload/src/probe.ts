import { type ChildProcess, spawn } from 'node:child_process';
import type { HealthCheck } from '@underware/core';

/** What a probe came to; `output` says why it failed. */
export interface ProbeResult {
  healthy: boolean;
  output: string;
}

const MAX_OUTPUT = 4_096;

/**
 * Runs inside the VNF's namespace and tries every address there is, since a VNF may listen on one of them only.
 * Arguments: port, path (empty for tcp). Prints why, when none answers.
 */
const PROBE = `
const { networkInterfaces } = require('node:os');
const [port, path] = process.argv.slice(1);
const hosts = Object.values(networkInterfaces()).flat().filter((a) => !a.scopeid).map((a) => a.address);
const attempts = hosts.map((host) => new Promise((resolve, reject) => {
  const fail = (error) => reject(new Error(host + ' port ' + port + ': ' + (error.code ?? error.message)));
  if (path) require('node:http').get({ host, port, path }, ({ statusCode }) =>
    statusCode >= 200 && statusCode < 400 ? resolve() : fail(new Error('HTTP status ' + statusCode))).on('error', fail);
  else require('node:net').connect({ host, port }, resolve).on('error', fail);
}));
Promise.any(attempts).then(() => process.exit(0), ({ errors }) => {
  console.log(errors.map(({ message }) => message).join('; '));
  process.exit(1);
});
`;

/** Probes a TCP port or an HTTP path from inside a network namespace. */
export async function probePort(check: HealthCheck, namespace: string): Promise<ProbeResult> {
  const path = check.kind === 'http' ? (check.path ?? '/') : '';
  const args = [
    `--net=/run/netns/${namespace}`,
    '--',
    process.execPath,
    '-e',
    PROBE,
    '--',
    String(check.port ?? 0),
    path,
  ];
  const child = spawn('nsenter', args, { detached: true, env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  return resultOf(child, check.timeoutSeconds * 1000);
}

/** Waits for a probing process that leads a process group of its own; the group is killed when time is up. */
export async function resultOf(child: ChildProcess, timeoutMs: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const timer = setTimeout(() => {
      if (child.pid !== undefined) killGroup(child.pid);
      resolve({
        healthy: false,
        output: `no answer within ${timeoutMs} ms${output && `: ${output.trim()}`}`,
      });
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ healthy: false, output: error.message });
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        healthy: code === 0,
        output: output.trim() || `ended with ${signal ?? `exit code ${code}`}`,
      });
    });
  });
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // it ended at this very moment
  }
}
