import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { compile, validate } from './compile.js';
import type { DescriptorSource } from './compile.js';

const folder = new URL('../../../examples/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
/** Underservices that the catalogue has plugins for. */
const catalogue = new URL('../../../bpf/', import.meta.url);
const WITH_PLUGIN = readdirSync(catalogue).flatMap((name) => {
  const manifest = new URL(`${name}/plugin.yaml`, catalogue);
  if (!existsSync(manifest)) return [];
  return /^implements: *(\S+)$/m.exec(readFileSync(manifest, 'utf8'))?.[1] ?? [];
});

const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
const source = (file: string): DescriptorSource => ({ file, text: read(file), read });

describe('the examples', () => {
  it('are ten or more', () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  it.each(names)('%s is valid, and compiles without a finding', (name) => {
    expect(validate(source(name)).findings).toEqual([]);
    expect(compile(source(name))).toMatchObject({
      findings: [],
      graph: { name: name.replace('.yaml', ''), version: '1.0.0' },
    });
  });

  it('say so where they can only be planned', () => {
    const planOnly = names.filter((name) => /^ +underware\.plan_only: true/m.test(read(name)));
    const wanting = names.filter((name) => {
      const kinds = compile(source(name)).graph?.underservices.map(({ kind }) => kind) ?? [];
      return kinds.some((kind) => !WITH_PLUGIN.includes(kind));
    });
    expect(wanting.filter((name) => !planOnly.includes(name))).toEqual([]);
    expect(names.length - planOnly.length).toBeGreaterThanOrEqual(7);
  });

  const parts = ['three-sites', 'tiers'].flatMap((under) =>
    readdirSync(new URL(`${under}/`, folder)).map((name) => `${under}/${name}`),
  );
  it.each(parts)('%s is valid by itself', (name) => {
    expect(validate(source(name)).findings).toEqual([]);
  });
});
