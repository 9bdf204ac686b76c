import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { LibbpfKernel } from '@underware/kernel';
import { BpfMap } from '@underware/libbpf';
import { NetnsHost, startTraffic, waitFor } from '@underware/testkit';
import { COUNT_MANIFEST, countInstance } from '../instances.js';
import { benchObject, ENGINE_OBJECT } from '../objects.js';

const run = promisify(execFile);

export interface SwapRequest {
  bpffs: string;
  device: string;
  mac: string;
  /** Where the traffic comes from. */
  sender: { name: string; namespace: string; bpffs: string };
  replacements: number;
}

export interface SwapFigures {
  sent: number;
  seen: number;
  packetsPerSecond: number;
}

export interface SwapSamples {
  ours: SwapFigures;
  xdpLoader: SwapFigures;
}

/** Replaces a program under traffic, again and again, and counts what is seen behind it. */
export async function measureSwap(request: SwapRequest): Promise<SwapSamples> {
  return { ours: await swapInstances(request), xdpLoader: await reloadPrograms(request) };
}

/** Ours: the first instance of a chain is replaced; the second, which stays, counts what reaches it. */
async function swapInstances(request: SwapRequest): Promise<SwapFigures> {
  const { bpffs, device, replacements } = request;
  const kernel = new LibbpfKernel({ bpffs, engineObject: ENGINE_OBJECT });
  const elf = await readFile(benchObject('count'));
  const root = { kind: 'root', device, hook: 'xdp' } as const;
  const sink = countInstance(device, 0, true);
  let current = countInstance(device, 1);
  for (const instance of [sink, current]) await kernel.load(instance, elf, COUNT_MANIFEST);
  await kernel.setNext({ kind: 'instance', key: current.key }, sink.key);
  await kernel.attachRoot(device, 'xdp');
  await kernel.setNext(root, current.key);

  const seen = async () => (await kernel.telemetry(sink.key, [])).verdicts['drop']?.packets ?? 0;
  const figures = await underTraffic(request, seen, async () => {
    for (let n = 0; n < replacements; n++) {
      const next = countInstance(device, n + 2);
      await kernel.load(next, elf, COUNT_MANIFEST);
      await kernel.setNext({ kind: 'instance', key: next.key }, sink.key);
      await kernel.setNext(root, next.key);
      await kernel.unload(current.key);
      current = next;
    }
  });
  await kernel.clear();
  return figures;
}

/** The peer: the program is unloaded and loaded; its count is in a map that outlives it. */
async function reloadPrograms(request: SwapRequest): Promise<SwapFigures> {
  const { bpffs, device, replacements } = request;
  const env = { ...process.env, LIBXDP_BPFFS: bpffs };
  const load = () =>
    run(
      'xdp-loader',
      ['load', '--mode', 'native', '--pin-path', bpffs, '--prog-name', 'sink', device, benchObject('bare')],
      { env },
    );
  await load();
  const map = BpfMap.fromPin(`${bpffs}/seen`);
  const seen = async () =>
    ((await map.get(0)) as (number | bigint)[]).reduce<number>((sum, cpu) => sum + Number(cpu), 0);
  const figures = await underTraffic(request, seen, async () => {
    for (let n = 0; n < replacements; n++) {
      await run('xdp-loader', ['unload', '--all', device], { env });
      await load();
    }
  });
  map.close();
  await run('xdp-loader', ['unload', '--all', device], { env });
  return figures;
}

async function underTraffic(
  request: SwapRequest,
  seen: () => Promise<number>,
  work: () => Promise<void>,
): Promise<SwapFigures> {
  const { name, namespace, bpffs } = request.sender;
  const before = await seen();
  const traffic = await startTraffic(new NetnsHost(name, namespace, bpffs), {
    device: 'eth0',
    destinationMac: request.mac,
    source: '10.0.0.1',
    destination: '10.0.0.2',
  });
  await waitFor('traffic', async () => (await seen()) > before);
  await work();
  const { frames, seconds } = await traffic.stop();
  // What is under way arrives within a moment; a count that stands still is complete.
  let count = await seen();
  await waitFor('the last packets', async () => {
    const last = count;
    count = await seen();
    return count === last;
  });
  return { sent: frames, seen: count - before, packetsPerSecond: frames / seconds };
}
