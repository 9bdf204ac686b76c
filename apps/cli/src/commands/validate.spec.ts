import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ZipFile } from 'yazl';
import type { Session } from '../session.js';
import { validateFiles } from './validate.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-validate-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function validate(file: string, json = false): Promise<{ code: number; out: string }> {
  let out = '';
  const session: Session = {
    terminal: { out: (text) => (out += text), err() {}, clear() {}, json, interactive: false, color: false },
    probeKernel: () => Promise.reject(new Error('no kernel here')),
    client: () => {
      throw new Error('no orchestrator is needed');
    },
    signal: new AbortController().signal,
    exitCode: 0,
  };
  await validateFiles(session, [file]);
  return { code: session.exitCode, out };
}

/** An application on a machine, of a type that it imports. */
function text(imported: string): string {
  return [
    'tosca_definitions_version: tosca_simple_yaml_1_3',
    `imports: [${imported}]`,
    'topology_template:',
    '  node_templates:',
    '    app: { type: acme.App, requirements: [{ host: machine }] }',
    '    machine: { type: tosca.nodes.Compute }',
  ].join('\n');
}

describe('validate', () => {
  it('needs no orchestrator and points at the place', async () => {
    const file = join(directory, 'broken.yaml');
    await writeFile(file, 'tosca_definitions_version: tosca_2_0\nservice_template:\n  node_templates: 5\n');
    const { code, out } = await validate(file);
    expect(code).toBe(1);
    expect(out).toContain(`${file}:3:`);
    expect(out).toContain('node_templates: 5');
  });

  it('takes any TOSCA, with what it imports from other folders, but opens nothing that is no YAML', async () => {
    const file = join(directory, 'site', 'service.yaml');
    const types = join(directory, 'types.yaml');
    await mkdir(join(directory, 'site'));
    await writeFile(types, 'tosca_definitions_version: tosca_simple_yaml_1_3\nnode_types: { acme.App: 5 }\n');
    await writeFile(file, text('../types.yaml'));
    const broken = await validate(file);
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/types\.yaml:2:/);
    const type = '{ acme.App: { derived_from: tosca.nodes.SoftwareComponent } }';
    await writeFile(types, `tosca_definitions_version: tosca_simple_yaml_1_3\nnode_types: ${type}\n`);
    expect(await validate(file)).toMatchObject({ code: 0, out: `${file}: valid\n` });
    await writeFile(file, text('../secret'));
    await writeFile(join(directory, 'secret'), 'root: hidden\n');
    const secret = await validate(file, true);
    expect(secret.code).toBe(1);
    expect(secret.out).toContain('IMPORT_MISSING');
    expect(secret.out).not.toContain('hidden');
  });

  it('takes packages', async () => {
    const file = join(directory, 'service.csar');
    const zip = new ZipFile();
    zip.addBuffer(
      Buffer.from(
        'TOSCA-Meta-File-Version: 1.1\nCSAR-Version: 1.1\nCreated-By: t\nEntry-Definitions: a/s.yaml\n',
      ),
      'TOSCA-Metadata/TOSCA.meta',
    );
    zip.addBuffer(Buffer.from('tosca_definitions_version: tosca_2_0\nimports: [b.yaml]\n'), 'a/s.yaml');
    zip.addBuffer(
      Buffer.from('tosca_definitions_version: tosca_2_0\nnode_types: { A: { derived_from: B } }\n'),
      'a/b.yaml',
    );
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(file));
    const { code, out } = await validate(file);
    expect(code).toBe(1);
    expect(out).toContain(`${file}!a/b.yaml:2:`);
    expect(out).toContain('TYPE_UNKNOWN');
  });
});
