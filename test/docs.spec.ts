import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CODES, OPERATION_STATES } from '@underware/core';
import { FINDING_CODES, formatFinding, validate } from '@underware/descriptor';
import type { Command } from 'commander';
import { buildProgram } from '../apps/cli/src/program.js';
import { descriptorReference } from './descriptor-reference.spec-support.js';

/** Documentation that says what is not so is worse than none: what can be checked of it is checked here. */
const root = process.cwd();
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const markdownIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name));
/** The plugin that docs/write-a-plugin.md makes; it is in that page alone. */
const EXAMPLE_PLUGIN = 'ttl-guard';
const documents = ['README.md', ...markdownIn('docs'), ...markdownIn('docs/adr')];
const guides = documents.filter((file) => !file.startsWith('docs/adr/'));

describe.each(documents)('%s', (file) => {
  it('links to what is there', () => {
    // What is code may look like a link: patterns do.
    const prose = read(file).replaceAll(/`[^`\n]*`/g, '``');
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const broken = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [target = '', anchor] = link.split('#');
        const there = path.join(target === '' ? file : path.join(path.dirname(file), target));
        if (!existsSync(path.join(root, there))) return true;
        return anchor !== undefined && !anchorsOf(read(there)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('names files that are there', () => {
    const named = [...read(file).matchAll(/`((?:apps|libs|bpf|tools|migrations|examples|test)\/[\w./-]+)`/g)]
      .map((match) => match[1] ?? '')
      // What a build makes is not in a fresh clone.
      .filter((name) => !/\/(dist|build)(\/|$)/.test(name))
      .filter((name) => !name.includes(EXAMPLE_PLUGIN));
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });

  it('names codes that exist', () => {
    const known = new Set<string>([...ERROR_CODES, ...FINDING_CODES, ...OPERATION_STATES]);
    // Names of C and of constants in TypeScript, and variables of the environment, which have a check of their own.
    const foreign = /^(UNDERWARE|UNDERSERVICE|CAP|LIBBPF|XDP|TC|UW|BPF|PROBE|FIREWALL|TTL)_/;
    const named = [...read(file).matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !foreign.test(name) && !known.has(name))).toEqual([]);
  });
});

describe('commands', () => {
  const cli = buildProgram(() => Promise.resolve());
  const script = read('underware');
  const ofTheScript = [...script.matchAll(/^ {2}([a-z| -]+)\)/gm)].flatMap((match) =>
    (match[1] ?? '').split('|').map((name) => name.trim()),
  );
  const optionsOfTheLab = read('apps/lab/src/main.ts') + read('apps/bench/src/main.ts');

  it.each(guides)('%s names commands and options that exist', (file) => {
    const lines = [...read(file).matchAll(/\.\/underware ([a-z][^\n`#]*)/g)].map((match) => match[1] ?? '');
    const wrong = lines.filter((line) => !isCommand(line));
    expect(wrong).toEqual([]);
  });

  it('finds those of the script', () => {
    expect(ofTheScript).toEqual(expect.arrayContaining(['demo', 'up', 'down', 'clean', 'test', 'bench']));
  });

  function isCommand(line: string): boolean {
    const [name = '', ...words] = line.split(/[\s,.;:)]+/);
    const options = [...line.matchAll(/(?<![\w-])--[a-z-]+/g)].map(([option]) => option);
    if (ofTheScript.includes(name)) return options.every((option) => optionsOfTheLab.includes(option));
    const command = cli.commands.find((each) => each.name() === name);
    if (command === undefined) return false;
    const below = command.commands.find((each) => each.name() === words[0]) ?? command;
    return options.every((option) => option === '--help' || optionsOf(below).includes(option));
  }
});

