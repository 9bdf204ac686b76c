import { describe, expect, it } from '@jest/globals';
import type { CsarOptions } from './open-csar.js';
import { openCsar } from './open-csar.js';
import type { Contents } from './csar.spec-support.js';
import { NOW, hashOf, manifestOf, rename, zipOf } from './csar.spec-support.js';

const META = 'TOSCA-Metadata/TOSCA.meta';
const meta = (...lines: string[]) =>
  ['TOSCA-Meta-File-Version: 1.0', 'CSAR-Version: 1.1', 'Created-By: tests', ...lines, ''].join('\n');
const ENTRY = 'Definitions/service.yaml';
const SERVICE = 'tosca_definitions_version: tosca_simple_yaml_1_3\n';
const AT_TOP = `${SERVICE}metadata:\n  template_name: probe\n  template_version: 1.0\n`;
const PACKAGE = { [META]: meta(`Entry-Definitions: ${ENTRY}`), [ENTRY]: SERVICE };

const open = async (contents: Contents | Uint8Array, options: Partial<CsarOptions> = {}) =>
  openCsar(contents instanceof Uint8Array ? contents : await zipOf(contents), {
    name: 'probe.csar',
    now: NOW,
    ...options,
  });
/** What was found, as `CODE file:line:column`. */
const found = async (contents: Contents | Uint8Array, options: Partial<CsarOptions> = {}) =>
  (await open(contents, options)).findings.map(
    ({ code, file, line, column }) => `${code} ${file}:${line}:${column}`,
  );

describe('the layouts of a package', () => {
  it('begins with what TOSCA-Metadata/TOSCA.meta names', async () => {
    const csar = await open({ ...PACKAGE, 'Scripts/': '', 'Scripts/run.sh': 'true\n' });
    expect(csar.findings).toEqual([]);
    expect(csar.entry).toBe(ENTRY);
    expect([...csar.files.keys()].toSorted()).toEqual([ENTRY, 'Scripts/run.sh', META]);
    expect(Buffer.from(csar.files.get(ENTRY) ?? []).toString()).toBe(SERVICE);
  });

  it('finds TOSCA.meta of CSAR 2.0 at the top', async () => {
    const csar = await open({
      'TOSCA.meta': 'CSAR-Version: 2.0\nCreated-By: tests\nEntry-Definitions: profile.yaml\n',
      'profile.yaml': 'tosca_definitions_version: tosca_2_0\n',
      'other.yaml': '',
    });
    expect([csar.entry, csar.findings]).toEqual(['profile.yaml', []]);
  });

  it('finds Tosca.meta, as some tools write it', async () => {
    const csar = await open({ 'TOSCA-Metadata/Tosca.meta': PACKAGE[META], [ENTRY]: SERVICE });
    expect([csar.entry, csar.findings]).toEqual([ENTRY, []]);
  });

  it('begins with the only YAML file at the top where there is no TOSCA.meta', async () => {
    const csar = await open({ 'service.yaml': AT_TOP, 'types/more.yaml': SERVICE });
    expect([csar.entry, csar.findings]).toEqual(['service.yaml', []]);
  });

  it('demands the metadata of such a file, before 2.0', async () => {
    expect(await found({ 'service.yaml': SERVICE })).toEqual(['KEYWORD_MISSING service.yaml:1:1']);
    expect(await found({ 'service.yaml': `${SERVICE}metadata:\n  template_name: probe\n` })).toEqual([
      'KEYWORD_MISSING service.yaml:2:1',
    ]);
    expect(await found({ 'service.yaml': 'tosca_definitions_version: tosca_2_0\n' })).toEqual([]);
  });

  it.each<[string, Contents]>([
    ['nothing at all', {}],
    ['no YAML at the top', { 'a/service.yaml': AT_TOP }],
    ['two YAML files at the top', { 'a.yaml': AT_TOP, 'b.yml': AT_TOP }],
  ])('refuses %s', async (_, contents) => {
    const csar = await open(contents);
    expect(csar.entry).toBeUndefined();
    expect(csar.findings.map(({ code }) => code)).toEqual(['PACKAGE_ENTRY_MISSING']);
  });

  it('says which file TOSCA.meta may have meant', async () => {
    const csar = await open({ [META]: meta('Entry-Definitions: Definitions/servce.yaml'), [ENTRY]: SERVICE });
    expect(csar.entry).toBeUndefined();
    expect(csar.findings).toMatchObject([
      { code: 'PACKAGE_ENTRY_MISSING', file: META, line: 4, column: 20, nearest: ENTRY },
    ]);
  });

  it('checks every file that TOSCA.meta names', async () => {
    const contents = {
      ...PACKAGE,
      [META]: meta(
        `Entry-Definitions: ./${ENTRY}`,
        'Other-Definitions: "Definitions/a b.yaml", Definitions/gone.yaml',
        'ETSI-Entry-Change-Log: ChangeLog.txt',
        'Entry-Colour: blue',
        'Colour: blue',
        'no key',
      ),
      'Definitions/a b.yaml': SERVICE,
    };
    expect(await found(contents)).toEqual([
      `PACKAGE_ENTRY_MISSING ${META}:5:44`,
      `PACKAGE_ENTRY_MISSING ${META}:6:24`,
      `KEYWORD_UNKNOWN ${META}:8:1`,
      `PACKAGE_INVALID ${META}:9:1`,
    ]);
  });

  it('demands Entry-Definitions', async () => {
    expect(await found({ [META]: meta(), [ENTRY]: SERVICE })).toEqual([`PACKAGE_ENTRY_MISSING ${META}:1:1`]);
  });

  it('takes a package out of the archive that carries its signature', async () => {
    const csar = await open({ 'probe.csar': await zipOf(PACKAGE), 'probe.cert': 'none' });
    expect(csar.entry).toBe(ENTRY);
  });

  it('does not take an archive within a package for the package', async () => {
    const csar = await open({ ...PACKAGE, 'charts.zip': await zipOf({ 'a.yaml': '' }) });
    expect([csar.entry, csar.findings]).toEqual([ENTRY, []]);
  });
});

