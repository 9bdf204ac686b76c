import { UnderwareError, type ErrorReport } from '@underware/core';
import { loadTrustedKeys } from '@underware/plugin';
import { constants } from 'node:fs';
import { access, mkdir, readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AgentConfig } from './config.js';
import { REQUIRED_CAPABILITIES } from './capabilities.js';

const BPFFS_MAGIC = 0xcafe4a11;

/** Everything that would make the agent fail later, found and named at once. Empty: it can start. */
export async function selfCheck(config: AgentConfig): Promise<ErrorReport[]> {
  const found = await Promise.all([
    ...missingCapabilities(await readFile('/proc/self/status', 'utf8')),
    checkBpffs(config.bpffs),
    checkStateDir(config.stateDir),
    checkToken(config.tokenFile),
    checkKeys(config.trustedKeys),
    checkObject(config.engineObject),
    checkObject(join(dirname(config.engineObject), 'deliver.bpf.o')),
  ]);
  return found.filter((report) => report !== undefined);
}

/** `status` is the text of /proc/self/status. */
export function missingCapabilities(status: string): ErrorReport[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (bit: number): boolean => ((effective >> BigInt(bit)) & 1n) === 1n;
  return REQUIRED_CAPABILITIES.filter(({ bits }) => !bits.some(has)).map(({ name, neededFor }) => ({
    code: 'CAPABILITY_MISSING',
    attempted: 'start the agent',
    on: name,
    why: `the process does not have ${name}, which is needed to ${neededFor}`,
    remedy: 'Start it with the unit file of apps/agent/systemd, or as root',
  }));
}

async function checkBpffs(path: string): Promise<ErrorReport | undefined> {
  const type = await statfs(path).then(
    (info) => info.type,
    () => undefined,
  );
  if (type === BPFFS_MAGIC) return undefined;
  return {
    code: 'BPFFS_MISSING',
    attempted: 'start the agent',
    on: path,
    why: type === undefined ? 'there is no such directory' : 'it is not a BPF file system',
    remedy: `Mount one: mkdir -p ${path} && mount -t bpf bpf ${path}`,
  };
}

async function checkStateDir(path: string): Promise<ErrorReport | undefined> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return unusable(path, error, 'Set UNDERWARE_STATE_DIR to a directory that the agent may write');
  }
}

async function checkToken(path: string): Promise<ErrorReport | undefined> {
  try {
    const token = (await readFile(path, 'utf8')).trim();
    if (token !== '') return undefined;
    return unusable(path, 'the file is empty', 'Write the token that enrolling the host gave into it');
  } catch (error) {
    return unusable(path, error, 'Write the token that enrolling the host gave into it, mode 0600');
  }
}

async function checkKeys(path: string): Promise<ErrorReport | undefined> {
  try {
    if ((await loadTrustedKeys(path)).size > 0) return undefined;
    return unusable(path, 'it has no key', 'Put the public keys of those whose plugins may run here into it');
  } catch (error) {
    return error instanceof UnderwareError ? error.report : unusable(path, error, 'Make it readable');
  }
}

async function checkObject(path: string): Promise<ErrorReport | undefined> {
  try {
    await access(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return unusable(
      path,
      error,
      'Build the eBPF objects, or point UNDERWARE_ENGINE_OBJECT at root.bpf.o, which deliver.bpf.o lies beside',
    );
  }
}

function unusable(on: string, why: unknown, remedy: string): ErrorReport {
  return {
    code: 'INPUT_INVALID',
    attempted: 'start the agent',
    on,
    why: why instanceof Error ? why.message : String(why),
    remedy,
  };
}
