import { readFile, readdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where podman puts containers with the cgroupfs manager; it makes the directory and never removes it. */
const PODMAN_PARENT = 'libpod_parent';

/** Control groups of process workloads of the hosts whose namespaces are given as `net:[…]`. */
export async function leftControlGroups(links: ReadonlySet<string>): Promise<string[]> {
  const left: string[] = [];
  for (const mount of await cgroupMounts()) {
    for (const link of links) {
      const group = join(mount, 'underware', nameOf(link));
      if (await isDirectory(group)) left.push(group);
    }
  }
  return left;
}

/** Removes those groups; the processes in them must have ended. Parents go when they are empty. */
export async function removeControlGroups(links: ReadonlySet<string>): Promise<void> {
  for (const group of await leftControlGroups(links)) await removeTree(group);
  for (const mount of await cgroupMounts()) await rmdir(join(mount, 'underware')).catch(() => undefined);
}

export async function hasPodmanParent(): Promise<boolean> {
  const found = await Promise.all(
    (await cgroupMounts()).map((mount) => isDirectory(join(mount, PODMAN_PARENT))),
  );
  return found.includes(true);
}

/** Removes podman's directory where it is empty: with a container of anyone's in it the kernel refuses. */
export async function removePodmanParent(): Promise<void> {
  for (const mount of await cgroupMounts()) await rmdir(join(mount, PODMAN_PARENT)).catch(() => undefined);
}

/** `net:[4026531840]` as the agents name their groups. */
function nameOf(link: string): string {
  return link.replace(/^net:\[(\d+)\]$/, 'net-$1');
}

async function removeTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await removeTree(join(directory, entry.name));
  }
  // Busy for a moment after its last process ended; what stays shows in the check for leftovers.
  for (let attempt = 0; attempt < 50; attempt++) {
    const gone = await rmdir(directory).then(
      () => true,
      async () => !(await isDirectory(directory)),
    );
    if (gone) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function cgroupMounts(): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  return mounts.flatMap(([, mount = '', type = '']) =>
    type === 'cgroup' || type === 'cgroup2' ? [mount] : [],
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
