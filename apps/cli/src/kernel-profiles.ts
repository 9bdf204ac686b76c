import type { KernelProfile } from '@underware/core';
import { isInventory, readInventoryOrProfile } from './saved-inventory.js';

export interface NamedProfile {
  /** The host's name, or the file's. */
  kernel: string;
  profile: KernelProfile;
}

/** Of files that `hosts profile` printed, and of all hosts in files that `inventory` printed. */
export async function readProfiles(files: readonly string[]): Promise<NamedProfile[]> {
  const profiles: NamedProfile[] = [];
  for (const file of files) {
    const content = await readInventoryOrProfile(file);
    if (!isInventory(content)) profiles.push({ kernel: file, profile: content });
    // A host that has not registered yet stands there with nothing.
    else
      for (const { name, facts } of content.inventory.hosts)
        if (facts.profile.release !== '') profiles.push({ kernel: name, profile: facts.profile });
  }
  return profiles;
}
