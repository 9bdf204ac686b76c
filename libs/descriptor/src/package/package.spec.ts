import { describe, expect, it } from '@jest/globals';
import { compile } from '../compile.js';
import { openPackage } from './open-package.js';
import { packPackage } from './pack-package.js';

const options = { name: 'x.csar', now: new Date('2026-01-01T00:00:00Z') };
const bytesOf = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));

const TYPES = `tosca_definitions_version: tosca_2_0
node_types:
  App: { derived_from: underware.nodes.Process }
`;
const SERVICE = `tosca_definitions_version: tosca_2_0
metadata: { template_name: packed, template_version: 1.0.0 }
imports: [parts/types.yaml]
service_template:
  node_templates:
    app: { type: App, properties: { command: [/bin/true] } }
`;
const FILES = { 'service.yaml': SERVICE, 'parts/types.yaml': TYPES };

describe('a package', () => {
  it('is compiled as its files would be', async () => {
    const { source, findings } = await openPackage(
      await packPackage('service.yaml', bytesOf(FILES)),
      options,
    );
    expect(findings).toEqual([]);
    expect(source && compile(source)).toMatchObject({ findings: [], graph: { name: 'packed' } });
  });

  it('is the same whenever and in whatever order its files are packed', async () => {
    const once = await packPackage('service.yaml', bytesOf(FILES));
    const again = await packPackage('service.yaml', new Map([...bytesOf(FILES)].toReversed()));
    expect(Buffer.compare(once, again)).toBe(0);
  });

  it('has its own TOSCA.meta, whatever lies there', async () => {
    const packed = await packPackage(
      'service.yaml',
      bytesOf({ ...FILES, 'TOSCA-Metadata/TOSCA.meta': 'Entry-Definitions: elsewhere.yaml\n' }),
    );
    expect((await openPackage(packed, options)).source?.file).toBe('service.yaml');
  });

  it('says where in which of its files something is wrong', async () => {
    const wrong = TYPES.replace('underware.nodes.Process', 'underware.nodes.Proces');
    const { source } = await openPackage(
      await packPackage('service.yaml', bytesOf({ ...FILES, 'parts/types.yaml': wrong })),
      options,
    );
    const { findings } = compile(source ?? { file: '', text: '' });
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'TYPE_UNKNOWN', file: 'parts/types.yaml', line: 3, column: 24 }),
    );
  });

  it('without a file to begin with is a finding', async () => {
    const { source, findings } = await openPackage(await packPackage('absent.yaml', bytesOf(FILES)), options);
    expect(source).toBeUndefined();
    expect(findings).toMatchObject([{ code: 'PACKAGE_ENTRY_MISSING', file: 'TOSCA-Metadata/TOSCA.meta' }]);
  });
});
