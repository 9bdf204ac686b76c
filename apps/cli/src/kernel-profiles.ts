import type { SavedInventory } from '@underware/client';
import type { KernelProfile } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { readInputFile } from './read-file.js';
import { isObject, isSavedInventory, parseJson } from './saved-inventory.js';

export interface NamedProfile {
  /** The host's name, or the file's. */
  kernel: string;
  profile: KernelProfile;
}

/** Of files that `hosts profile` printed, and of all hosts in files that `inventory` printed. */
export async function readProfiles(files: readonly string[]): Promise<NamedProfile[]> {
  const profiles: NamedProfile[] = [];
  for (const file of files) {
    const content: unknown = parseJson((await readInputFile(file)).toString('utf8'));
    if (isProfile(content)) profiles.push({ kernel: file, profile: content });
    else if (isSavedInventory(content)) profiles.push(...ofInventory(content));
    else throw notAProfile(file);
  }
  return profiles;
}

/** A host that has not registered yet stands there with nothing. */
function ofInventory({ inventory }: SavedInventory): NamedProfile[] {
  const known = inventory.hosts.filter(({ facts }) => facts.profile.release !== '');
  return known.map(({ name, facts }) => ({ kernel: name, profile: facts.profile }));
}

function notAProfile(file: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the kernel profile',
    on: file,
    why: 'it is neither what `underware hosts profile` prints nor what `underware inventory` prints',
    remedy: 'Save one on the machine in question: underware hosts profile > FILE',
  });
}

/** In all that a check looks at. */
function isProfile(value: unknown): value is KernelProfile {
  if (!isObject(value)) return false;
  const { release, programTypes, mapTypes, helpers, kfuncs, attach, btf } = value;
  return (
    typeof release === 'string' &&
    [programTypes, mapTypes, kfuncs].every(isTexts) &&
    isObject(helpers) &&
    Object.values(helpers).every(isTexts) &&
    isObject(attach) &&
    typeof attach['xdp'] === 'boolean' &&
    typeof attach['tcx'] === 'boolean' &&
    typeof btf === 'boolean'
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
