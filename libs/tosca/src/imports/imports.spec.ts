import { describe, expect, it } from '@jest/globals';
import { brief, checkFiles } from '../types/types.spec-support.js';

const ONE = 'tosca_definitions_version: tosca_simple_yaml_1_3\n';
const EARLY = 'tosca_definitions_version: tosca_simple_yaml_1_0\n';
const TWO = 'tosca_definitions_version: tosca_2_0\n';
const A = 'node_types: { A: { properties: { a: { type: string } } } }\n';
const uses = (name: string): string => `node_types: { Mine: { derived_from: ${name} } }\n`;

const nested = (name: string): Record<string, string> => ({
  'main.yaml': `${TWO}imports: [ { url: middle.yaml, namespace: my } ]\n${uses(name)}`,
  'middle.yaml': `${TWO}imports: [ { url: a.yaml, namespace: k8s } ]\n${uses('k8s:A')}`,
  'a.yaml': TWO + A,
});

const fromRepository = (name: string): string => `imports: [ { file: a.yaml, repository: ${name} } ]\n`;

const pair = (version: string, second: string): Record<string, string> => ({
  'main.yaml': `${version}imports: [ a.yaml, b.yaml ]\n`,
  'a.yaml': version + A,
  'b.yaml': version + second,
});

const ofTwo = (second: string): Record<string, string> => ({
  'main.yaml': `${ONE}imports: [ a.yaml, b.yaml ]\n`,
  'a.yaml': `${ONE}namespace: urn:one\n${A}`,
  'b.yaml': `${ONE}namespace: ${second}\n${A}`,
});

const codes = (files: Record<string, string>): string[] => brief(checkFiles(files));

describe('files that are valid by themselves', () => {
  it.each(['', 'description: only words\n', 'metadata: { a: b }\n', A, 'imports: []\n'])('%j', (text) => {
    for (const version of [ONE, EARLY, TWO]) expect(codes({ 'a.yaml': version + text })).toEqual([]);
  });

  it('in 1.x with imports that name nothing', () => {
    expect(codes({ 'a.yaml': `${ONE}imports:\n` })).toEqual([]);
    expect(codes({ 'a.yaml': `${TWO}imports:\n` })).toEqual(['KEYWORD_INVALID 2']);
  });
});

describe('an import is found', () => {
  it.each<[string, string, string]>([
    ['by a path', '[ types/a.yaml ]', 'A'],
    ['by a path from the root of the package', '[ /types/a.yaml ]', 'A'],
    ['through the folder above', '[ x/../types/a.yaml ]', 'A'],
    ['twice', '[ types/a.yaml, ./types/a.yaml ]', 'A'],
  ])('%s', (_how, imports, name) => {
    for (const version of [ONE, EARLY, TWO]) {
      expect(
        codes({ 'main.yaml': `${version}imports: ${imports}\n${uses(name)}`, 'types/a.yaml': version + A }),
      ).toEqual([]);
    }
  });

  it.each(['{ file: a.yaml }', '{ my_types: a.yaml }', '{ my_types: { file: a.yaml } }'])(
    'of 1.x written as %s',
    (form) => {
      expect(codes({ 'main.yaml': `${ONE}imports: [ ${form} ]\n${uses('A')}`, 'a.yaml': ONE + A })).toEqual(
        [],
      );
    },
  );

  it.each(['p:A', 'p.A'])('of 1.x under a prefix as %s', (name) => {
    const imports = 'imports: [ { file: a.yaml, namespace_prefix: p } ]\n';
    expect(codes({ 'main.yaml': ONE + imports + uses(name), 'a.yaml': ONE + A })).toEqual([]);
    expect(codes({ 'main.yaml': ONE + imports + uses('A'), 'a.yaml': ONE + A })).toEqual(['TYPE_UNKNOWN 3']);
  });

  it('of 2.0 under nested namespaces', () => {
    expect(codes(nested('my:k8s:A'))).toEqual([]);
    expect(codes(nested('my:Mine'))).toEqual([]);
    for (const name of ['A', 'k8s:A', 'my:A', 'my.Mine', 'other:A']) {
      expect([name, codes(nested(name))]).toEqual([name, ['TYPE_UNKNOWN 3']]);
    }
  });

  it('in a folder, relative to the file that imports it', () => {
    expect(
      codes({
        'Definitions/main.yaml': `${ONE}imports: [ types/b.yaml ]\n${uses('A')}`,
        'Definitions/types/b.yaml': `${ONE}imports: [ ../../lib/a.yaml ]\n`,
        'lib/a.yaml': ONE + A,
      }),
    ).toEqual([]);
  });
});

