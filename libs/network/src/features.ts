import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Attempt, networkError, SYSTEM_PATH } from './ip.js';

const run = promisify(execFile);
const TIMEOUT_MS = 15_000;

/** Switches features of a device in a namespace, by the names that `ethtool -K` has for them. */
export async function setFeatures(
  namespace: string,
  device: string,
  features: Readonly<Record<string, 'on' | 'off'>>,
  attempt: Attempt,
): Promise<void> {
  const settings = Object.entries(features).flat();
  try {
    await run('nsenter', [`--net=/run/netns/${namespace}`, '--', 'ethtool', '-K', device, ...settings], {
      timeout: TIMEOUT_MS,
      env: { PATH: SYSTEM_PATH, LC_ALL: 'C' },
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    const why = said.trim() || (error instanceof Error ? error.message : String(error));
    throw networkError(attempt, `ethtool: ${why}`);
  }
}
