import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { TEXTS } from './generated/texts.js';
import { ENTRIES, closureOf, isMapping, listAt, mappingAt, typesIn } from './profiles.spec-support.js';
import { shortNamesOf } from './short-names.js';

const SECTIONS = [
  'data_types',
  'artifact_types',
  'capability_types',
  'interface_types',
  'relationship_types',
  'node_types',
  'group_types',
  'policy_types',
];
const PRIMITIVES =
  /^(string|integer|float|boolean|timestamp|version|range|list|map|scalar|scalar-unit\.(size|time|frequency|bitrate))$/;

/** Every `type` and `entry_schema` or `key_schema` type in a schema. */
function* dataTypesOf(schema: unknown): Generator<string> {
  if (!isMapping(schema)) return;
  if (typeof schema.type === 'string') yield schema.type;
  yield* dataTypesOf(schema.entry_schema);
  yield* dataTypesOf(schema.key_schema);
}

describe.each(ENTRIES)('the built-in types of %s', (entry) => {
  const files = closureOf(entry);
  const sections = new Map(SECTIONS.map((section) => [section, typesIn(files, section)]));
  const of = (section: string) => sections.get(section) ?? new Map<string, never>();
  const known = (section: string, names: unknown[]) =>
    names.filter((name) => typeof name !== 'string' || !of(section).has(name));

  it.each(SECTIONS)('derive %s from types that exist, without cycles', (section) => {
    const types = of(section);
    const parentOf = (name: string) => types.get(name)?.derived_from;
    for (const name of types.keys()) {
      const ancestors = [name];
      for (let parent = parentOf(name); typeof parent === 'string'; parent = parentOf(parent))
        if (ancestors.push(parent) > types.size) break;
      expect(new Set(ancestors).size).toBe(ancestors.length);
      const [parent] = ancestors.filter((ancestor) => !types.has(ancestor));
      expect(section === 'data_types' && parent?.match(PRIMITIVES) ? undefined : parent).toBeUndefined();
    }
  });

  it('give properties and attributes data types that exist', () => {
    for (const section of SECTIONS)
      for (const [name, definition] of of(section))
        for (const kind of ['properties', 'attributes'])
          for (const [property, schema] of Object.entries(mappingAt(definition, kind))) {
            const types = [...dataTypesOf(schema)];
            expect(`${name}.${property}: ${types.length > 0}`).toBe(`${name}.${property}: true`);
            expect(
              known(
                'data_types',
                types.filter((type) => !PRIMITIVES.test(type)),
              ),
            ).toEqual([]);
          }
  });

  it('give nodes capabilities, requirements and interfaces of types that exist', () => {
    for (const [, definition] of of('node_types')) {
      for (const capability of Object.values(mappingAt(definition, 'capabilities')))
        expect(known('capability_types', [isMapping(capability) && capability.type])).toEqual([]);
      for (const item of listAt(definition, 'requirements'))
        for (const requirement of Object.values(isMapping(item) ? item : {})) {
          if (!isMapping(requirement)) throw new Error('a requirement is no mapping');
          expect(known('capability_types', [requirement.capability])).toEqual([]);
          const { node = 'tosca.nodes.Root', relationship = 'tosca.relationships.Root' } = requirement;
          expect(known('node_types', [node]).filter((name) => name !== 'tosca.nodes.Root')).toEqual([]);
          expect(
            known('relationship_types', [relationship]).filter((name) => name !== 'tosca.relationships.Root'),
          ).toEqual([]);
        }
      for (const type of Object.values(mappingAt(definition, 'interfaces')))
        expect(known('interface_types', [isMapping(type) && type.type])).toEqual([]);
    }
  });

  it('name targets and members that exist', () => {
    for (const [, definition] of of('relationship_types')) {
      expect(known('capability_types', listAt(definition, 'valid_target_types'))).toEqual([]);
      expect(known('capability_types', listAt(definition, 'valid_capability_types'))).toEqual([]);
    }
    for (const [, definition] of of('group_types'))
      expect(known('node_types', listAt(definition, 'members'))).toEqual([]);
    for (const [, definition] of of('policy_types'))
      expect(
        known('node_types', listAt(definition, 'targets')).filter(
          (name) => !of('group_types').has(String(name)),
        ),
      ).toEqual([]);
  });
});

describe('the built-in files', () => {
  it('are those in profiles/', async () => {
    const script = fileURLToPath(new URL('../../generate.mjs', import.meta.url));
    await expect(
      promisify(execFile)(process.execPath, [script, '--check'], { cwd: dirname(script) }),
    ).resolves.toMatchObject({
      stderr: '',
    });
  });

  it('are all part of a profile that can be asked for', () => {
    const parts = ENTRIES.flatMap((entry) => [...closureOf(entry).keys()]);
    const texts = parts.map((name) => (name in TEXTS ? name : name.replace(/-\d+(\.\d+)?\//, '/')));
    expect([...new Set(texts)].toSorted()).toEqual(Object.keys(TEXTS).toSorted());
  });
});

describe.each([
  'simple-1.0/nodes.yaml',
  'simple-1.2/nodes.yaml',
  'nfv/csd03/profile.yaml',
  'nfv/csd04/profile.yaml',
])('short names in %s', (entry) => {
  it.each(SECTIONS)('are unique among %s', (section) => {
    const taken = new Map<string, string>();
    for (const name of typesIn(closureOf(entry), section).keys())
      for (const short of shortNamesOf(name)) {
        expect([short, taken.get(short)]).toEqual([short, undefined]);
        taken.set(short, name);
      }
  });
});

describe('short names', () => {
  it.each([
    ['tosca.nodes.Compute', ['Compute', 'tosca:Compute']],
    ['tosca.nodes.network.Network', ['Network', 'tosca:Network', 'network.Network', 'tosca:network.Network']],
    ['tosca.capabilities.Endpoint.Admin', ['Endpoint.Admin', 'tosca:Endpoint.Admin']],
    [
      'tosca.interfaces.node.lifecycle.Standard',
      ['Standard', 'tosca:Standard', 'node.lifecycle.Standard', 'tosca:node.lifecycle.Standard'],
    ],
    [
      'tosca.artifacts.Implementation.Bash',
      ['Implementation.Bash', 'tosca:Implementation.Bash', 'Bash', 'tosca:Bash'],
    ],
    ['tosca.datatypes.Credential', ['Credential', 'tosca:Credential']],
    ['my.nodes.Compute', []],
    ['tosca.nodes.', []],
  ])('of %s', (name, expected) => {
    expect(shortNamesOf(name)).toEqual(expected);
  });
});