describe('docs/descriptor.md', () => {
  const text = read('docs/descriptor.md');
  const blocks = [...text.matchAll(/```(\w+) ?(\S*)\n([^]*?)\n```/g)].map((match) => ({
    language: match[1],
    name: match[2] ?? '',
    text: `${match[3] ?? ''}\n`,
  }));
  const yaml = blocks.filter(({ language }) => language === 'yaml');
  /** Findings of a block, which may import others by their names. */
  const check = (file: string, source: string) =>
    validate({ file, text: source, read: (path) => yaml.find(({ name }) => name === path)?.text }).findings;
  const shown = ({ name }: { name: string }) =>
    blocks.some((each) => each.language === 'text' && each.name !== '' && each.name === name);

  it('gives examples without a finding', () => {
    const examples = yaml.filter((each) => !shown(each));
    expect(examples.length).toBeGreaterThan(9);
    expect(examples.flatMap((each) => check(each.name || 'descriptor.md', each.text))).toEqual([]);
  });

  it('shows the findings of broken files as they are printed', () => {
    const broken = yaml.filter(shown);
    expect(broken.length).toBeGreaterThan(0);
    for (const { name, text: source } of broken) {
      const printed = check(name, source)
        .map((finding) => formatFinding(finding))
        .join('\n\n');
      expect(blocks.find((each) => each.language === 'text' && each.name === name)?.text).toBe(
        `${printed}\n`,
      );
    }
  });

  it('says of every finding what is wrong', () => {
    const [, table = ''] = /^## Every finding\n([^]*?)^## /m.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| `([A-Z_]+)` \| \S/gm)].map((match) => match[1] ?? '');
    expect(rows.sort()).toEqual([...FINDING_CODES].sort());
  });

  it('has an example of every type of node and of policy', () => {
    const used = yaml.map((each) => each.text).join('\n');
    const abstract = ['underware.nodes.Underservice'];
    const types = [
      ...descriptorReference().matchAll(/^#### `(underware\.(?:nodes|policies|groups)\.\w+)`/gm),
    ];
    expect(types.length).toBeGreaterThan(25);
    expect(
      types.map(([, name = '']) => name).filter((name) => !abstract.includes(name) && !used.includes(name)),
    ).toEqual([]);
  });

  it('has the types, properties and defaults of the profile', () => {
    const [, reference = ''] = /<!-- reference[^>]*-->\n([^]*)\n<!-- end of reference -->/.exec(text) ?? [];
    expect(reference.trim()).toBe(descriptorReference());
  });
});

describe('docs/operate.md', () => {
  const text = read('docs/operate.md');

  it('names the variables that processes read, and no others', () => {
    const sources = [
      'apps/orchestrator/src/configuration.ts',
      'apps/agent/src/config.ts',
      'apps/cli/src/connection.ts',
      'docker-compose.yml',
    ];
    expect(variables(text).sort()).toEqual(variables(sources.map(read).join('\n')).sort());
  });

  it('says of every error what to do', () => {
    const [, table = ''] = /^## Every error\n([^]*?)^## /m.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1] ?? '');
    expect(rows.sort()).toEqual([...ERROR_CODES].sort());
  });
});

describe('docs/add-a-step.md', () => {
  it('lists the actions that there are', () => {
    const union = /export type Action =([^]*?);\n\n/.exec(read('libs/core/src/step.ts'))?.[1] ?? '';
    const kinds = [...union.matchAll(/^ {2}\| \{ kind: '([a-z-]+)'/gm)].map((match) => match[1] ?? '');
    const rows = [...read('docs/add-a-step.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(
      (match) => match[1] ?? '',
    );
    expect(kinds.length).toBeGreaterThan(10);
    expect(rows.sort()).toEqual(kinds.sort());
  });
});

describe('libraries', () => {
  const libraries = readdirSync(path.join(root, 'libs'));

  it.each(libraries)('%s opens with its job, its layer and what a crash leaves', (name) => {
    const [header] = /^\/\*\*\n[^]*?\*\//.exec(read(`libs/${name}/src/index.ts`)) ?? [''];
    // The bottom keeps nothing: it is types and errors.
    const wanted = name === 'core' ? [/Layer:/] : [/Layer:/, /After a crash/];
    expect(wanted.filter((part) => !part.test(header))).toEqual([]);
  });

  it('are all in the picture of the house', () => {
    const architecture = read('docs/architecture.md');
    const missing = [...libraries.map((name) => `libs/${name}`), ...appsThatAre()].filter(
      (folder) => !new RegExp(`^${folder} `, 'm').test(architecture),
    );
    expect(missing).toEqual([]);
  });

  function appsThatAre(): string[] {
    return readdirSync(path.join(root, 'apps')).map((name) => `apps/${name}`);
  }
});

function optionsOf(command: Command): string[] {
  const own = command.options.map(({ long }) => long ?? '');
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)];
}

/** Anchors of headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function variables(from: string): string[] {
  return [...new Set([...from.matchAll(/\bUNDERWARE_[A-Z_]*[A-Z]/g)].map(([name]) => name))];
}
