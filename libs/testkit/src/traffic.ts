import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { UnderwareError } from '@underware/core';
import type { VerdictCounters } from '@underware/core';
import { parseIp, parseMac } from '@underware/packet';
import { attachInHost, BPF_PROGRAM } from './attach.js';
import type { NetnsHost } from './netns-host.js';
import { objectPath } from './objects.js';
import { PluginInstance } from './plugin-instance.js';

/** IPv4 UDP frames, all alike but for the source port of each flow. */
export interface TrafficSpec {
  /** Device of the sending host. */
  device: string;
  destinationMac: string;
  source: string;
  destination: string;
  sourcePort?: number;
  destinationPort?: number;
  /** Flows, told apart by source ports from `sourcePort` on, each 50,000 with another destination port; default 1. */
  flows?: number;
  /** Bytes of a frame without its check sequence; default 60, which is Ethernet's smallest. */
  frameBytes?: number;
  /** Stops by itself after so many; default: runs until stopped. */
  frames?: number;
  /**
   * Default: as fast as it goes. Then a veth's ring of 256 frames can run over while the machine is busy with something
   * else: count what enters, at the first hop, to tell its losses from those of what is measured.
   */
  packetsPerSecond?: number;
}

export interface TrafficSent {
  frames: number;
  seconds: number;
}

export interface Traffic {
  /** Resolves when all frames are sent. */
  done: Promise<TrafficSent>;
  /** Stops after the frames at hand. */
  stop(): Promise<TrafficSent>;
}

/**
 * Starts sending in a process inside the host, from live frames of BPF_PROG_TEST_RUN. The device at the other end of a
 * veth pair must have an XDP program (see `receiveTraffic`), or the kernel has nothing to hand the frames to.
 */
export async function startTraffic(host: NetnsHost, spec: TrafficSpec): Promise<Traffic> {
  const device = await host.device(spec.device);
  const { frames, packetsPerSecond, frameBytes = 60 } = spec;
  const config = {
    ifindex: device.ifindex,
    flows: spec.flows ?? 1,
    source_mac: [...parseMac(device.mac)],
    destination_mac: [...parseMac(spec.destinationMac, 'destination MAC')],
    source: [...parseIp(spec.source, 'source').bytes],
    destination: [...parseIp(spec.destination, 'destination').bytes],
    source_port: spec.sourcePort ?? 10_000,
    destination_port: spec.destinationPort ?? 9,
  };
  const request = JSON.stringify({ frames, packetsPerSecond, frameBytes, config });
  const argv = [process.execPath, BPF_PROGRAM, 'generate', objectPath('generator'), request];
  const child = host.spawn(argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const closed = once(child, 'close');
  const ready = new Promise<void>((resolve) => {
    if (child.stdout === null) return resolve();
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      resolve();
    });
    void closed.then(() => resolve());
  });
  const done = closed.then(() => parseSent(lines.at(-1), host, spec, stderr));
  await ready;
  if (lines.length === 0) await done;
  return {
    done,
    stop: () => {
      child.stdin?.end();
      return done;
    },
  };
}

export interface TrafficReceiver {
  received(): Promise<VerdictCounters>;
  close(): Promise<void>;
}

/** Counts and drops all that arrives at a device of a host. */
export async function receiveTraffic(host: NetnsHost, device: string): Promise<TrafficReceiver> {
  const receiver = await PluginInstance.load('generator', 'receive');
  const attachment = await attachInHost(host, device, 'xdp', receiver.program);
  return {
    received: async () => (await receiver.counters('received'))[0] ?? { packets: 0, bytes: 0 },
    close: async () => {
      await attachment.detach();
      receiver.close();
    },
  };
}

function parseSent(
  line: string | undefined,
  host: NetnsHost,
  spec: TrafficSpec,
  stderr: string,
): TrafficSent {
  if (line?.startsWith('{')) return JSON.parse(line) as TrafficSent;
  throw new UnderwareError({
    code: 'BPF_FAILED',
    attempted: 'generate traffic',
    on: `${spec.device} of ${host.namespace}`,
    why: stderr.trim() || 'the generator ended early',
    remedy: 'Is the other end of the device up, with an XDP program on it?',
  });
}
