import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hook } from '@underware/core';
import type { BpfProgram } from '@underware/libbpf';
import type { NetnsHost } from './netns-host.js';
import type { PluginInstance } from './plugin-instance.js';

/** Uses the built @underware/libbpf: it runs in a process of its own, inside the namespace. */
export const BPF_PROGRAM = fileURLToPath(new URL('../programs/bpf.mjs', import.meta.url));

/** A program on a device of a host, held by a link that is pinned in the host's BPF file system. */
export interface Attachment {
  detach(): Promise<void>;
}

/** Attaches a loaded program to a device of a host. */
export async function attachInHost(
  host: NetnsHost,
  device: string,
  hook: Hook,
  program: BpfProgram,
): Promise<Attachment> {
  const { ifindex } = await host.device(device);
  const folder = path.join(host.bpffs, `${device}-${hook.replace('/', '-')}`);
  const [programPin, linkPin] = [path.join(folder, 'prog'), path.join(folder, 'link')];
  await mkdir(folder, { recursive: true });
  await program.pin(programPin);
  await host.run([process.execPath, BPF_PROGRAM, 'attach', programPin, String(ifindex), hook, linkPin]);
  return { detach: () => rm(folder, { recursive: true, force: true }) };
}

/** Lets a loaded instance that delivers (uw_deliver.h) hand packets to devices of a host, as an engine would. */
export async function openExits(
  host: NetnsHost,
  instance: PluginInstance,
  devices: readonly string[],
): Promise<void> {
  const pin = path.join(host.bpffs, `exits-${instance.program.info.id}`);
  await instance.map('uw_exits').pin(pin);
  for (const [i, name] of devices.entries()) {
    const { ifindex } = await host.device(name);
    const slot = i + 1;
    await instance.map('uw_ports').set({ name }, { slot, ifindex });
    await host.run([process.execPath, BPF_PROGRAM, 'exit', pin, String(slot), String(ifindex)]);
  }
}
