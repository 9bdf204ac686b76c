import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Findings } from '../finding.js';
import type { Finding } from '../finding.js';
import { readSource } from './read-source.js';
import type { SourceNode } from './source-node.js';
import { Sources } from './sources.js';

/** Generous for a busy machine; what is guarded against takes minutes or for ever. */
const BOUND_MS = 5000;

function read(text: string): { root: SourceNode | undefined; findings: Finding[]; sources: Sources } {
  const sources = new Sources();
  const findings = new Findings(sources);
  const start = performance.now();
  const root = readSource(sources, 'odd.yaml', text, findings);
  expect(performance.now() - start).toBeLessThan(BOUND_MS);
  return { root, findings: findings.all(), sources };
}

function plain(node: SourceNode | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node)]));
}

describe('text becomes a tree', () => {
  it.each<[string, string, unknown]>([
    [
      'scalars of the core schema',
      '[1, -2, 0x1F, 0o17, 1.5, 1e3, true, FALSE, null, ~, .inf]',
      [1, -2, 31, 15, 1.5, 1000, true, false, null, null, Infinity],
    ],
    [
      'words of YAML 1.1 as text',
      '[yes, No, on, off, 2001-12-14t21:59:43Z, 12:30:45, 1_000]',
      ['yes', 'No', 'on', 'off', '2001-12-14t21:59:43Z', '12:30:45', '1_000'],
    ],
    [
      'quoted scalars as text',
      `{a: "1", b: 'true', c: !!str 1, d: "x\\ty"}`,
      { a: '1', b: 'true', c: '1', d: 'x\ty' },
    ],
    ['block scalars', 'a: |\n  x\n  y\nb: >-\n  x\n  y\n', { a: 'x\ny\n', b: 'x y' }],
    ['keys that are no strings', '{1: a, true: b, 1.10: c}', { 1: 'a', true: 'b', '1.10': 'c' }],
    ['a key without a value', 'a:\nb: {c}', { a: null, b: { c: null } }],
    ['an alias', 'a: &x [1]\nb: *x', { a: [1], b: [1] }],
    ['an alias as a key', 'a: &x k\n*x : 2', { a: 'k', k: 2 }],
    ['a merge key', 'a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}', { a: { p: 1, q: 2 }, b: { q: 3, p: 1 } }],
    ['a merge of several', 'a: {<<: [{p: 1}, {p: 2, q: 2}]}', { a: { p: 1, q: 2 } }],
    ['an explicit key', '? a\n: b', { a: 'b' }],
    ['a pair in a flow list', '[a: 1, b]', [{ a: 1 }, 'b']],
    ['a byte order mark', '\uFEFFa: 1', { a: 1 }],
    ['Windows line ends', 'a: 1\r\nb:\r\n  - 2\r\n', { a: 1, b: [2] }],
    ['markers around one document', '---\na: 1\n...\n', { a: 1 }],
    ['a directive', '%YAML 1.2\n---\na: 1\n', { a: 1 }],
    ['an empty second document', 'a: 1\n---\n', { a: 1 }],
    ['a function as a key', '{ { $keygen: [ UUID ] }: 34 }', { '{ $keygen: [ UUID': 34 }],
    ['a function of 1.x as a key', '{ { concat: [ a ] }: 34 }', { '{ concat: [ a': 34 }],
    ['nothing', '', null],
    ['a comment alone', '# nothing\n', null],
  ])('%s', (_what, text, value) => {
    const { root, findings } = read(text);
    expect(findings).toEqual([]);
    expect(plain(root)).toEqual(value);
  });

  it('knows the place, the text and the quotes of every node', () => {
    const text = 'a:\n  version: 1.10\n  name: "x"\n  list: [ p, {q: r} ]\n';
    const { root, sources } = read(text);
    const at = (node: SourceNode | undefined): number[] => {
      const { line, column } = sources.locate(node?.place ?? -1);
      return [line, column];
    };
    const entries = root?.kind === 'map' ? root.entries.get('a')?.node : undefined;
    if (entries?.kind !== 'map') throw new Error('no mapping');
    expect(at(entries)).toEqual([2, 3]);
    const version = entries.entries.get('version');
    expect(version?.node).toMatchObject({ text: '1.10', value: 1.1, quoted: false });
    expect(at(version?.node)).toEqual([2, 12]);
    expect(entries.entries.get('name')?.node).toMatchObject({ text: 'x', quoted: true });
    expect(at(entries.entries.get('name')?.node)).toEqual([3, 9]);
    const list = entries.entries.get('list')?.node;
    expect(at(list)).toEqual([4, 9]);
    expect(list?.kind === 'list' && list.items.map(at)).toEqual([
      [4, 11],
      [4, 14],
    ]);
  });
});

/** Nine lists of ten aliases each: a billion values in half a kilobyte. */
const bomb = Array.from({ length: 9 }, (_, i) => {
  const items = Array.from({ length: 10 }, () => (i === 0 ? 'x' : `*a${i - 1}`)).join(', ');
  return `a${i}: &a${i} [${items}]`;
}).join('\n');

