import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from './csar.spec-support.js';
import { NOW, identity, manifestOf, pemOf, signatureOf, zipOf } from './csar.spec-support.js';
import { openCsar } from './open-csar.js';

const ENTRY = {
  'service.yaml':
    'tosca_definitions_version: tosca_simple_yaml_1_3\nmetadata:\n  template_name: probe\n  template_version: 1.0\n',
};
const MANIFEST = manifestOf(ENTRY);

let root: Identity;
let vendor: Identity;
let stranger: Identity;
beforeAll(async () => {
  root = await identity('Root', { authority: true });
  vendor = await identity('Vendor', { issuer: root });
  stranger = await identity('Stranger');
});

const open = async (contents: Record<string, string | Uint8Array>, trusted?: readonly Identity[]) =>
  openCsar(await zipOf(contents), {
    name: 'probe.csar',
    now: NOW,
    ...(trusted === undefined ? {} : { trusted: trusted.map(pemOf) }),
  });
const openSigned = (manifest: string, trusted?: readonly Identity[], more = {}) =>
  open({ ...ENTRY, 'service.mf': manifest, ...more }, trusted);
const codes = ({ findings }: { findings: readonly { code: string; severity: string }[] }) =>
  findings.map(({ code, severity }) => `${severity} ${code}`);

describe('the signature in a manifest', () => {
  it('holds when its certificate leads to a trusted one', async () => {
    const csar = await openSigned(MANIFEST + (await signatureOf(MANIFEST, vendor)), [root]);
    expect([csar.signature, csar.findings]).toEqual([{ kind: 'trusted', signer: 'Vendor' }, []]);
  });

  it('holds when its certificate is itself trusted', async () => {
    const csar = await openSigned(MANIFEST + (await signatureOf(MANIFEST, stranger)), [stranger]);
    expect([csar.signature, csar.findings]).toEqual([{ kind: 'trusted', signer: 'Stranger' }, []]);
  });

  it('holds with the certificate in a file of the package', async () => {
    const signed = MANIFEST + (await signatureOf(MANIFEST, vendor, { include: false }));
    const csar = await openSigned(signed, [root], { 'service.cert': pemOf(vendor) });
    expect([csar.signature?.kind, csar.findings]).toEqual(['trusted', []]);
  });

  it.each([
    ['line ends of mail', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no line end at the end', (text: string) => text.trimEnd()],
  ])('holds over the manifest with %s, as signing tools make it', async (_, form) => {
    const csar = await openSigned(MANIFEST + (await signatureOf(form(MANIFEST), vendor)), [root]);
    expect(csar.findings).toEqual([]);
  });

  it('in a file beside the manifest holds', async () => {
    const csar = await openSigned(MANIFEST, [root], { 'service.cms': await signatureOf(MANIFEST, vendor) });
    expect([csar.signature?.kind, csar.findings]).toEqual(['trusted', []]);
  });

  it('vouches for nobody when no certificate is trusted', async () => {
    const csar = await openSigned(MANIFEST + (await signatureOf(MANIFEST, vendor)));
    expect(csar.signature).toEqual({ kind: 'untraced', signer: 'Vendor' });
    expect(codes(csar)).toEqual(['warning SIGNATURE_NOT_VERIFIED']);
  });

  it('is missed where certificates are trusted', async () => {
    expect(codes(await openSigned(MANIFEST, [root]))).toEqual(['warning SIGNATURE_NOT_VERIFIED']);
    expect(codes(await openSigned(MANIFEST))).toEqual([]);
  });

  it('by a stranger is refused', async () => {
    const csar = await openSigned(MANIFEST + (await signatureOf(MANIFEST, stranger)), [root]);
    expect(codes(csar)).toEqual(['error SIGNATURE_INVALID']);
    expect(csar.findings[0]?.message).toContain('Stranger');
  });

  it('by a certificate that pretends the issuer is refused', async () => {
    const impostor = await identity('Root', { authority: true });
    const forged = await identity('Vendor', { issuer: impostor });
    const csar = await openSigned(MANIFEST + (await signatureOf(MANIFEST, forged)), [root], {
      'service.cert': pemOf(impostor),
    });
    expect(codes(csar)).toEqual(['error SIGNATURE_INVALID']);
  });

  it('by a certificate that is no authority is refused', async () => {
    const forged = await identity('Forged', { issuer: vendor });
    const csar = await openSigned(MANIFEST + (await signatureOf(MANIFEST, forged)), [root], {
      'service.cert': pemOf(vendor),
    });
    expect(codes(csar)).toEqual(['error SIGNATURE_INVALID']);
  });

  it('by a certificate that has expired is refused', async () => {
    const old = await identity('Old', { issuer: root, until: '2026-01-01' });
    const csar = await openSigned(MANIFEST + (await signatureOf(MANIFEST, old)), [root]);
    expect(codes(csar)).toEqual(['error SIGNATURE_INVALID']);
  });

  it.each([true, false])('over other content is refused, with trusted certificates: %s', async (trust) => {
    const signature = await signatureOf(`${MANIFEST}\nSource: more\n`, vendor);
    const csar = await openSigned(MANIFEST + signature, trust ? [root] : undefined);
    expect(codes(csar)).toEqual(['error SIGNATURE_INVALID']);
  });

  it('that brings other content with it is refused', async () => {
    const signature = await signatureOf('anything', vendor, { attached: true });
    expect(codes(await openSigned(MANIFEST + signature, [root]))).toEqual(['error SIGNATURE_INVALID']);
  });

  it('that brings the same content with it holds', async () => {
    const signature = await signatureOf(MANIFEST, vendor, { attached: true });
    expect(codes(await openSigned(MANIFEST + signature, [root]))).toEqual([]);
  });

  it('by a weak digest is refused', async () => {
    const signature = await signatureOf(MANIFEST, vendor, { hash: 'SHA-1' });
    expect(codes(await openSigned(MANIFEST + signature, [root]))).toEqual(['error SIGNATURE_INVALID']);
  });

  it('whose certificate is not there is refused', async () => {
    const signature = await signatureOf(MANIFEST, vendor, { include: false });
    expect(codes(await openSigned(MANIFEST + signature, [root]))).toEqual(['error SIGNATURE_INVALID']);
  });

  it('with text after it is refused: nothing vouches for that', async () => {
    const signature = await signatureOf(MANIFEST, vendor);
    const csar = await openSigned(`${MANIFEST}${signature}\nSource: service.yaml\n`, [root]);
    expect(codes(csar)).toEqual(['error SIGNATURE_INVALID']);
  });

  it.each(['-----BEGIN CMS-----\n', '-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n'])(
    'that is none is refused',
    async (text) => {
      expect(codes(await openSigned(MANIFEST + text, [root]))).toContain('error SIGNATURE_INVALID');
    },
  );
});

describe('the signature of a whole package', () => {
  it('holds, and the package within is opened', async () => {
    const inner = await zipOf(ENTRY);
    const csar = await open({ 'probe.csar': inner, 'probe.cms': await signatureOf(inner, vendor) }, [root]);
    expect([csar.entry, csar.signature, csar.findings]).toEqual([
      'service.yaml',
      { kind: 'trusted', signer: 'Vendor' },
      [],
    ]);
  });

  it('over another package is refused', async () => {
    const inner = await zipOf(ENTRY);
    const signature = await signatureOf(await zipOf({ ...ENTRY, more: '' }), vendor);
    expect(codes(await open({ 'probe.csar': inner, 'probe.cms': signature }, [root]))).toEqual([
      'error SIGNATURE_INVALID',
    ]);
  });
});
