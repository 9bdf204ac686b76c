import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validate } from '@underware/descriptor';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDescriptor } from './descriptor-file.js';

describe('a descriptor of this machine', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uwt-read-'));
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    await writeFile(join(folder, 'secret'), 'secret words\n');
    await symlink('secret', join(folder, 'linked.yaml'));
    await symlink('/dev/zero', join(folder, 'endless.yaml'));
    await symlink('none', join(folder, 'broken.yaml'));
    await writeFile(join(folder, 'large.yaml'), Buffer.alloc(17 * 1024 * 1024, '#'));
    await writeFile(join(folder, 'types.tosca'), 'tosca_definitions_version: tosca_2_0\n');
    await symlink('types.tosca', join(folder, 'types.yaml'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function importing(name: string) {
    const file = join(folder, 'service.yaml');
    await writeFile(file, `tosca_definitions_version: tosca_2_0\nimports: [${name}]\nnode_types: {}\n`);
    const { source } = await readDescriptor(file);
    return source && validate(source).findings;
  }

  it.each(['types.yaml', 'types.tosca'])('imports %s', async (name) => {
    await expect(importing(name)).resolves.toEqual([]);
  });

  it.each(['pipe.yaml', 'endless.yaml', 'linked.yaml', 'broken.yaml', 'large.yaml'])(
    'does not open %s for an import',
    async (name) => {
      const findings = await importing(name);
      expect(findings).toMatchObject([{ code: 'IMPORT_MISSING', line: 2, column: 11 }]);
      expect(JSON.stringify(findings)).not.toContain('secret words');
    },
  );

  it.each(['pipe.yaml', 'endless.yaml', 'broken.yaml', '.'])('is not %s', async (name) => {
    await expect(readDescriptor(join(folder, name))).rejects.toMatchObject({
      report: { code: 'INPUT_INVALID', on: join(folder, name) },
    });
  });
});
