import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compile, openPackage } from '@underware/descriptor';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descriptorToSend } from './descriptor-to-send.js';

const examples = new URL('../../../examples/', import.meta.url).pathname;
const TYPES = `tosca_definitions_version: tosca_2_0
node_types:
  App: { derived_from: underware.nodes.Process }
`;

/** A service of a type that it imports, with the artifact that is named. */
const importing = (path: string, artifact = 'run.sh') => `tosca_definitions_version: tosca_2_0
imports: [${path}]
artifact_types: { Script: {} }
service_template:
  node_templates:
    app:
      type: App
      properties: { command: [/bin/true] }
      artifacts: { script: { type: Script, file: ${artifact} } }
`;

async function opened(bytes: unknown) {
  if (!(bytes instanceof Uint8Array)) throw new Error('it is no package');
  return openPackage(bytes, { name: 'x.csar', now: new Date() });
}

describe('a descriptor for an orchestrator', () => {
  let folder = '';
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'uwt-send-')), 'service');
    await mkdir(join(folder, 'parts'), { recursive: true });
    await writeFile(join(folder, 'parts/types.yaml'), TYPES);
    await writeFile(join(folder, '../types.yaml'), TYPES);
    await writeFile(join(folder, 'run.sh'), '#!/bin/sh\n');
    await writeFile(join(folder, '../secret.sh'), 'secret\n');
    await symlink('../secret.sh', join(folder, 'linked.sh'));
    await symlink('../types.yaml', join(folder, 'linked.yaml'));
  });
  afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));

  async function sent(text: string) {
    const file = join(folder, 'service.yaml');
    await writeFile(file, text);
    return descriptorToSend(file, {});
  }

  it('is the text of one file', async () => {
    const file = join(examples, 'single-probe.yaml');
    await expect(descriptorToSend(file, {})).resolves.toBe(await readFile(file, 'utf8'));
  });

  it('is a package where it imports others, which compiles as they do here', async () => {
    const { source, findings } = await opened(
      await descriptorToSend(join(examples, 'nested-three-sites.yaml'), {}),
    );
    expect(findings).toEqual([]);
    expect(source?.file).toBe('nested-three-sites.yaml');
    expect(source && compile(source)).toMatchObject({ findings: [], graph: { name: 'nested-three-sites' } });
  });

  it('is a package where it is larger than text may be', async () => {
    const text = await readFile(join(examples, 'single-probe.yaml'), 'utf8');
    const comments = Array.from({ length: 150_000 }, (_, i) => `# ${i}\n`).join('');
    const { source } = await opened(await sent(`${text}${comments}`));
    expect(source && compile(source)).toMatchObject({ findings: [], graph: { name: 'single-probe' } });
  });

  it('has the files that artifacts name', async () => {
    const { source } = await opened(await sent(importing('parts/types.yaml')));
    expect(source?.read?.('run.sh')).toBe('#!/bin/sh\n');
    expect(source && compile(source).findings).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      'a file that it imports is not there',
      importing('none.yaml'),
      'service.yaml:2:11: error IMPORT_MISSING',
    ],
    [
      'a file that it imports is above its folder',
      importing('../types.yaml'),
      'service.yaml:2:11: error PACKAGE_PATH_FORBIDDEN',
    ],
    [
      'a file that an artifact names is not there',
      importing('parts/types.yaml', 'none.sh'),
      'service.yaml:9:50: error ARTIFACT_MISSING',
    ],
    ['a file is no TOSCA', importing('run.sh'), 'service.yaml:2:11: error IMPORT_MISSING'],
  ])('is refused where %s, with the place', async (_what, text, place) => {
    await expect(sent(text)).rejects.toMatchObject({
      report: { code: 'DESCRIPTOR_INVALID', detail: expect.stringContaining(join(folder, place)) },
    });
  });

  it.each([importing('linked.yaml'), importing('parts/types.yaml', 'linked.sh')])(
    'never has what a link leads to outside',
    async (text) => {
      await expect(sent(text)).rejects.toMatchObject({
        report: { code: 'INPUT_INVALID', why: expect.stringContaining('leads out of') },
      });
    },
  );

  it('goes as it is where it is a package, when that is valid', async () => {
    const bytes = await sent(importing('parts/types.yaml'));
    const file = join(folder, 'service.csar');
    await writeFile(file, bytes);
    expect(Buffer.compare(Buffer.from(await descriptorToSend(file, {})), Buffer.from(bytes))).toBe(0);
    const cut = Buffer.from(bytes).fill(0, 200, 210);
    await writeFile(file, cut);
    await expect(descriptorToSend(file, {})).rejects.toMatchObject({
      report: { code: 'DESCRIPTOR_INVALID', detail: expect.stringContaining('service.csar') },
    });
  });
});
