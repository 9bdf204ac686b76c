import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { UnderwareError } from '@underware/core';
import { type Attempt, SYSTEM_PATH, document, ip, networkError, tryIp } from './ip.js';
import { checkNamespace } from './names.js';
import { DEVICE_GROUP, NAME_PREFIX, namespaceMark } from './ownership.js';

const NAMES = '/run/netns';

/**
 * Runs inside a new network namespace that has no name yet: conditions it, then holds it until standard input ends.
 * Any port below 1024 may be bound and ping works without privilege there, since VNFs run without any.
 */
const CONDITION = `
ip link set lo alias "$1" up || exit 1
for setting in ipv4/ip_unprivileged_port_start=0 ipv6/conf/default/accept_ra=0 ipv6/conf/default/accept_dad=0; do
  file=/proc/sys/net/\${setting%=*}
  [ ! -e "$file" ] || echo "\${setting#*=}" > "$file" || exit 1
done
[ ! -e /proc/sys/net/ipv4/ping_group_range ] || echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range || exit 1
echo ready
read _
`;

/** Names under /run/netns that can be ours. */
export async function candidateNames(): Promise<string[]> {
  const names = await readdir(NAMES).catch(() => []);
  return names.filter((name) => name.startsWith(NAME_PREFIX)).sort();
}

/** Makes a namespace that belongs to this host; one that is there stays. */
export async function createNamespace(name: string): Promise<void> {
  const attempt = { attempted: 'create network namespace', on: checkNamespace(name) };
  const mark = await namespaceMark();
  const found = await whose(name, mark);
  if (found === 'ours') return;
  if (found === 'foreign') throw foreignNamespace(attempt);
  if (found === 'remnant') await ip(['netns', 'delete', name], attempt);
  await attachNew(name, mark, attempt);
}

/** Removes a namespace of this host, with the devices of ours that lead into it. */
export async function deleteNamespace(name: string): Promise<void> {
  const attempt = { attempted: 'delete network namespace', on: checkNamespace(name) };
  const found = await whose(name, await namespaceMark());
  if (found === 'absent') return;
  if (found === 'foreign') throw foreignNamespace(attempt);
  // The kernel takes a namespace apart some time later; its pairs go now, so that their names are free on return.
  if (found === 'ours') await deleteDevicesInto(name, attempt);
  const { code, stderr } = await tryIp(['netns', 'delete', name], attempt);
  if (code !== 0 && (await whose(name, await namespaceMark())) !== 'absent')
    throw networkError(attempt, stderr);
}

/** Throws unless the namespace is there and belongs to this host. */
export async function requireNamespace(name: string, attempt: Attempt): Promise<void> {
  const found = await whose(checkNamespace(name), await namespaceMark());
  if (found === 'ours') return;
  throw new UnderwareError({
    code: 'NETWORK_FAILED',
    ...attempt,
    why: `network namespace ${name} ${found === 'foreign' ? 'belongs to somebody else' : 'is not there'}`,
    remedy: 'Create the namespace first; retry the operation.',
  });
}

/** `remnant`: a name that a killed `ip netns` left without a namespace behind it. */
async function whose(name: string, mark: string): Promise<'ours' | 'foreign' | 'absent' | 'remnant'> {
  const path = `${NAMES}/${name}`;
  const [file, nsfs] = await Promise.all([stat(path).catch(() => undefined), stat('/proc/self/ns/net')]);
  if (file === undefined) return 'absent';
  if (file.dev !== nsfs.dev) return 'remnant';
  const attempt = { attempted: 'read network namespace', on: name };
  const { code, stdout, stderr } = await tryIp(['-j', 'link', 'show', 'dev', 'lo'], attempt, {
    namespace: name,
  });
  if (code !== 0) {
    if ((await stat(path).catch(() => undefined)) === undefined) return 'absent';
    throw networkError(attempt, stderr);
  }
  const [lo] = document<{ ifalias?: string }>(stdout);
  return lo?.ifalias === mark ? 'ours' : 'foreign';
}

async function deleteDevicesInto(name: string, attempt: Attempt): Promise<void> {
  const ids = document<{ name: string; id?: number }>(await ip(['-j', 'netns', 'list'], attempt));
  const id = ids.find((entry) => entry.name === name)?.id;
  if (id === undefined) return;
  const shown = await ip(['-j', 'link', 'show', 'group', String(DEVICE_GROUP)], attempt);
  const devices = document<{ ifname: string; link_netnsid?: number }>(shown).filter(
    (device) => device.link_netnsid === id && device.ifname.startsWith(NAME_PREFIX),
  );
  if (devices.length === 0) return;
  await ip(['-force'], attempt, { batch: devices.map(({ ifname }) => `link delete dev ${ifname}`) }).catch(
    () => undefined, // one that went by itself meanwhile
  );
}

/** Conditions a namespace that has no name, then names it: whoever sees the name sees a finished namespace. */
async function attachNew(name: string, mark: string, attempt: Attempt): Promise<void> {
  const holder = spawn('unshare', ['--net', '--', 'sh', '-c', CONDITION, 'sh', mark], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: SYSTEM_PATH, LC_ALL: 'C' },
  });
  holder.stdin.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  try {
    await new Promise<void>((resolve, reject) => {
      let stderr = '';
      holder.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      holder.stdout.once('data', () => resolve());
      holder.once('error', (error) => reject(networkError(attempt, error.message)));
      holder.once('close', () => reject(networkError(attempt, stderr)));
    });
    const { code, stderr } = await tryIp(['netns', 'attach', name, String(holder.pid)], attempt);
    if (code !== 0 && (await whose(name, mark)) !== 'ours') throw networkError(attempt, stderr);
  } finally {
    holder.stdin.end();
    if (holder.pid !== undefined) await gone;
  }
}

function foreignNamespace(attempt: Attempt): UnderwareError {
  return new UnderwareError({
    code: 'NETWORK_FAILED',
    ...attempt,
    why: 'a namespace of this name belongs to somebody else: its mark is not that of this host',
    remedy: 'Remove it with `ip netns delete`, or rename it, if it is yours; then retry.',
  });
}
