import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { NOW, identity, manifestOf, pemOf, signatureOf, zipOf } from './csar.spec-support.js';
import { checkSignature } from './cms.js';
import { entryPath } from './entry-path.js';
import { openCsar } from './open-csar.js';

const FILES = {
  'TOSCA-Metadata/TOSCA.meta': 'CSAR-Version: 1.1\nEntry-Definitions: a.yaml\nETSI-Entry-Manifest: a.mf\n',
  'a.yaml': 'tosca_definitions_version: tosca_2_0\n'.repeat(20),
};

/** Bytes with some of them replaced. */
const mutated = (bytes: Uint8Array) =>
  fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }).map((changes) => {
    const copy = bytes.slice();
    for (const [at, value] of changes) copy[at] = value;
    return copy;
  });

const over = (text: string) => ({ contents: [new Uint8Array(Buffer.from(text))] });

describe('whatever is in a package', () => {
  it('opening it ends, and every path stays within', async () => {
    const archive = await zipOf({ ...FILES, 'a.mf': manifestOf(FILES) });
    await fc.assert(
      fc.asyncProperty(mutated(archive), async (bytes) => {
        const { files } = await openCsar(bytes, { name: 'a.csar', now: NOW });
        for (const path of files.keys()) expect(entryPath(path, 32)).toEqual({ path });
      }),
      { numRuns: 400 },
    );
  });

  it('a manifest and TOSCA.meta of any text end in findings', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        'metadata:',
        'Source: a.yaml',
        'Hash: 00',
        'Algorithm: SHA-256',
        '-----BEGIN CMS-----',
        '',
      ),
      fc.string({ maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.array(line, { maxLength: 6 }),
        async (mf, meta) => {
          const contents = {
            ...FILES,
            'TOSCA-Metadata/TOSCA.meta': [FILES['TOSCA-Metadata/TOSCA.meta'], ...meta].join('\n'),
            'a.mf': mf.join('\n'),
          };
          const { findings } = await openCsar(await zipOf(contents), { name: 'a.csar', now: NOW });
          for (const { line: at, column } of findings) expect(Math.min(at, column)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a signature of which bytes were changed vouches for no other content', async () => {
    const vendor = await identity('Vendor');
    const pem = await signatureOf('text', vendor);
    const signature = new Uint8Array(Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64'));
    const check = { signature, certificates: [], trusted: [pemOf(vendor)], now: NOW };
    expect(await checkSignature({ ...check, ...over('text') })).toEqual({
      kind: 'trusted',
      signer: 'Vendor',
    });
    await fc.assert(
      fc.asyncProperty(mutated(signature), async (bytes) => {
        const verdict = await checkSignature({ ...check, ...over('other'), signature: bytes });
        expect(verdict.kind).toBe('invalid');
      }),
      { numRuns: 300 },
    );
  });
});
