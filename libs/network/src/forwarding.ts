import { access, readFile, readdir, writeFile } from 'node:fs/promises';
import { type Attempt, networkError } from './ip.js';

const IPV4 = '/proc/sys/net/ipv4/conf';
const IPV6 = '/proc/sys/net/ipv6/conf';

/** Lets the host forward what it receives on a device. */
export async function enableForwarding(device: string, family: 4 | 6, attempt: Attempt): Promise<void> {
  try {
    if (family === 4) await set(`${IPV4}/${device}/forwarding`, '1');
    else if (await exists(`${IPV6}/${device}/force_forwarding`))
      await set(`${IPV6}/${device}/force_forwarding`, '1');
    else await enableForAll();
  } catch (error) {
    throw networkError(attempt, `switching on forwarding: ${error instanceof Error ? error.message : error}`);
  }
}

/** Forwarding of the whole host turns router advertisements off where they are 1; 2 keeps them. */
async function enableForAll(): Promise<void> {
  if ((await read(`${IPV6}/all/forwarding`)) === '1') return;
  for (const device of await readdir(IPV6)) {
    const file = `${IPV6}/${device}/accept_ra`;
    if (device !== 'all' && (await read(file)) === '1') await set(file, '2');
  }
  await set(`${IPV6}/all/forwarding`, '1');
}

async function set(file: string, value: string): Promise<void> {
  if ((await read(file)) !== value) await writeFile(file, value);
}

async function read(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
