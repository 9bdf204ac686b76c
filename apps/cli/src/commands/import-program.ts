import { UnderwareError } from '@underware/core';
import type { MapRole, OrderClass } from '@underware/core';
import { importProgram, loadSigner } from '@underware/plugin';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readInputFile } from '../read-file.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';

export interface ImportFlags {
  key: string;
  output?: string;
  name?: string;
  /** `--version` belongs to the program as a whole. */
  release?: string;
  summary?: string;
  license?: string;
  order: OrderClass;
  object?: string;
  program?: string[];
  next?: string;
  map?: Record<string, MapRole>;
}

/** Makes a package of what others wrote, signed with the operator's key; needs no orchestrator. */
export async function importFile({ terminal }: Session, file: string, flags: ImportFlags): Promise<void> {
  const { key, output, release, program = [], map = {}, ...said } = flags;
  const signer = await loadSigner(key);
  const options = {
    ...said,
    ...(release === undefined ? {} : { version: release }),
    programs: program,
    maps: map,
  };
  const { bytes, digest, manifest } = await importProgram(
    await readInputFile(file),
    basename(file),
    options,
    signer,
  );
  const target = output ?? `${manifest.name}-${manifest.version}.uwp`;
  await writePackage(target, bytes);
  if (terminal.json) return printJson(terminal, { file: target, digest, manifest });
  const { name, version, programs, thirdParty } = manifest;
  terminal.out(`${target}: ${name}@${version}, ${digest}\n`);
  for (const each of programs) terminal.out(`  runs ${each.name} on ${each.hook}\n`);
  terminal.out(
    thirdParty?.next === undefined
      ? '  ends its chain: nothing comes after it, and no switch delivers to its port\n'
      : `  hands on what it passes by ${thirdParty.next}\n`,
  );
  terminal.out(`Onboard it: underware plugins add ${target}\n`);
}

async function writePackage(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes, { flag: 'wx' });
  } catch (cause) {
    throw new UnderwareError(
      {
        code: 'INPUT_INVALID',
        attempted: 'write the package',
        on: file,
        why: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Give another file with --output',
      },
      { cause },
    );
  }
}