describe('an import that is not found', () => {
  it.each<[string, string, string]>([
    ['a missing file', '[ nothing.yaml ]', 'IMPORT_MISSING 2'],
    ['a path out of the package', '[ ../a.yaml ]', 'PACKAGE_PATH_FORBIDDEN 2'],
    ['a deep path out of the package', '[ x/../../a.yaml ]', 'PACKAGE_PATH_FORBIDDEN 2'],
    ['the file itself', '[ main.yaml ]', 'IMPORT_CYCLE 2'],
    ['a URL', '[ "https://example.org/types.yaml" ]', '(IMPORT_NOT_READ 2)'],
    ['a name that a catalogue may know', '[ some-types:1.0 ]', '(IMPORT_NOT_READ 2)'],
    ['no name', '[ "" ]', 'KEYWORD_INVALID 2'],
    ['a number', '[ 1 ]', 'KEYWORD_INVALID 2'],
    ['a mapping', '{ a: b }', 'KEYWORD_INVALID 2'],
  ])('%s', (_what, imports, code) => {
    for (const version of [ONE, TWO])
      expect(codes({ 'main.yaml': `${version}imports: ${imports}\n` })).toContain(code);
  });

  it('leaves names open that it may have', () => {
    const text = 'imports: [ "https://example.org/types.yaml" ]\n';
    expect(codes({ 'main.yaml': TWO + text + uses('Unknown') })).toEqual(['(IMPORT_NOT_READ 2)']);
    const inherited = `${TWO}${text}node_types:
  B:
    derived_from: Unknown
    properties: { fixed: 1, refined: { default: 2 } }
    attributes: { a: { description: x } }
    capabilities: { c: { properties: { p: 1 } } }
    requirements: [ { r: { count_range: [1, 1] } } ]
    interfaces: { I: { operations: { o: x.sh } } }
    artifacts: { a: { description: x } }
`;
    expect(codes({ 'main.yaml': inherited })).toEqual(['(IMPORT_NOT_READ 2)']);
  });

  it('of a file that cannot be read leaves names open too', () => {
    expect(codes({ 'main.yaml': `${ONE}imports: [ a.yaml ]\n${uses('A')}`, 'a.yaml': 'a: [' })).toEqual([
      'YAML_INVALID 1',
    ]);
  });
});