describe('hashes', () => {
  const script = 'echo hello\n';
  const withBlock = (algorithm: string, hash: string) => ({
    ...PACKAGE,
    [META]: meta(
      `Entry-Definitions: ${ENTRY}`,
      '',
      'Name: Scripts/run.sh',
      'Content-Type: text/x-shellscript',
      `Algorithm: ${algorithm}`,
      `Hash: ${hash}`,
    ),
    'Scripts/run.sh': script,
  });

  it.each(['SHA-256', 'sha256', 'SHA-384', 'SHA-512', 'SHA-224'])(
    'of %s in TOSCA.meta hold',
    async (name) => {
      const hash = hashOf(script, name.toLowerCase().replace('-', ''));
      expect(await found(withBlock(name, hash.toUpperCase()))).toEqual([]);
    },
  );

  it('in TOSCA.meta that are wrong, of an unknown algorithm or of no file are refused', async () => {
    expect(await found(withBlock('SHA-256', hashOf('other')))).toEqual([`MANIFEST_HASH_WRONG ${META}:9:7`]);
    expect(await found(withBlock('MD5', hashOf(script, 'md5')))).toEqual([
      `MANIFEST_ALGORITHM_UNKNOWN ${META}:8:12`,
    ]);
    const { 'Scripts/run.sh': _, ...gone } = withBlock('SHA-256', hashOf(script));
    expect(await found(gone)).toEqual([`MANIFEST_SOURCE_MISSING ${META}:6:7`]);
  });

  it('in a manifest hold for the files that it lists', async () => {
    const files = { 'service.yaml': AT_TOP, 'Scripts/run.sh': script };
    const csar = await open({ ...files, 'service.mf': manifestOf(files) });
    expect(csar.findings).toEqual([]);
    expect(csar.manifest?.metadata.get('vnf_provider_id')).toBe('example');
    expect(csar.manifest?.sources.map(({ source }) => source)).toEqual(Object.keys(files));
  });

  it('in a manifest are checked one by one', async () => {
    const files = { 'service.yaml': AT_TOP, 'Scripts/run.sh': script };
    const manifest = [
      'metadata:',
      '  vnf_product_name: probe',
      '',
      'Source: service.yaml',
      'Algorithm: SHA-256',
      `Hash: ${hashOf('other')}`,
      '',
      'Source: Scripts/ran.sh',
      'Algorithm: SHA-1',
      `Hash: ${hashOf(script, 'sha1')}`,
      '',
      'Source: https://images.example.com/probe.qcow2',
      'Algorithm: SHA-256',
      `Hash: ${hashOf('elsewhere')}`,
      '',
      'Source: service.yaml',
      'Hash: 00',
      '',
      'non_mano_artifact_sets:',
      '  example:',
      '    Source: Files/gone.json',
      'what is this',
      '',
    ].join('\n');
    const csar = await open({ ...files, 'service.mf': manifest });
    expect(csar.findings.map(({ code, line, column, nearest }) => [code, line, column, nearest])).toEqual([
      ['MANIFEST_SOURCE_UNLISTED', 1, 1, undefined],
      ['MANIFEST_HASH_WRONG', 6, 7, undefined],
      ['MANIFEST_SOURCE_MISSING', 8, 9, 'Scripts/run.sh'],
      ['MANIFEST_ALGORITHM_UNKNOWN', 9, 12, undefined],
      ['NAME_DUPLICATE', 16, 9, undefined],
      ['MANIFEST_INVALID', 17, 7, undefined],
      ['MANIFEST_SOURCE_MISSING', 21, 13, undefined],
      ['MANIFEST_INVALID', 22, 1, undefined],
    ]);
    expect(csar.findings[1]).toMatchObject({ expected: hashOf(AT_TOP), text: `Hash: ${hashOf('other')}` });
  });

  it('make a file that is not listed an error', async () => {
    const files = { 'service.yaml': AT_TOP };
    const csar = await open({ ...files, 'service.mf': manifestOf(files), 'Scripts/added.sh': script });
    expect(csar.findings).toMatchObject([{ code: 'MANIFEST_SOURCE_UNLISTED', severity: 'error' }]);
    expect(csar.findings[0]?.message).toContain('Scripts/added.sh');
  });

  it('are not demanded: a manifest may list files without', async () => {
    const manifest = 'metadata:\n  vnf_product_name: probe\nSource: service.yaml\n';
    expect(await found({ 'service.yaml': AT_TOP, 'service.mf': manifest, 'a.sh': '' })).toEqual([]);
  });

  it('follow the manifest that TOSCA.meta names', async () => {
    const contents = {
      ...PACKAGE,
      [META]: meta(`Entry-Definitions: ${ENTRY}`, 'ETSI-Entry-Manifest: files/probe.mf'),
      'files/probe.mf': 'metadata:\n  vnf_product_name: probe\nSource: gone.yaml\n',
    };
    expect(await found(contents)).toEqual(['MANIFEST_SOURCE_MISSING files/probe.mf:3:9']);
  });
});

