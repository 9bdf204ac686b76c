import { createHash } from 'node:crypto';
import { z } from 'zod';
import { foreignError } from './foreign-error.js';
import { readArchive } from './read-archive.js';

const descriptor = z.object({
  mediaType: z.string().optional(),
  digest: z.string(),
  annotations: z.record(z.string(), z.string()).optional(),
  platform: z.object({ architecture: z.string().optional() }).optional(),
});
const index = z.object({ manifests: z.array(descriptor).min(1) });
const manifest = z.object({ config: descriptor, layers: z.array(descriptor).min(1).max(64) });
const config = z.object({
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const saved = z
  .array(
    z.object({
      Config: z.string(),
      RepoTags: z.array(z.string()).nullish(),
      Layers: z.array(z.string()).min(1),
    }),
  )
  .min(1);

export interface Image {
  /** As it was tagged, where that is told. */
  reference?: string;
  labels: Record<string, string>;
  /** Of all layers, later ones above earlier. */
  files: Map<string, Uint8Array>;
}

type Files = ReadonlyMap<string, Uint8Array>;

/** Whether the files of an archive are an image: an OCI layout, or what `docker save` and `podman save` write. */
export function isImage(files: Files): boolean {
  return files.has('oci-layout') || (files.has('manifest.json') && !files.has('signature.json'));
}

/** Reads an image out of its archive; digests are checked. Of several platforms it takes this machine's, else the first. */
export async function readImage(files: Files, on: string): Promise<Image> {
  return files.has('oci-layout') ? readLayout(files, on) : readSaved(files, on);
}

async function readLayout(files: Files, on: string): Promise<Image> {
  const first = platformOf(parse(index, need(files, 'index.json', on), `${on}, index.json`).manifests);
  let at = first;
  // An index may lead to an index, one for each platform.
  for (let depth = 0; depth < 3 && at && /index|manifest\.list/.test(at.mediaType ?? ''); depth += 1)
    at = platformOf(parse(index, blob(files, at.digest, on), `${on}, ${at.digest}`).manifests);
  if (!at) throw foreignError(on, 'its index names no image');
  const { config: configured, layers } = parse(manifest, blob(files, at.digest, on), `${on}, ${at.digest}`);
  const reference = first?.annotations?.['org.opencontainers.image.ref.name'];
  return {
    ...(reference === undefined ? {} : { reference }),
    labels: labelsIn(blob(files, configured.digest, on), on),
    files: await unpack(
      layers.map(({ digest }) => blob(files, digest, on)),
      on,
    ),
  };
}

function platformOf(
  manifests: readonly z.infer<typeof descriptor>[],
): z.infer<typeof descriptor> | undefined {
  const own = process.arch === 'x64' ? 'amd64' : process.arch;
  return manifests.find(({ platform }) => platform?.architecture === own) ?? manifests[0];
}

async function readSaved(files: Files, on: string): Promise<Image> {
  const [image] = parse(saved, need(files, 'manifest.json', on), `${on}, manifest.json`);
  if (!image) throw foreignError(on, 'it has no image');
  const [reference] = image.RepoTags ?? [];
  return {
    ...(reference === undefined ? {} : { reference }),
    labels: labelsIn(need(files, image.Config, on), on),
    files: await unpack(
      image.Layers.map((name) => need(files, name, on)),
      on,
    ),
  };
}

async function unpack(layers: readonly Uint8Array[], on: string): Promise<Map<string, Uint8Array>> {
  const all = new Map<string, Uint8Array>();
  for (const layer of layers)
    for (const [name, data] of await readArchive(layer, `a layer of ${on}`)) all.set(name, data);
  return all;
}

function labelsIn(bytes: Uint8Array, on: string): Record<string, string> {
  return parse(config, bytes, `the configuration of ${on}`).config?.Labels ?? {};
}

function blob(files: Files, digest: string, on: string): Uint8Array {
  const [, hash = ''] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  const bytes = need(files, `blobs/sha256/${hash}`, on);
  if (createHash('sha256').update(bytes).digest('hex') === hash) return bytes;
  throw foreignError(on, `the content of ${digest} has another digest`, undefined, 'Fetch the image again');
}

function need(files: Files, name: string, on: string): Uint8Array {
  const found = files.get(name);
  if (found) return found;
  throw foreignError(on, `it has no ${name}`);
}

function parse<T>(schema: z.ZodType<T>, bytes: Uint8Array, on: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw foreignError(
      on,
      `it is not what it should be: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}
