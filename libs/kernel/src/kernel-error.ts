import { UnderwareError, type ErrorCode, type Hook } from '@underware/core';

/** The errors that the kernel and its fake share: one text, one code, wherever a caller meets them. */

export function absentError(attempted: string, on: string, what: string): UnderwareError {
  return kernelError('NOT_FOUND', attempted, on, `${what} is not there`, 'Observe the host and plan again');
}

export function deviceMissing(device: string, hook: Hook): UnderwareError {
  return kernelError(
    'DEVICE_MISSING',
    'attach root',
    `${device} ${hook}`,
    `there is no network device ${device}`,
    'Create the port again, then retry',
  );
}

export function hookBusy(device: string, hook: Hook, name: string, programId: number): UnderwareError {
  return kernelError(
    'HOOK_BUSY',
    'attach root',
    `${device} ${hook}`,
    `program ${name} (id ${programId}), which is not Underware's, holds the hook`,
    `Detach it (ip link set dev ${device} xdp off, or end the process or link that holds it), then retry`,
  );
}

export function instanceInUse(key: string, holder: string): UnderwareError {
  return kernelError(
    'STATE_CONFLICT',
    'unload plugin instance',
    key,
    `${holder} still hands packets to it`,
    'Set the next of its predecessor first',
  );
}

export function unknownHop(on: string, key: string | undefined): UnderwareError {
  const why =
    key === undefined
      ? 'a program that is not ours is in its chain'
      : `instance ${key} in its chain is none that this host is to have`;
  const remedy = 'Wait until the host is what it must be, then try again';
  return kernelError('STATE_CONFLICT', 'run test packet', on, why, remedy);
}

export function wrongHook(attempted: string, on: string, why: string): UnderwareError {
  return kernelError('INPUT_INVALID', attempted, on, why, 'Chain only programs of one hook type');
}

export function invalidConfig(on: string, why: string, cause?: unknown): UnderwareError {
  return kernelError(
    'INPUT_INVALID',
    'load plugin instance',
    on,
    why,
    "Compare the config with the plugin's README: names and shapes are those of its object",
    { cause },
  );
}

/** `differences`: one line each, of what the map was and what it is to be. */
export function stateIncompatible(on: string, map: string, differences: readonly string[]): UnderwareError {
  return kernelError(
    'STATE_INCOMPATIBLE',
    'carry state over',
    on,
    `the entries of map ${map} cannot go on: ${differences[0] ?? 'its layout is another'}`,
    'Give the map another name in the plugin, so that it begins empty; or terminate the service and deploy it again, which forgets what it kept',
    { detail: differences.map((line) => `${map}: ${line}`).join('\n') },
  );
}

export function kernelError(
  code: ErrorCode,
  attempted: string,
  on: string,
  why: string,
  remedy: string,
  more: { detail?: string | undefined; cause?: unknown } = {},
): UnderwareError {
  const { detail, cause } = more;
  return new UnderwareError(
    { code, attempted, on, why, remedy, ...(detail ? { detail } : {}) },
    cause === undefined ? undefined : { cause },
  );
}