describe('a hostile package', () => {
  it.each([
    ['no archive', 'this is no archive'],
    ['an empty file', ''],
    ['the mark of an archive alone', 'PK\u0003\u0004'],
  ])('that is %s is refused', async (_, text) => {
    expect(await found(new Uint8Array(Buffer.from(text)))).toEqual(
      expect.arrayContaining(['PACKAGE_INVALID probe.csar:1:1']),
    );
  });

  it.each([
    ['out of itself', 'aa/xx.yaml', '../xx.yaml'],
    ['out of itself, by Windows', 'aa/xx.yaml', '..\\xx.yaml'],
    ['to the root', 'aa/xx.yaml', '/etc/xx.ya'],
    ['to a drive', 'aa/xx.yaml', 'C:/xxx.yam'],
    ['past a NUL', 'aa/xx.yaml', 'aa/x\0.yaml'],
    ['past a line end', 'aa/xx.yaml', 'aa/x\n.yaml'],
  ])('that leads %s keeps that file out, and the others', async (_, from, to) => {
    const csar = await open(rename(await zipOf({ ...PACKAGE, [from]: 'x' }), from, to));
    expect(csar.findings).toMatchObject([{ code: 'PACKAGE_PATH_FORBIDDEN', file: 'probe.csar' }]);
    expect(csar.entry).toBe(ENTRY);
    expect([...csar.files.keys()].toSorted()).toEqual([ENTRY, META]);
  });

  it('with links and devices keeps them out', async () => {
    const archive = await zipOf(
      { ...PACKAGE, 'a.yaml': '/etc/passwd', 'b.yaml': '' },
      { 'a.yaml': 0o120777, 'b.yaml': 0o020666 },
    );
    const csar = await open(archive);
    expect(csar.findings.map(({ code }) => code)).toEqual([
      'PACKAGE_PATH_FORBIDDEN',
      'PACKAGE_PATH_FORBIDDEN',
    ]);
    expect(csar.files.has('a.yaml')).toBe(false);
  });

  it.each([
    ['twice the same name', 'aa/x.yaml', 'aa/y.yaml', 'aa/y.yaml'],
    ['one name in two spellings', 'aa/x.yaml', './aa/y.yaml', 'aa/y.yaml'],
    ['a file that is a folder too', 'bb/b', 'bb/c/y.yaml', 'bb/c'],
  ])('with %s is refused', async (_, placeholder, other, name) => {
    const archive = rename(
      await zipOf({ ...PACKAGE, [placeholder]: '1', [other]: '2' }),
      placeholder,
      name.padEnd(placeholder.length).slice(0, placeholder.length),
    );
    expect(await found(archive)).toContain('NAME_DUPLICATE probe.csar:1:1');
  });

  it('that unpacks to far more than it is, is not unpacked', async () => {
    const csar = await open({ ...PACKAGE, 'zeros.img': new Uint8Array(8 * 1024 * 1024) });
    expect(csar.findings).toMatchObject([{ code: 'PACKAGE_TOO_LARGE' }]);
    expect(csar.files.has('zeros.img')).toBe(false);
  });

  it.each([
    ['a file too large', { fileSize: 100 }],
    ['too much in sum', { totalSize: 300 }],
    ['too many entries', { entries: 2 }],
  ])('with %s is refused', async (_, limits) => {
    const contents = { ...PACKAGE, 'a.txt': 'a'.repeat(200) };
    expect(await found(contents, { limits })).toContain('PACKAGE_TOO_LARGE probe.csar:1:1');
  });

  it('with folders too deep keeps the file out', async () => {
    const csar = await open({ ...PACKAGE, [`${'d/'.repeat(40)}x.yaml`]: '' });
    expect(csar.findings).toMatchObject([{ code: 'PACKAGE_PATH_FORBIDDEN' }]);
  });

  it('whose entries share their bytes is refused', async () => {
    const archive = Buffer.from(await zipOf({ 'a.txt': 'a'.repeat(100), 'b.txt': 'b'.repeat(100) }));
    // Both headers in the central directory claim more than the archive holds.
    for (
      let at = archive.indexOf('PK\u0001\u0002');
      at !== -1;
      at = archive.indexOf('PK\u0001\u0002', at + 4)
    )
      archive.writeUInt32LE(archive.length, at + 20);
    expect(await found(new Uint8Array(archive))).toContain('PACKAGE_INVALID probe.csar:1:1');
  });

  it('that announces less than a file holds is refused', async () => {
    const archive = Buffer.from(await zipOf({ ...PACKAGE, 'a.txt': 'a'.repeat(1000) }));
    const at = archive.lastIndexOf('PK\u0001\u0002');
    archive.writeUInt32LE(10, at + 24);
    const csar = await open(new Uint8Array(archive));
    expect(csar.findings).toMatchObject([{ code: 'PACKAGE_INVALID' }]);
    expect(csar.files.has('a.txt')).toBe(false);
  });

  it('whose bytes were damaged is refused', async () => {
    const archive = Buffer.from(await zipOf({ ...PACKAGE, 'a.txt': 'x' }));
    const at = archive.lastIndexOf('PK\u0001\u0002');
    archive.writeUInt32LE(1234, at + 16);
    expect((await open(new Uint8Array(archive))).findings).toMatchObject([{ code: 'PACKAGE_INVALID' }]);
  });

  it('with another name beside the content than in the directory is refused', async () => {
    const archive = Buffer.from(await zipOf({ ...PACKAGE, 'aa.sh': 'x' }));
    archive.write('bb.sh', archive.indexOf('aa.sh'));
    const csar = await open(new Uint8Array(archive));
    expect(csar.findings).toMatchObject([{ code: 'PACKAGE_INVALID' }]);
    expect([...csar.files.keys()].toSorted()).toEqual([ENTRY, META]);
  });

  it('that was cut off anywhere does not throw', async () => {
    const archive = await zipOf({ ...PACKAGE, 'service.mf': manifestOf(PACKAGE) });
    for (let length = 0; length < archive.length; length += 7)
      expect((await open(archive.slice(0, length))).findings.length).toBeGreaterThan(0);
  });
});
