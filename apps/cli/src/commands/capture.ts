import { UnderwareError } from '@underware/core';
import type { Direction } from '@underware/core';
import { writeFile } from 'node:fs/promises';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';
import { findInstance } from './services.js';

export interface CaptureOptions {
  count: number;
  seconds: number;
  every: number;
  snap: number;
  direction?: Direction;
  output: string;
}

/** Captures packets at a port of a service into a pcapng file. */
export async function capture(session: Session, where: string, options: CaptureOptions): Promise<void> {
  const { client, terminal } = session;
  const slash = where.indexOf('/');
  if (slash <= 0 || slash === where.length - 1) throw badPlace(where);
  const { id } = await findInstance(session, where.slice(0, slash));
  const port = where.slice(slash + 1);
  const { output, ...wanted } = options;
  const { file, packets, lost } = await client().capture(id, { port, ...wanted });
  await writeFile(output, file, { mode: 0o600 }).catch((cause: unknown) => {
    throw notWritten(output, cause);
  });
  if (terminal.json) return printJson(terminal, { file: output, packets, lost });
  terminal.out(`${packets} packets of ${where} are in ${output}; read it with tcpdump -r or Wireshark\n`);
  if (lost > 0) terminal.err(`${lost} more were sampled and did not fit: use --every, --snap or --count\n`);
}

function badPlace(where: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'capture packets',
    on: where,
    why: 'it names no port of a service',
    remedy: 'Write INSTANCE/PORT, e.g. web-behind-firewall/web_port',
  });
}

function notWritten(output: string, cause: unknown): UnderwareError {
  return new UnderwareError(
    {
      code: 'INPUT_INVALID',
      attempted: 'write the capture',
      on: output,
      why: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Give a file that can be written with --output',
    },
    { cause },
  );
}
