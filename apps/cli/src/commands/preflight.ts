import type { Hook, KernelProfile, PluginManifest, PluginRequirements } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { checkPlugin } from '@underware/planner';
import type { ProgramCheck } from '@underware/planner';
import { inspectPlugin } from '@underware/plugin';
import { basename } from 'node:path';
import { existsSync } from 'node:fs';
import { readProfiles } from '../kernel-profiles.js';
import type { NamedProfile } from '../kernel-profiles.js';
import { readInputFile } from '../read-file.js';
import { resolve } from '../resolve-id.js';
import type { Session } from '../session.js';
import { paintFor, printJson } from '../terminal.js';

interface Candidate {
  name: string;
  manifest?: PluginManifest;
  requirements: PluginRequirements;
}

interface KernelCheck {
  kernel: string;
  release: string;
  /** All of its programs. */
  runs: boolean;
  programs: ProgramCheck[];
}

/**
 * Which kernels can run a plugin: a package, an object, or one that is onboarded; on the kernels of the files, or of all
 * enrolled hosts. Ends with 1 where one of them cannot run all of its programs.
 */
export async function checkKernels(session: Session, given: string, files: string[]): Promise<void> {
  const { terminal } = session;
  const { name, manifest, requirements } = await candidate(session, given);
  const profiles = files.length > 0 ? await readProfiles(files) : await enrolled(session);
  const kernels = profiles.map(({ kernel, profile }): KernelCheck => {
    const programs = checkPlugin(requirements, profile, manifest?.programs);
    return {
      kernel,
      release: profile.release,
      runs: programs.every(({ missing }) => missing.length === 0),
      programs,
    };
  });
  if (kernels.some(({ runs }) => !runs)) session.exitCode = 1;
  if (terminal.json) printJson(terminal, { plugin: name, requirements, kernels });
  else terminal.out(`${name}\n${kernels.map((each) => describe(each, session)).join('')}`);
}

/** A file, or where there is none of that name an onboarded plugin. */
async function candidate({ client }: Session, given: string): Promise<Candidate> {
  if (existsSync(given) || /\/|\.(o|uwp)$/.test(given)) {
    const { manifest, requirements } = inspectPlugin(await readInputFile(given));
    return manifest === undefined
      ? { name: basename(given), requirements }
      : { name: `${manifest.name}@${manifest.version}`, manifest, requirements };
  }
  const onboarded = (await client().plugins()).map((plugin) => ({ ...plugin, id: plugin.digest }));
  const { name, version, manifest, requirements } = resolve(
    'plugin',
    onboarded,
    given,
    (plugin) => `${plugin.name}@${plugin.version}`,
  );
  return { name: `${name}@${version}`, manifest, requirements };
}

async function enrolled({ client }: Session): Promise<NamedProfile[]> {
  const profiles = (await client().hosts()).flatMap(({ name, facts }): NamedProfile[] =>
    facts === undefined ? [] : [{ kernel: name, profile: facts.profile }],
  );
  if (profiles.length > 0) return profiles;
  throw new UnderwareError({
    code: 'NOT_FOUND',
    attempted: 'check the plugin',
    on: 'the enrolled hosts',
    why: 'none of them has said yet what its kernel supports',
    remedy: 'Give --profile FILE, with a file from: underware hosts profile > FILE',
  });
}

function describe({ kernel, release, runs, programs }: KernelCheck, { terminal }: Session): string {
  const paint = paintFor(terminal);
  const some = programs.some(({ missing }) => missing.length === 0);
  const verdict = runs ? paint('green', 'runs') : paint('red', some ? 'runs in part' : 'does not run');
  const lines = programs
    .filter(({ missing }) => missing.length > 0)
    .map(({ program, hook, missing }) => `    ${program} on ${hookName(hook)} lacks ${missing.join(', ')}\n`);
  return `  ${kernel} (kernel ${release}): ${verdict}\n${lines.join('')}`;
}

function hookName(hook: Hook | 'tcx' | 'none'): string {
  return hook === 'none' ? 'no hook' : hook;
}

/** The profile of the machine that this runs on, or of an enrolled host. Always JSON. */
export async function printProfile(session: Session, given: string | undefined): Promise<void> {
  printJson(
    session.terminal,
    given === undefined ? await ofThisMachine(session) : await ofHost(session, given),
  );
}

async function ofThisMachine(session: Session): Promise<KernelProfile> {
  const profile = await session.probeKernel();
  if (profile.programTypes.length > 0) return profile;
  throw new UnderwareError({
    code: 'CAPABILITY_MISSING',
    attempted: 'probe the kernel',
    on: 'this machine',
    why: 'the kernel let no program be loaded at all',
    remedy: 'Run as root: what a kernel supports is found by trying',
    detail: profile.notes.join('\n'),
  });
}

async function ofHost({ client }: Session, given: string): Promise<KernelProfile> {
  const { name, facts } = resolve('host', await client().hosts(), given, (host) => host.name);
  if (facts !== undefined) return facts.profile;
  throw new UnderwareError({
    code: 'NOT_FOUND',
    attempted: 'read the kernel profile',
    on: name,
    why: 'its agent has not registered yet',
    remedy: 'Start its agent, or run there: underware hosts profile',
  });
}
