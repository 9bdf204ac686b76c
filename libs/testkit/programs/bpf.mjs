/**
 * What has to happen inside a host's network namespace, because the kernel looks devices up in the namespace of the
 * caller. Programs come and links go by pins, so that the test that loaded them keeps hold of both.
 *
 *   bpf.mjs attach PROGRAM-PIN IFINDEX HOOK LINK-PIN    HOOK: xdp, tcx/ingress, tcx/egress
 *   bpf.mjs exit MAP-PIN SLOT IFINDEX                   a slot of a device map leads to the device
 *   bpf.mjs generate OBJECT JSON                        sends frames until done or until standard input ends;
 *                                                       prints "ready", then {"frames", "seconds"}
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { BpfMap, BpfObject, BpfProgram } from '@underware/libbpf';

/** Frames the kernel sends at once; below the 256 that a veth's ring holds, or the rest would be lost. */
const BATCH = 64;
/** Frames between two looks at standard input: many, because every test run sets up and tears down for some 30 ms. */
const CHUNK = 1_000_000;
/** At a pace, frames go out in bursts, so many a second. */
const BURSTS_PER_SECOND = 10;

const [command, ...args] = process.argv.slice(2);
await { attach, exit, generate }[command](...args);

async function attach(programPin, ifindex, hook, linkPin) {
  const program = await BpfProgram.fromPin(programPin);
  const link =
    hook === 'xdp'
      ? await program.attachXdp(Number(ifindex), { mode: 'native' })
      : await program.attachTcx(Number(ifindex), hook.slice('tcx/'.length));
  await link.pin(linkPin);
  link.close();
  program.close();
}

async function exit(mapPin, slot, ifindex) {
  const map = BpfMap.fromPin(mapPin);
  await map.setRaw(bytesOf(Number(slot)), bytesOf(Number(ifindex)));
  map.close();
}

function bytesOf(number) {
  return new Uint8Array(Uint32Array.of(number).buffer);
}

async function generate(objectFile, json) {
  const { frames, packetsPerSecond, frameBytes, config } = JSON.parse(json);
  const object = await BpfObject.open(await readFile(objectFile), { name: 'generator' });
  object.setAutoload('receive', false);
  object.setRodata({ generator_config: config });
  await object.load();
  const program = object.program('generate');
  const data = new Uint8Array(frameBytes);
  const chunk = Math.ceil(Math.min(CHUNK, packetsPerSecond ? packetsPerSecond / BURSTS_PER_SECOND : CHUNK));
  const control = { stopped: false };
  process.stdin.on('end', () => (control.stopped = true)).resume();
  process.stdout.write('ready\n');

  const start = performance.now();
  let sent = 0;
  while (!control.stopped && sent < (frames ?? Infinity)) {
    const repeat = Math.min(chunk, (frames ?? Infinity) - sent);
    await program.testRun({ data, repeat, liveFrames: true, batchSize: Math.min(BATCH, repeat) });
    sent += repeat;
    const ahead = packetsPerSecond ? start + (sent / packetsPerSecond) * 1000 - performance.now() : 0;
    if (ahead > 1) await pause(ahead);
  }
  process.stdout.write(`${JSON.stringify({ frames: sent, seconds: (performance.now() - start) / 1000 })}\n`);
  object.close();
  process.exit(0);
}
