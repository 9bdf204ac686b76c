import { runCommand } from '@underware/testkit';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';

const NAMES = '/run/netns';

export interface LabNamespaces {
  /** Those of the lab itself: the fabric and the hosts. */
  hosts: string[];
  /** Those that the agents made for VNFs. */
  vnfs: string[];
  /** All of them as `/proc/<pid>/ns/net` names them. */
  links: Set<string>;
}

/**
 * The namespaces of a lab. Those of VNFs carry the mark that an agent gives them: the alias of their `lo` names the
 * namespace of the host that they belong to.
 */
export async function labNamespaces(prefix: string): Promise<LabNamespaces> {
  const names = await readdir(NAMES).catch(() => []);
  const hosts = names.filter((name) => name.startsWith(prefix));
  const hostLinks = new Set(await Promise.all(hosts.map(linkOf)));
  const vnfs: string[] = [];
  for (const name of names) {
    const owner = hosts.includes(name) ? undefined : await ownerOf(name);
    if (owner !== undefined && hostLinks.has(owner)) vnfs.push(name);
  }
  return { hosts, vnfs, links: new Set([...hostLinks, ...(await Promise.all(vnfs.map(linkOf)))]) };
}

/** VNF namespaces whose host is gone: nobody can use or remove them any more. */
export async function orphanNamespaces(): Promise<string[]> {
  const names = await readdir(NAMES).catch(() => []);
  const alive = new Set(await Promise.all(names.map(linkOf)));
  for (const pid of await readdir('/proc')) {
    if (/^\d+$/.test(pid)) alive.add(await readlink(`/proc/${pid}/ns/net`).catch(() => ''));
  }
  const orphans: string[] = [];
  for (const name of names) {
    const owner = await ownerOf(name);
    if (owner !== undefined && !alive.has(owner)) orphans.push(name);
  }
  return orphans;
}

export async function deleteNamespace(name: string): Promise<void> {
  await runCommand(['ip', 'netns', 'delete', name]).catch(async (error: unknown) => {
    const names: string[] = await readdir(NAMES).catch(() => []);
    if (names.includes(name)) throw error;
  });
}

async function linkOf(name: string): Promise<string> {
  const inode = await stat(join(NAMES, name)).then(
    (found) => found.ino,
    () => 0,
  );
  return `net:[${inode}]`;
}

/** `net:[…]` of the host that a VNF's namespace belongs to; undefined for a namespace that is not ours. */
async function ownerOf(name: string): Promise<string | undefined> {
  if (!name.startsWith('uw')) return undefined;
  const shown = await runCommand(['ip', '-n', name, '-json', 'link', 'show', 'dev', 'lo']).catch(
    () => undefined,
  );
  if (shown === undefined) return undefined;
  const links: unknown = JSON.parse(shown.stdout);
  const alias: unknown = Array.isArray(links)
    ? (links[0] as { ifalias?: unknown } | undefined)?.ifalias
    : undefined;
  return typeof alias === 'string' ? /^underware (net:\[\d+\])$/.exec(alias)?.[1] : undefined;
}
