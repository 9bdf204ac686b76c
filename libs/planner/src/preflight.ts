import { programHook } from '@underware/core';
import type { Hook, KernelProfile, PluginManifest, PluginRequirements } from '@underware/core';

/** Whether one program of a plugin can run on a kernel, and if not, what the kernel lacks. */
export interface ProgramCheck {
  program: string;
  /** `tcx` is both directions. */
  hook: Hook | 'tcx' | 'none';
  missing: string[];
}

/**
 * Which programs of a plugin a kernel can run, from the plugin's object and the probed profile alone. Without a manifest
 * every program of the object is looked at, on the hook that its section names.
 */
export function checkPlugin(
  requirements: PluginRequirements,
  profile: KernelProfile,
  programs: PluginManifest['programs'] = [],
): ProgramCheck[] {
  const asked =
    programs.length > 0
      ? programs
      : Object.entries(requirements.programs).map(([name, { attach }]) => ({ name, hook: attach }));
  return asked.map(({ name, hook }) => ({
    program: name,
    hook,
    missing:
      hook === 'none'
        ? ['a hook of a port: its section names none']
        : lacking(requirements, name, hook, profile),
  }));
}

/** What a kernel does not have of what one program needs; the object's other programs are not loaded. */
export function lacking(
  requirements: PluginRequirements,
  program: string,
  hook: Hook | 'tcx',
  profile: KernelProfile,
): string[] {
  const needs = requirements.programs[program];
  if (needs === undefined) return [`program ${program} in the object`];
  const helpers = new Set(profile.helpers[needs.type]);
  const isAttachable = profile.attach[hook === 'tcx' ? 'tcx' : programHook(hook)];
  return [
    ...(profile.programTypes.includes(needs.type) ? [] : [`program type ${needs.type}`]),
    ...needs.helpers.filter((helper) => !helpers.has(helper)).map((helper) => `helper bpf_${helper}`),
    ...needs.kfuncs
      .filter((kfunc) => !profile.kfuncs.includes(kfunc))
      .map((kfunc) => `kernel function ${kfunc}`),
    ...requirements.mapTypes
      .filter((type) => !profile.mapTypes.includes(type))
      .map((type) => `map type ${type}`),
    ...(requirements.kernelBtf && !profile.btf ? ['kernel type information (BTF)'] : []),
    ...(isAttachable ? [] : [`the ${hook} hook`]),
  ];
}
