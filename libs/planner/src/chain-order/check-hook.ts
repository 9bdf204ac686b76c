import { programHook } from '@underware/core';
import type { CatalogPlugin, Decision, Hook, InventoryHost } from '@underware/core';
import { impossible } from '../impossible.js';

/** The largest MTU at which drivers take an XDP program that wants whole packets in one page; veth's, the smallest. */
export const NATIVE_XDP_MTU = 3506;

export interface HookPlace {
  host: InventoryHost;
  port: string;
  device: string;
  hook: Hook;
  mtu: number;
}

/** Refuses what could not be attached or linked there, naming plugin, host, port and hook. */
export function checkHook(
  { host, port, device, hook }: HookPlace,
  plugin: CatalogPlugin,
  program: string,
): void {
  const { name, version } = plugin.manifest;
  const on = `chain ${port} ${hook} on ${host.name}`;
  const attach = plugin.requirements.programs[program]?.attach;
  if (attach === 'none' || (attach !== undefined && attach !== programHook(hook) && attach !== hook)) {
    throw impossible(
      on,
      `program ${program} of ${name}@${version} is made for ${attach === 'none' ? 'no hook of a port' : attach}`,
      'Use a plugin with a program for this hook.',
    );
  }
  const holder = host.foreignPrograms.find((other) => other.device === device && other.hook === hook);
  if (hook === 'xdp' && holder !== undefined) {
    throw impossible(
      on,
      `${name}@${version} cannot be attached: program ${holder.name} (id ${holder.programId}), which is not ours, holds ${device}`,
      'Detach it from the device.',
    );
  }
}

/** How XDP will run where it does not run in the driver, and what of others runs on the same hook. */
export function hookDecisions({ host, port, device, hook, mtu }: HookPlace): Decision[] {
  const decisions: Decision[] = [];
  if (hook === 'xdp' && mtu > NATIVE_XDP_MTU) {
    decisions.push({
      subject: `xdp mode of ${port}`,
      outcome: 'chosen',
      choice: 'generic',
      reason: `its MTU ${mtu} is above ${NATIVE_XDP_MTU}, the most at which the driver runs programs that take no fragments: the same verdicts, slower`,
      host: host.id,
    });
  }
  for (const { name, programId } of host.foreignPrograms.filter(
    (other) => other.device === device && other.hook === hook,
  )) {
    decisions.push({
      subject: `chain ${port} ${hook}`,
      outcome: 'chosen',
      choice: `beside ${name}`,
      reason: `program ${name} (id ${programId}), which is not ours, is on the device; what passes our chain goes on to it`,
      host: host.id,
    });
  }
  return decisions;
}