describe('odd text is refused in bounded time', () => {
  it.each<[string, () => string, string]>([
    ['an alias bomb', () => bomb, 'SOURCE_TOO_LARGE'],
    ['a bomb of merge keys', () => bomb.replaceAll('[', '{<<: [').replaceAll(']', ']}'), 'SOURCE_TOO_LARGE'],
    ['an alias inside of what it stands for', () => 'a: &a [*a]', 'ALIAS_CYCLE'],
    ['a merge key of its own mapping', () => 'a: &a {<<: *a}', 'ALIAS_CYCLE'],
    ['an alias to nothing', () => 'a: *nothing', 'ALIAS_UNKNOWN'],
    [
      'a ladder of aliases',
      () =>
        Array.from({ length: 5000 }, (_, i) => `k${i}: &k${i} [${i === 0 ? 'x' : `*k${i - 1}`}]`).join('\n'),
      'SOURCE_TOO_DEEP',
    ],
    ['a NUL byte', () => 'a: \0', 'CONTROL_CHARACTER'],
    ['an escape sequence', () => 'a: \u001b[2J', 'CONTROL_CHARACTER'],
    ['10 MB', () => `a: ${'x'.repeat(10_000_000)}`, 'SOURCE_TOO_LARGE'],
    ['100,000 open brackets', () => `a: ${'['.repeat(100_000)}`, 'SOURCE_TOO_DEEP'],
    ['100,000 open braces', () => `a: ${'{a: '.repeat(100_000)}`, 'SOURCE_TOO_DEEP'],
    ['200 levels that are closed', () => `a: ${'['.repeat(200)}${']'.repeat(200)}`, 'SOURCE_TOO_DEEP'],
    [
      '2,000 levels of indentation',
      () => Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'SOURCE_TOO_DEEP',
    ],
    ['200 levels of compact lists', () => `${'- '.repeat(200)}a`, 'SOURCE_TOO_DEEP'],
    ['200 levels of explicit keys', () => `${'? '.repeat(200)}a`, 'SOURCE_TOO_DEEP'],
    [
      '50,000 keys, each twice',
      () => Array.from({ length: 50_000 }, (_, i) => `k${i % 25_000}: 1`).join('\n'),
      'TOO_MANY_FINDINGS',
    ],
    ['__proto__ as a key', () => 'a: {__proto__: b}', 'KEY_FORBIDDEN'],
    ['several documents', () => 'a: 1\n---\nb: 2\n', 'YAML_INVALID'],
    ['a key that is a list', () => '? [a]\n: b', 'KEYWORD_INVALID'],
    ['a key that is a mapping', () => '{{ name }}: b', 'KEYWORD_INVALID'],
    ['four million quotes', () => `a: ${'"'.repeat(4_000_000)}`, 'YAML_INVALID'],
    ['four million commas', () => `[${','.repeat(4_000_000)}]`, 'SOURCE_TOO_LARGE'],
    ['a million entries', () => `[${'a,'.repeat(999_990)}`, 'YAML_INVALID'],
    ['half a million pairs', () => `[${'a: b,'.repeat(400_000)}`, 'YAML_INVALID'],
    ['a tab as indentation', () => 'a:\n\tb: 1', 'YAML_INVALID'],
    ['a value in the wrong column', () => 'a: 1\n  b: 2', 'YAML_INVALID'],
    ['an unclosed list', () => 'a: [1,\nb: 2', 'YAML_INVALID'],
    ['a tag of the author', () => 'a: !mine b', 'YAML_WARNING'],
  ])('%s', (_what, text, code) => {
    const { findings } = read(text());
    expect([...new Set(findings.map((finding) => finding.code))]).toContain(code);
    expect(findings.length).toBeLessThanOrEqual(201);
  });

  it('says where', () => {
    const { findings } = read('a: 1\nb: [1, 2\nc: 3\n');
    expect(findings).toMatchObject([{ code: 'YAML_INVALID', file: 'odd.yaml', line: 3 }]);
  });

  it('nests as deep as it may without effort', () => {
    const deep = `${'- '.repeat(48)}${'['.repeat(49)}x${']'.repeat(49)}`;
    expect(read(deep).findings).toEqual([]);
    expect(read(`${'? '.repeat(90)}x`).findings.every(({ code }) => code === 'KEYWORD_INVALID')).toBe(true);
  });

  it('reads a megabyte at once', () => {
    const lines = Array.from(
      { length: 25_000 },
      (_, i) => `  node_${i}: { type: "a.b.c", properties: [ a, 1 ] }`,
    );
    const { root, findings } = read(`nodes:\n${lines.join('\n')}`);
    expect(findings).toEqual([]);
    expect(root?.kind).toBe('map');
  });

  it('no text makes it throw', () => {
    const words = fc.constantFrom(
      'a',
      '  ',
      '    ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ': ',
      ', ',
      '&a ',
      '*a',
      '<<: ',
      '? ',
      '| ',
      '> ',
      '"',
      "'",
      '\n',
      '\n  ',
      '#',
      '$value',
      'null',
      '~',
      '1e999',
      '0x1',
      '!!binary ',
      '!x ',
      '%YAML 1.1\n---\n',
      '\u2028',
      '---\n',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
        read(parts.join(''));
      }),
      { numRuns: 1000 },
    );
  });
});
