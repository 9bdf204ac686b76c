import type { ErrorReport, PluginManifest } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { loadTrustedKeys, openPackage, type OpenedPackage, type TrustedKeys } from '@underware/plugin';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from './desired-state.js';
import { writeDurably } from './durable-file.js';
import type { PackageSource } from './host.js';

/** Packages kept that no desired slice names: a service that comes back finds its plugins here. */
const SPARE_PACKAGES = 16;
/** Opened packages kept in memory. */
const OPENED_PACKAGES = 8;
const DIGEST = /^sha256:([0-9a-f]{64})$/;

/**
 * Verified plugin packages. Every `open` checks the signature against the keys that are trusted here and now, for a file
 * from the cache no less than for one from the API. A refusal is told as an audit message, once per package and cause.
 */
export class PackageCache implements PackageSource {
  /** By digest, under which a manifest never changes; undefined of a package that cannot be read now. */
  readonly #manifests = new Map<string, PluginManifest | undefined>();
  readonly #told = new Map<string, Set<string>>();
  /** The newest of what was opened, by bytes and trusted keys: the same input has the same outcome, and analysis is slow. */
  readonly #opened = new Map<string, OpenedPackage>();

  constructor(
    private readonly stateDir: string,
    private readonly trustedKeys: string,
    private readonly fetch: (digest: string) => Promise<Uint8Array>,
    private readonly audit: (error: ErrorReport) => void,
    /** Digests that must stay; undefined while it is not known. */
    private readonly inUse: () => Promise<Set<string> | undefined>,
    private readonly spare = SPARE_PACKAGES,
  ) {}

  async open(digest: string): Promise<OpenedPackage> {
    const path = await this.#path(digest);
    const cached = await readIfThere(path);
    if (cached) {
      try {
        return await this.#audited(digest, () => this.#verify(cached, digest, `${digest} (cached)`));
      } catch (thrown) {
        // Damaged or no longer trusted: the API's copy decides which.
        await rm(path, { force: true });
        if (!(thrown instanceof UnderwareError)) throw thrown;
      }
    }
    const bytes = await this.fetch(digest);
    const opened = await this.#audited(digest, () => this.#verify(bytes, digest, digest));
    await writeDurably(path, bytes);
    await this.#prune();
    return opened;
  }

  /** Which maps of a plugin are telemetry, besides its ring buffer of events. */
  async telemetryMaps(digest: string): Promise<string[]> {
    const manifest = await this.#manifest(digest);
    return Object.entries(manifest?.maps ?? {}).flatMap(([name, { role }]) =>
      role === 'telemetry' && name !== manifest?.events?.map ? [name] : [],
    );
  }

  /** The ring buffer by which a plugin reports of packets; undefined of one that has none. */
  async events(digest: string): Promise<PluginManifest['events']> {
    return (await this.#manifest(digest))?.events;
  }

  /**
   * From what was opened before, by this agent or an earlier one. Asked at every look at the kernel: nothing is fetched,
   * nothing is told, and a package that is not good is looked at once.
   */
  async #manifest(digest: string): Promise<PluginManifest | undefined> {
    if (this.#manifests.has(digest)) return this.#manifests.get(digest);
    this.#manifests.set(digest, undefined);
    const cached = await readIfThere(await this.#path(digest)).catch(() => undefined);
    if (cached) await this.#verify(cached, digest, digest).catch(() => undefined);
    return this.#manifests.get(digest);
  }

  async #verify(bytes: Uint8Array, digest: string, on: string): Promise<OpenedPackage> {
    try {
      const opened = this.#openOnce(bytes, await loadTrustedKeys(this.trustedKeys));
      if (opened.digest !== digest) throw altered(on, opened.digest);
      this.#manifests.set(digest, opened.manifest);
      return opened;
    } catch (thrown) {
      if (!(thrown instanceof UnderwareError)) throw thrown;
      throw new UnderwareError({ ...thrown.report, on: `${on}: ${thrown.report.on}` }, { cause: thrown });
    }
  }

  #openOnce(bytes: Uint8Array, trusted: TrustedKeys): OpenedPackage {
    const input = [createHash('sha256').update(bytes).digest('hex'), ...[...trusted.keys()].sort()].join();
    const opened = this.#opened.get(input) ?? openPackage(bytes, trusted);
    this.#opened.delete(input);
    this.#opened.set(input, opened);
    for (const oldest of [...this.#opened.keys()].slice(0, -OPENED_PACKAGES)) this.#opened.delete(oldest);
    return opened;
  }

  async #audited(digest: string, open: () => Promise<OpenedPackage>): Promise<OpenedPackage> {
    try {
      const opened = await open();
      this.#told.delete(digest);
      return opened;
    } catch (thrown) {
      if (thrown instanceof UnderwareError) this.#tell(digest, thrown.report);
      throw thrown;
    }
  }

  #tell(digest: string, error: ErrorReport): void {
    const told = this.#told.get(digest) ?? new Set();
    if (told.has(error.code)) return;
    this.#told.set(digest, told.add(error.code));
    this.audit(error);
  }

  /** Keeps what is in use and the newest of the others. */
  async #prune(): Promise<void> {
    const inUse = await this.inUse();
    if (!inUse) return;
    const directory = join(this.stateDir, 'packages');
    const names = (await readdir(directory)).filter(
      (name) => !inUse.has(`sha256:${name.slice(0, -'.tar'.length)}`),
    );
    const aged = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
    );
    for (const { name } of aged.sort((a, b) => b.at - a.at).slice(this.spare))
      await rm(join(directory, name), { force: true });
  }

  async #path(digest: string): Promise<string> {
    const hex = DIGEST.exec(digest)?.[1];
    if (hex === undefined) throw altered(JSON.stringify(digest), 'not a digest');
    const directory = join(this.stateDir, 'packages');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return join(directory, `${hex}.tar`);
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
}

function altered(on: string, digest: string): UnderwareError {
  return new UnderwareError({
    code: 'PACKAGE_ALTERED',
    attempted: 'open plugin package',
    on,
    why: `it is another package: ${digest}`,
    remedy: 'Onboard the plugin again',
  });
}