describe('rules of imports', () => {
  it('a cycle is found', () => {
    expect(
      codes({ 'a.yaml': `${ONE}imports: [ b.yaml ]\n`, 'b.yaml': `${ONE}imports: [ a.yaml ]\n` }),
    ).toEqual(['IMPORT_CYCLE 2']);
  });

  it('a repository must be defined', () => {
    const repositories = 'repositories: { here: "https://example.org" }\n';
    expect(codes({ 'main.yaml': ONE + fromRepository('here') + repositories })).toEqual([
      '(IMPORT_NOT_READ 2)',
    ]);
    expect(codes({ 'main.yaml': ONE + fromRepository('there') + repositories })).toContain(
      'REFERENCE_UNKNOWN 2',
    );
  });

  it.each<[string, string[], string[]]>([
    ['[ { file: a.yaml, namespace_prefix: tosca } ]', ['NAME_INVALID 2'], ['(NAME_INVALID 2)']],
    [
      '[ { file: a.yaml, namespace_prefix: p }, { file: b.yaml, namespace_prefix: p } ]',
      ['NAME_DUPLICATE 2'],
      ['(NAME_DUPLICATE 2)'],
    ],
    ['[ { namespace_prefix: p } ]', ['KEYWORD_MISSING 2'], ['KEYWORD_MISSING 2']],
    ['[ { file: a.yaml, url: b } ]', ['KEYWORD_UNKNOWN 2'], ['KEYWORD_UNKNOWN 2']],
  ])('of 1.x: %s', (imports, of13, earlier) => {
    const files = (version: string): Record<string, string> => ({
      'main.yaml': `${version}imports: ${imports}\n`,
      'a.yaml': version + A,
      'b.yaml': version,
    });
    expect(codes(files(ONE))).toEqual(of13);
    expect(codes(files(EARLY))).toEqual(earlier);
  });

  it.each<[string, string]>([
    ['[ { url: a.yaml, profile: b } ]', 'KEYWORD_INVALID 2'],
    ['[ { namespace: a } ]', 'KEYWORD_MISSING 2'],
    ['[ { profile: b, repository: r } ]', 'KEYWORD_INVALID 2'],
    ['[ { file: a.yaml } ]', 'KEYWORD_UNKNOWN 2'],
  ])('of 2.0: %s', (imports, code) => {
    expect(codes({ 'main.yaml': `${TWO}imports: ${imports}\n`, 'a.yaml': TWO })).toContain(code);
  });

  it('what two imports define differently is a finding, the same is none', () => {
    const other = 'node_types: { A: { properties: { b: { type: string } } } }\n';
    for (const version of [ONE, EARLY, TWO]) expect(codes(pair(version, A))).toEqual([]);
    expect(codes(pair(TWO, other))).toEqual(['NAME_DUPLICATE 2']);
    expect(codes(pair(ONE, other))).toEqual(['NAME_DUPLICATE 2']);
    expect(codes(pair(EARLY, other))).toEqual(['(NAME_DUPLICATE 2)']);
  });

  it('of 1.3, the same name of two namespaces is two types', () => {
    expect(codes(ofTwo('urn:one'))).toEqual([]);
    expect(codes(ofTwo('urn:two'))).toEqual(['NAME_DUPLICATE 2']);
    const prefixed = {
      'main.yaml': `${ONE}imports: [ { file: a.yaml, namespace_prefix: a }, { file: b.yaml, namespace_prefix: b } ]\n`,
      'a.yaml': `${ONE}namespace: urn:one\n${A}`,
      'b.yaml': `${ONE}namespace: urn:one\nnode_types: { A: {} }\n`,
    };
    expect(codes(prefixed)).toEqual(['NAME_DUPLICATE 2']);
    expect(codes({ ...prefixed, 'b.yaml': `${ONE}namespace: urn:two\nnode_types: { A: {} }\n` })).toEqual([]);
  });

  it('1.x cannot import 2.0', () => {
    expect(codes({ 'main.yaml': `${ONE}imports: [ a.yaml ]\n`, 'a.yaml': TWO + A })).toEqual([
      'VERSION_MISMATCH 2',
    ]);
    expect(codes({ 'main.yaml': `${ONE}imports: [ a.yaml ]\n`, 'a.yaml': EARLY + A })).toEqual([]);
  });

  it('an imported file of 1.x may leave its version out', () => {
    expect(codes({ 'main.yaml': `${ONE}imports: [ a.yaml ]\n${uses('A')}`, 'a.yaml': A })).toEqual([
      '(VERSION_MISSING 1)',
    ]);
    expect(codes({ 'main.yaml': `${TWO}imports: [ a.yaml ]\n`, 'a.yaml': A })).toEqual(['VERSION_MISSING 1']);
  });
});

