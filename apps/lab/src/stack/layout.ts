import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that this file is in. */
export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');

/** Where the things of one lab are. Two labs with different prefixes share nothing. */
export interface LabLayout {
  /** Begins the names of the lab's namespaces, e.g. `uw-lab-`. */
  prefix: string;
  /** On tmpfs: sockets, BPF file systems, the state file. */
  run: string;
  /** On disk: database, keys, tokens, logs, containers. */
  data: string;
  stateFile: string;
  apiSocket: string;
  logs: string;
}

const RUN = '/run/underware';

/** Of the lab that the command line finds by itself. */
export const DEFAULT_PREFIX = 'uw-lab-';

/** `uw-lab-` lives in `/run/underware/lab`, any other prefix in the directory of its name. */
export function layoutOf(prefix: string, data: string): LabLayout {
  const run = join(RUN, prefix.replace(/^uw-/, '').replace(/-+$/, ''));
  return {
    prefix,
    run,
    data: resolve(data),
    stateFile: join(run, 'stack.json'),
    apiSocket: join(run, 'api.sock'),
    logs: join(resolve(data), 'logs'),
  };
}
