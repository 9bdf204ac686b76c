import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { service } from './compile.spec-support.js';
import { validate } from './compile.js';

const examples = new URL('../../../examples/', import.meta.url);
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);
const schema = JSON.parse(
  readFileSync(new URL('../profiles/underware.schema.json', import.meta.url), 'utf8'),
) as object;
const accepts = new Ajv({ strict: false }).compile(schema);

function isAccepted(text: string): boolean {
  return accepts(parse(text, { merge: true }));
}

describe('what is made of the profile', () => {
  it.each(['../../tosca/generate.mjs', '../generate-schema.mjs'])('is fresh: %s', async (name) => {
    const script = fileURLToPath(new URL(name, import.meta.url));
    const cwd = dirname(fileURLToPath(new URL('.', import.meta.url)));
    await expect(promisify(execFile)(process.execPath, [script, '--check'], { cwd })).resolves.toMatchObject({
      stderr: '',
    });
  });
});

describe('the JSON Schema for editors', () => {
  it.each(files)('takes %s', (name) => {
    const taken = isAccepted(readFileSync(new URL(name, examples), 'utf8'));
    expect(accepts.errors ?? []).toEqual([]);
    expect(taken).toBe(true);
  });

  it.each<[string, string]>([
    ['a property misspelt', service({ properties: 'comand: [run]' })],
    ['a property missing', service({ properties: 'cpus: 1' })],
    ['a value of another type', service({ properties: 'command: [run], cpus: many' })],
    ['a value beyond its limits', service({ properties: 'command: [run], cpus: 5000' })],
    ['a unit that there is not', service({ properties: 'command: [run], memory: 5 MX' })],
    [
      'a word that is none of those',
      service({ nodes: '\n    f: { type: underware.nodes.Firewall, properties: { default: maybe } }' }),
    ],
    ['a type that the profile has not', service({ nodes: '\n    x: { type: underware.nodes.Linc }' })],
    [
      'a requirement misspelt',
      service({ nodes: '\n    p: { type: underware.nodes.Port, requirements: [{ bindng: web }] }' }),
    ],
    [
      'a rule without what it does',
      service({
        nodes:
          '\n    f: { type: underware.nodes.Firewall, properties: { rules: [{ name: x }] }, requirements: [{ port: p }] }',
      }),
    ],
    [
      'a policy without what it needs',
      service({}).concat('  policies:\n    - x: { type: underware.policies.Scaling, targets: [web] }\n'),
    ],
    ['no version', 'service_template: {}'],
  ])('refuses %s, as the compiler does', (_what, text) => {
    expect(isAccepted(text)).toBe(false);
    expect(validate({ file: 'x', text }).valid).toBe(false);
  });

  it('takes functions for values, and leaves types of others alone', () => {
    const text = service({
      inputs: 'n: { type: float }',
      cpus: '{ $get_input: n }',
      nodes: '\n    x: { type: example.nodes.Mine, properties: { any: thing } }',
    });
    expect(isAccepted(text)).toBe(true);
  });
});
