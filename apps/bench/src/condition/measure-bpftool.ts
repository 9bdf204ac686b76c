import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { benchObject } from '../objects.js';

const run = promisify(execFile);

export interface BpftoolRequest {
  bpffs: string;
  device: string;
  instances: number;
}

/** Milliseconds for a chain of instances and its root: each step a process of a shell script, and all in one process. */
export interface BpftoolTimes {
  processes: number;
  batch: number;
}

export async function measureBpftool({ bpffs, device, instances }: BpftoolRequest): Promise<BpftoolTimes> {
  const place = `${bpffs}/bpftool`;
  const lines = commands(place, device, instances);
  const script = ['set -e', ...lines.map((line) => `bpftool ${line}`)].join('\n');

  async function timed(work: () => Promise<unknown>): Promise<number> {
    await mkdir(place);
    const started = performance.now();
    await work();
    const milliseconds = performance.now() - started;
    await run('bpftool', ['net', 'detach', 'xdpdrv', 'dev', device]);
    await rm(place, { recursive: true });
    return milliseconds;
  }

  return {
    processes: await timed(() => run('sh', ['-c', script])),
    batch: await timed(async () => {
      const child = run('bpftool', ['batch', 'file', '-']);
      child.child.stdin?.end(`${lines.join('\n')}\n`);
      try {
        await child;
      } catch (error) {
        // At its end bpftool reports what was left in errno: of making a directory for maps that was there already.
        if (!String(error).includes('reading batch file failed: File exists')) throw error;
      }
    }),
  };
}

/** The agent's order: load all, link them from the last to the first, attach the root, and lead it to the first. */
function commands(place: string, device: string, instances: number): string[] {
  const load = (object: string, name: string): string =>
    `prog load ${object} ${place}/${name} type xdp pinmaps ${place}/maps-${name}`;
  const lead = (from: string, to: string): string =>
    `map update pinned ${place}/maps-${from}/uw_next key 0 0 0 0 value pinned ${place}/${to}`;
  const names = Array.from({ length: instances }, (_, i) => `probe${i}`);
  return [
    ...names.map((name) => load(benchObject('probe-xdp'), name)),
    ...names
      .slice(1)
      .map((to, i) => lead(`probe${i}`, to))
      .reverse(),
    load(benchObject('root-xdp'), 'root'),
    `net attach xdpdrv pinned ${place}/root dev ${device}`,
    lead('root', 'probe0'),
  ];
}
