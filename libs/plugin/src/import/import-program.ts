import type { MapRole, OrderClass, PluginManifest } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { z } from 'zod';
import { analyzeObject } from '../analyze-elf.js';
import { readElf } from '../elf.js';
import type { Signer } from '../keys.js';
import { manifestSchema, toManifest } from '../manifest-schema.js';
import { buildPackage, type BuiltPackage } from '../package.js';
import { findObject } from './find-object.js';
import { foreignError } from './foreign-error.js';

/** What the one who imports a program says about it; the rest is read from what it came in. */
export interface ImportOptions {
  name?: string;
  version?: string;
  summary?: string;
  license?: string;
  order: OrderClass;
  /** Of several objects, the file. */
  object?: string;
  /** Of several programs for a hook, those to run. */
  programs: string[];
  /** The program array by which it hands packets on, if it does. */
  next?: string;
  /** What its maps are for; those that are not named belong to one revision of one instance. */
  maps: Record<string, MapRole>;
}

export interface ImportedProgram extends BuiltPackage {
  manifest: PluginManifest;
}

/**
 * Makes a signed package of a program that others wrote, its object unaltered. Who signs vouches for it. Throws
 * PACKAGE_MALFORMED for what cannot be one, INPUT_INVALID where more has to be said.
 */
export async function importProgram(
  bytes: Uint8Array,
  on: string,
  options: ImportOptions,
  signer: Signer,
): Promise<ImportedProgram> {
  const found = await findObject(bytes, on, options.object);
  const { requirements } = analyzeObject(found.elf);
  const name = options.name ?? found.name ?? nameOf(found.file ?? on);
  const version = options.version ?? found.version;
  if (version === undefined) throw more(on, 'nothing tells its version', 'Give it one: --version 1.0.0');
  const wanted = options.programs.length > 0 ? options.programs : found.programs;
  const { next } = options;
  const manifest = checked(on, {
    name,
    version,
    summary: options.summary ?? `${found.file ?? 'a program'} as it came, imported`,
    license: options.license ?? licenseOf(found.elf) ?? 'unknown',
    implements: 'program',
    order: options.order,
    programs: programsOf(requirements.programs, wanted, on),
    maps: Object.fromEntries(
      Object.entries(options.maps).map(([map, role]) => [
        map,
        { role, scope: 'instance', description: `${role} of a program of others` },
      ]),
    ),
    thirdParty: next === undefined ? {} : { next },
  });
  return { ...buildPackage(manifest, found.elf, signer), manifest };
}

/** One for each kind of hook: which of several is meant has to be said. */
function programsOf(
  programs: Record<string, { type: string; attach: string }>,
  wanted: readonly string[],
  on: string,
): PluginManifest['programs'] {
  const unknown = wanted.find((name) => !Object.hasOwn(programs, name));
  const all = Object.keys(programs).join(', ');
  if (unknown !== undefined) throw more(on, `it has no program ${unknown}`, `Name one of ${all}`);
  const fits = Object.entries(programs).flatMap(([name, { attach }]): PluginManifest['programs'] => {
    if (wanted.length > 0 && !wanted.includes(name)) return [];
    if (attach === 'xdp') return [{ name, hook: 'xdp' }];
    return attach.startsWith('tcx') ? [{ name, hook: 'tcx' }] : [];
  });
  if (fits.length === 0)
    throw foreignError(
      on,
      `none of its programs is for the hook of a port: ${Object.entries(programs)
        .map(([name, { type }]) => `${name} (${type})`)
        .join(', ')}`,
      undefined,
      'Programs of type xdp and sched_cls can be in chains; those for fragments (xdp.frags) cannot',
    );
  for (const hook of ['xdp', 'tcx']) {
    const rivals = fits.filter((program) => program.hook === hook).map((program) => program.name);
    if (rivals.length > 1)
      throw more(
        on,
        `it has several programs for ${hook}: ${rivals.join(', ')}`,
        'Say which: --program NAME',
      );
  }
  return fits;
}

function checked(on: string, manifest: unknown): PluginManifest {
  const parsed = manifestSchema.safeParse(manifest);
  if (parsed.success) return toManifest(parsed.data);
  const why = z.prettifyError(parsed.error).split('\n').join(' ');
  throw more(on, why, 'Say it with --name, --version, --summary or --license');
}

function nameOf(file: string): string {
  const base = file.split('/').pop() ?? '';
  return base
    .replace(/(\.bpf|\.kern|_kern)?\.[a-z.]+$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '')
    .slice(0, 40);
}

/** What the kernel is told: the text in the object's section `license`. */
function licenseOf(elf: Uint8Array): string | undefined {
  const section = readElf(elf).sections.find(({ name }) => name === 'license');
  return section && section.data.length > 0 ? section.data.string(0) : undefined;
}

function more(on: string, why: string, remedy: string): UnderwareError {
  return new UnderwareError({ code: 'INPUT_INVALID', attempted: 'import a program', on, why, remedy });
}
