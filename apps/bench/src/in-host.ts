import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NetnsLab } from '@underware/testkit';
import type { NetnsHost } from '@underware/testkit';

const MEASURE = fileURLToPath(new URL('./measure.js', import.meta.url));
/** Names of everything that a benchmark makes begin so. */
export const PREFIX = 'uwb-';

/** Two hosts with a cable between their `eth0`; removed when `work` is done. */
export async function withPair<Result>(
  work: (near: NetnsHost, far: NetnsHost) => Promise<Result>,
): Promise<Result> {
  const lab = await NetnsLab.create({ prefix: PREFIX });
  try {
    const near = await lab.addHost('near');
    const far = await lab.addHost('far');
    await lab.cable({ host: near, device: 'eth0' }, { host: far, device: 'eth0' });
    return await work(near, far);
  } finally {
    await lab.destroy();
  }
}

/**
 * Runs one measurement of `measure.ts` in a process inside the host: devices are looked up in the network namespace of the
 * caller. Returns the JSON that it printed last.
 */
export async function measureIn<Result>(host: NetnsHost, name: string, request: object): Promise<Result> {
  const child = host.spawn(
    [process.execPath, MEASURE, name, JSON.stringify({ bpffs: host.bpffs, ...request })],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let last = '';
  if (child.stdout === null) throw new Error('a piped child has no standard output');
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  for await (const line of createInterface(child.stdout)) last = line;
  const code = await exited;
  if (code !== 0) throw new Error(`the measurement ${name} ended with code ${code}`);
  return JSON.parse(last) as Result;
}
