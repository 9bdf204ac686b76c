import { describe, expect, it } from '@jest/globals';
import { packPackage } from '@underware/descriptor';
import { compileSource } from './compile-source.js';

const MAIN = 'tosca_definitions_version: tosca_2_0\nimports: [a.yaml, b.yaml]\n';
const TYPES = 'tosca_definitions_version: tosca_2_0\nnode_types: { T: { description: x } }\n';

async function compile(files: Record<string, Uint8Array | string>): Promise<unknown> {
  const contents = Object.entries(files).map(([path, content]): [string, Uint8Array] => [
    path,
    Buffer.from(content),
  ]);
  const bytes = await packPackage('main.yaml', new Map(contents));
  return compileSource({ file: 'x.csar', mediaType: 'application/zip', bytes }, {});
}

/** As hard to pack as a real file: what packs too well is refused for that. */
const filler = (length: number) =>
  `# ${Array.from({ length: length / 10 }, (_, i) => Math.sin(i).toString(36).slice(2, 12)).join('')}\n`;

describe('a package that is uploaded', () => {
  it('may import so much text and no more', async () => {
    const part = TYPES.replace('\n', `\n${filler(1_900_000)}`);
    // It got as far as to be compiled.
    await expect(compile({ 'main.yaml': MAIN, 'a.yaml': part, 'b.yaml': TYPES })).resolves.toMatchObject({
      findings: [{ file: 'main.yaml', message: expect.stringContaining('There is nothing to deploy') }],
    });
    await expect(
      compile({ 'main.yaml': MAIN, 'a.yaml': part, 'b.yaml': part.repeat(2) }),
    ).rejects.toMatchObject({
      report: { code: 'DESCRIPTOR_INVALID', on: 'x.csar', why: expect.stringContaining('with b.yaml') },
    });
  });

  it('is refused when it unpacks to far more than it is', async () => {
    const bomb = Buffer.alloc(30 * 1_048_576);
    await expect(compile({ 'main.yaml': MAIN, 'bomb.bin': bomb })).resolves.toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ code: 'PACKAGE_TOO_LARGE' })]),
    });
  });
});
