import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NetnsLab } from '@underware/testkit';
import type { NetnsHost } from '@underware/testkit';

const MEASURE = fileURLToPath(new URL('./measure.js', import.meta.url));
/** Names of the hosts of a pair begin so; the stack's have another prefix, so that neither sweeps the other. */
const PREFIX = 'uwb-pair-';

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
export async function measureIn<Result>(
  host: Pick<NetnsHost, 'spawn' | 'bpffs'>,
  name: string,
  request: object,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted();
  const child = host.spawn(
    [process.execPath, MEASURE, name, JSON.stringify({ bpffs: host.bpffs, ...request })],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const end = (): void => void child.kill();
  signal.addEventListener('abort', end);
  try {
    let last = '';
    if (child.stdout === null) throw new Error('a piped child has no standard output');
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
    for await (const line of createInterface(child.stdout)) last = line;
    const code = await exited;
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`the measurement ${name} ended with code ${code}`);
    return JSON.parse(last) as Result;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
