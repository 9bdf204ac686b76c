import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ORDER_CLASSES } from '@underware/core';
import type { PluginManifest } from '@underware/core';

const bpf = path.join(process.cwd(), 'bpf');
/** Every folder is a plugin, but for these. */
const NOT_PLUGINS = new Set(['build', 'engine', 'include']);
/** libbpf truncates longer names, and then the kernel's name is not the manifest's. */
const LONGEST_NAME = 15;

const plugins = readdirSync(bpf, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NOT_PLUGINS.has(entry.name))
  .map((entry) => entry.name);

it('finds the catalogue', () => {
  expect(plugins).toEqual(expect.arrayContaining(['firewall', 'probe']));
});

describe.each(plugins)('plugin %s', (name) => {
  const file = (suffix: string): string => path.join(bpf, name, suffix);
  const text = (suffix: string): string =>
    existsSync(file(suffix)) ? readFileSync(file(suffix), 'utf8') : '';
  const source = text(`${name}.bpf.c`);

  it('has source, header, manifest, README and packet table', () => {
    const wanted = [`${name}.bpf.c`, `${name}.h`, 'plugin.yaml', 'README.md', `${name}.kernel.spec.ts`];
    expect(wanted.filter((suffix) => !existsSync(file(suffix)))).toEqual([]);
    expect(text(`${name}.kernel.spec.ts`)).toMatch(/packetTable\(/);
  });

  it('carries its licence where the kernel and people look', () => {
    for (const suffix of [`${name}.bpf.c`, `${name}.h`, 'plugin.yaml']) {
      expect(text(suffix).split('\n')[0]).toContain('SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause');
    }
    expect(source).toContain('SEC("license") = "Dual BSD/GPL"');
  });

  it('has a manifest that agrees with its source', () => {
    const manifest = parse(text('plugin.yaml')) as PluginManifest;
    expect(manifest).toMatchObject({ name, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(Object.keys(ORDER_CLASSES)).toContain(manifest.order);
    const programs = [...source.matchAll(/SEC\("(xdp|tc)"\)\nint (\w+)\(/g)].map((match) => ({
      name: match[2],
      hook: match[1] === 'xdp' ? 'xdp' : 'tcx',
    }));
    expect(manifest.programs).toEqual(programs);
    const maps = [...source.matchAll(/^\} (\w+) SEC\("\.maps"\);/gm)].map((match) => match[1]);
    expect(Object.keys(manifest.maps).sort()).toEqual(maps.sort());
    for (const named of [...programs.map((program) => program.name), ...maps]) {
      expect(named?.length).toBeLessThanOrEqual(LONGEST_NAME);
    }
  });

  it('explains every map in its README', () => {
    const { maps } = parse(text('plugin.yaml')) as PluginManifest;
    expect(Object.keys(maps).filter((map) => !text('README.md').includes(`\`${map}`))).toEqual([]);
  });
});
