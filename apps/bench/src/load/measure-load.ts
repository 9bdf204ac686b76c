import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { LibbpfKernel } from '@underware/kernel';
import { COUNT_MANIFEST, countInstance } from '../instances.js';
import { benchObject, ENGINE_OBJECT } from '../objects.js';

const run = promisify(execFile);

export interface LoadRequest {
  bpffs: string;
  device: string;
  rounds: number;
}

/** Milliseconds per round: one program loaded, attached to the device and pinned. */
export interface LoadSamples {
  ours: number[];
  xdpLoader: number[];
  bpftool: number[];
}

/** The same object by three ways in turn; what was loaded is taken away outside of the measured time. */
export async function measureLoad({ bpffs, device, rounds }: LoadRequest): Promise<LoadSamples> {
  const samples: LoadSamples = { ours: [], xdpLoader: [], bpftool: [] };
  const kernel = new LibbpfKernel({ bpffs, engineObject: ENGINE_OBJECT });
  const elf = await readFile(benchObject('count'));
  const instance = countInstance(device, 1);
  const env = { ...process.env, LIBXDP_BPFFS: bpffs };
  const pin = `${bpffs}/bpftool-count`;

  async function ours() {
    await kernel.load(instance, elf, COUNT_MANIFEST);
    await kernel.attachRoot(device, 'xdp');
    await kernel.setNext({ kind: 'root', device, hook: 'xdp' }, instance.key);
  }

  for (let round = -1; round < rounds; round++) {
    const times = [await timed(ours)];
    await kernel.clear();
    times.push(
      await timed(() =>
        run('xdp-loader', ['load', '--mode', 'native', device, benchObject('count')], { env }),
      ),
    );
    await run('xdp-loader', ['unload', '--all', device], { env });
    times.push(
      await timed(async () => {
        await run('bpftool', ['prog', 'load', benchObject('count'), pin, 'type', 'xdp']);
        await run('bpftool', ['net', 'attach', 'xdpdrv', 'pinned', pin, 'dev', device]);
      }),
    );
    await run('bpftool', ['net', 'detach', 'xdpdrv', 'dev', device]);
    await run('rm', [pin]);
    // The first round warms every way up.
    if (round < 0) continue;
    const [a = 0, b = 0, c = 0] = times;
    samples.ours.push(a);
    samples.xdpLoader.push(b);
    samples.bpftool.push(c);
  }
  return samples;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
