import { ORDER_CLASSES, type OrderClass, type PluginManifest } from '@underware/core';
import { z } from 'zod';

const identifier = (what: string) =>
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, `${what} is a C identifier of at most 64 characters`);
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    // Shown in terminals and pages: no control characters.
    .regex(/^[^\p{Cc}]*$/u, 'control characters are not allowed');

const orderClasses = Object.keys(ORDER_CLASSES) as [OrderClass, ...OrderClass[]];

export const MANIFEST_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
export const MANIFEST_VERSION = /^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}(-[0-9a-z]+(\.[0-9a-z]+)*)?$/;

const others = z.array(z.string().max(40).regex(MANIFEST_NAME, 'names a plugin or an underservice')).max(64);

/** The shape of plugin.yaml and, with `object`, of a package's manifest.json. Nothing else is allowed in either. */
export const manifestSchema = z
  .strictObject({
    name: z.string().max(40).regex(MANIFEST_NAME, 'a name is lower-case letters, digits and single dashes'),
    version: z
      .string()
      .max(40)
      .regex(MANIFEST_VERSION, 'a version is major.minor.patch, optionally -pre.release'),
    summary: text(200),
    license: text(100),
    implements: z.string().max(40).regex(MANIFEST_NAME, 'names an underservice'),
    order: z.enum(orderClasses),
    before: others.optional(),
    after: others.optional(),
    final: z.boolean().optional(),
    programs: z
      .array(z.strictObject({ name: identifier('a program name'), hook: z.enum(['xdp', 'tcx']) }))
      .min(1)
      .max(64),
    maps: z.record(
      identifier('a map name'),
      z.strictObject({
        role: z.enum(['config', 'state', 'telemetry']),
        scope: z.enum(['instance', 'service', 'host']),
        keep: z.boolean().optional(),
        description: text(500),
      }),
    ),
    thirdParty: z.strictObject({ next: identifier('a map name').optional() }).optional(),
    events: z.strictObject({ map: identifier('a map name'), struct: identifier('a struct name') }).optional(),
  })
  .superRefine((manifest, context) => {
    for (const [index, program] of manifest.programs.entries()) {
      if (manifest.programs.findIndex((other) => other.name === program.name) !== index)
        context.addIssue({
          code: 'custom',
          path: ['programs', index, 'name'],
          message: `program ${program.name} is listed twice`,
        });
    }
    for (const [name, { role, keep }] of Object.entries(manifest.maps)) {
      if (keep !== undefined && role !== 'telemetry')
        context.addIssue({
          code: 'custom',
          path: ['maps', name, 'keep'],
          message: `only telemetry is kept or not: state always is, config never`,
        });
    }
    if (manifest.events && !Object.hasOwn(manifest.maps, manifest.events.map))
      context.addIssue({
        code: 'custom',
        path: ['events', 'map'],
        message: `map ${manifest.events.map} is not among the manifest's maps`,
      });
  });

/** zod's optional fields as the core has them: absent, not undefined. */
export function toManifest({
  maps,
  events,
  before,
  after,
  final,
  thirdParty,
  ...rest
}: z.infer<typeof manifestSchema>): PluginManifest {
  return {
    ...rest,
    maps: Object.fromEntries(
      Object.entries(maps).map(([name, { keep, ...map }]) => [
        name,
        { ...map, ...(keep === undefined ? {} : { keep }) },
      ]),
    ),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(final === undefined ? {} : { final }),
    ...(thirdParty ? { thirdParty: thirdParty.next === undefined ? {} : { next: thirdParty.next } } : {}),
    ...(events ? { events } : {}),
  };
}
