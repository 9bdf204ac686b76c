import { readlink } from 'node:fs/promises';

/** Device group of our devices: `Uw` as a number. Given in the call that makes the device. */
export const DEVICE_GROUP = 0x5557;

/** Routing protocol of our routes. */
export const ROUTE_PROTOCOL = 0x55;

/** Prefix of device and namespace names; narrows what has to be asked, the marks decide. */
export const NAME_PREFIX = 'uw';

const REWRITTEN = ' (rewritten)';

/** Alias of our devices, for people who look at `ip link`, and to tell which were made for packets that are rewritten in XDP. */
export function deviceAlias({ key, rewritten }: { key: string; rewritten?: true }): string {
  return rewritten === true
    ? `${`underware ${key}`.slice(0, 255 - REWRITTEN.length)}${REWRITTEN}`
    : `underware ${key}`.slice(0, 255);
}

export function isAliasOfRewritten(alias: string | undefined): boolean {
  return alias?.endsWith(REWRITTEN) === true;
}

/** Mark of the namespaces that belong to the host we run on, `underware net:[4026531840]`. */
export async function namespaceMark(): Promise<string> {
  return `underware ${await readlink('/proc/self/ns/net')}`;
}
