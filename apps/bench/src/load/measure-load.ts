import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { LibbpfKernel } from '@underware/kernel';
import { COUNT_MANIFEST, countInstance } from '../instances.js';
import { benchObject, ENGINE_OBJECT } from '../objects.js';

const run = promisify(execFile);

/** A port of another service on the same host: its chain is there before the one that is measured. */
const OTHER_DEVICE = 'uwb-other';

export interface LoadRequest {
  bpffs: string;
  device: string;
  rounds: number;
}

/** Milliseconds per round: one program loaded, attached to the device and pinned. */
export interface LoadSamples {
  ours: number[];
  /** On a host where nothing of ours ran before. */
  oursFirst: number[];
  xdpLoader: number[];
  bpftool: number[];
  /** On a device that runs a program already: ours behind its root, bpftool's in the place of the other. */
  oursLive: number[];
  bpftoolLive: number[];
}

/** The same object by three ways in turn; what was loaded is taken away outside of the measured time. */
export async function measureLoad({ bpffs, device, rounds }: LoadRequest): Promise<LoadSamples> {
  const samples: LoadSamples = {
    ours: [],
    oursFirst: [],
    xdpLoader: [],
    bpftool: [],
    oursLive: [],
    bpftoolLive: [],
  };
  const kernel = new LibbpfKernel({ bpffs, engineObject: ENGINE_OBJECT });
  const elf = await readFile(benchObject('count'));
  const instance = countInstance(device, 1);
  const second = countInstance(device, 2);
  const root = { kind: 'root', device, hook: 'xdp' } as const;
  const env = { ...process.env, LIBXDP_BPFFS: bpffs };
  const pin = `${bpffs}/bpftool-count`;

  async function ours() {
    await kernel.load(instance, elf, COUNT_MANIFEST);
    await kernel.attachRoot(device, 'xdp');
    await kernel.setNext(root, instance.key);
  }

  async function oursLive() {
    await kernel.load(second, elf, COUNT_MANIFEST);
    await kernel.setNext({ kind: 'instance', key: second.key }, instance.key);
    await kernel.setNext(root, second.key);
  }

  async function bpftool(to: string, ...how: string[]) {
    await run('bpftool', ['prog', 'load', benchObject('count'), to, 'type', 'xdp']);
    await run('bpftool', ['net', 'attach', 'xdpdrv', 'pinned', to, 'dev', device, ...how]);
  }

  await run('ip', ['link', 'add', OTHER_DEVICE, 'type', 'veth', 'peer', 'name', `${OTHER_DEVICE}p`]);
  for (let round = -1; round < rounds; round++) {
    const times = [await timed(ours)];
    await kernel.clear();
    await kernel.attachRoot(OTHER_DEVICE, 'xdp');
    times.push(await timed(ours), await timed(oursLive));
    await kernel.clear();
    times.push(
      await timed(() =>
        run('xdp-loader', ['load', '--mode', 'native', device, benchObject('count')], { env }),
      ),
    );
    await run('xdp-loader', ['unload', '--all', device], { env });
    times.push(await timed(() => bpftool(pin)), await timed(() => bpftool(`${pin}-live`, 'overwrite')));
    await run('bpftool', ['net', 'detach', 'xdpdrv', 'dev', device]);
    await run('rm', [pin, `${pin}-live`]);
    // The first round warms every way up.
    if (round < 0) continue;
    const [first = 0, next = 0, live = 0, loader = 0, tool = 0, toolLive = 0] = times;
    samples.oursFirst.push(first);
    samples.ours.push(next);
    samples.oursLive.push(live);
    samples.xdpLoader.push(loader);
    samples.bpftool.push(tool);
    samples.bpftoolLive.push(toolLive);
  }
  return samples;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