describe('the file as a whole', () => {
  it.each<[string, string]>([
    ['', 'VERSION_MISSING 1'],
    ['# nothing\n', 'VERSION_MISSING 1'],
    ['- a\n', 'VERSION_MISSING 1'],
    ['description: x\n', 'VERSION_MISSING 1'],
    ['tosca_definitions_version: tosca_9_9\n', 'VERSION_UNKNOWN 1'],
    ['tosca_definitions_version: [tosca_2_0]\n', 'KEYWORD_INVALID 1'],
    ['tosca_definitions_version: 2\n', 'KEYWORD_INVALID 1'],
    ['tosca_definitions_version: cloudify_dsl_1_3\n', 'VERSION_UNKNOWN 1'],
    ['description: x\ntosca_definitions_version: tosca_2_0\n', 'KEYWORD_INVALID 2'],
    ['description: x\ntosca_definitions_version: tosca_simple_yaml_1_1\n', '(KEYWORD_INVALID 2)'],
    [`${TWO}profile: a\nservice_template: { node_templates: {} }\n`, 'KEYWORD_INVALID 2'],
    [`${ONE}namespace: http://docs.oasis-open.org/tosca/vendor\n`, 'NAME_INVALID 2'],
  ])('%j is refused', (text, code) => {
    expect(codes({ 'a.yaml': text })).toEqual([code]);
  });

  it('finds no entry', () => {
    expect(brief(checkFiles({}))).toEqual(['IMPORT_MISSING 1']);
  });

  it('imports more than can be read is refused', () => {
    const files: Record<string, string> = {};
    for (let i = 0; i < 600; i++) files[`${i}.yaml`] = `${TWO}imports: [ ${i + 1}.yaml ]\n`;
    expect(codes(files)).toContain('SOURCE_TOO_LARGE 2');
  });
});

describe('normative types', () => {
  it.each(['tosca.nodes.Compute', 'Compute', 'tosca:Compute', 'tosca.nodes.network.Port'])(
    '1.x knows %s',
    (name) => {
      for (const version of [ONE, EARLY]) expect(codes({ 'a.yaml': version + uses(name) })).toEqual([]);
    },
  );

  it('2.0 knows them where they are imported', () => {
    const imports = 'imports: [ { profile: "org.oasis-open.simple:2.0", namespace: simple } ]\n';
    expect(codes({ 'a.yaml': TWO + uses('Compute') })).toEqual(['TYPE_UNKNOWN 2']);
    expect(codes({ 'a.yaml': TWO + imports + uses('simple:Compute') })).toEqual([]);
    expect(codes({ 'a.yaml': TWO + imports + uses('simple:Nothing') })).toEqual(['TYPE_UNKNOWN 3']);
  });

  it('2.0 reads tosca: as drafts of it did', () => {
    expect(codes({ 'a.yaml': TWO + uses('tosca:Compute') })).toEqual([]);
    expect(codes({ 'a.yaml': TWO + uses('tosca:Nothing') })).toEqual(['TYPE_UNKNOWN 2']);
  });
});

describe('what files of before 1.3 rely on', () => {
  it('a key that is there twice is a warning, and the first counts', () => {
    const text = 'node_types: { A: { derived_from: B, derived_from: Nothing }, B: {} }\n';
    expect(codes({ 'a.yaml': EARLY + text })).toEqual(['(KEY_DUPLICATE 2)']);
    expect(codes({ 'a.yaml': ONE + text })).toEqual(['KEY_DUPLICATE 2']);
    expect(codes({ 'a.yaml': TWO + text })).toEqual(['KEY_DUPLICATE 2']);
  });

  it('a type of another kind is a warning', () => {
    const text =
      'node_types: { A: { capabilities: { c: D } } }\ndata_types: { D: { derived_from: string } }\n';
    expect(codes({ 'a.yaml': EARLY + text })).toEqual(['(TYPE_UNKNOWN 2)']);
    expect(codes({ 'a.yaml': ONE + text })).toEqual(['TYPE_UNKNOWN 2']);
  });

  it.each(['types/a.yaml', 'a.yaml'])('a file in a subfolder imports another as %s', (path) => {
    const files = {
      'main.yaml': `${ONE}imports: [ types/b.yaml ]\n${uses('A')}`,
      'types/b.yaml': `${ONE}imports: [ ${path} ]\n`,
      'types/a.yaml': ONE + A,
    };
    expect(codes(files)).toEqual([]);
  });
});
