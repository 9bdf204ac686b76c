import type { ErrorReport } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { loadTrustedKeys, openPackage, type OpenedPackage } from '@underware/plugin';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from './desired-state.js';
import { writeDurably } from './durable-file.js';
import type { PackageSource } from './host.js';

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/**
 * Verified plugin packages. Every `open` checks the signature against the keys that are trusted here and now, for a file
 * from the cache no less than for one from the API. What fails is told as an audit message.
 */
export class PackageCache implements PackageSource {
  constructor(
    private readonly stateDir: string,
    private readonly trustedKeys: string,
    private readonly fetch: (digest: string) => Promise<Uint8Array>,
    private readonly audit: (error: ErrorReport) => void,
  ) {}

  async open(digest: string): Promise<OpenedPackage> {
    const path = await this.#path(digest);
    const cached = await readFile(path).catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    });
    if (cached) {
      try {
        return await this.#verify(cached, digest, `${digest} (cached)`);
      } catch (thrown) {
        // Damaged or no longer trusted: the API's copy decides which.
        await rm(path, { force: true });
        if (!(thrown instanceof UnderwareError)) throw thrown;
      }
    }
    const bytes = await this.fetch(digest);
    const opened = await this.#verify(bytes, digest, digest);
    await writeDurably(path, bytes);
    return opened;
  }

  async #verify(bytes: Uint8Array, digest: string, on: string): Promise<OpenedPackage> {
    try {
      const opened = openPackage(bytes, await loadTrustedKeys(this.trustedKeys));
      if (opened.digest !== digest) throw altered(on, opened.digest);
      return opened;
    } catch (thrown) {
      if (!(thrown instanceof UnderwareError)) throw thrown;
      const error = new UnderwareError(
        { ...thrown.report, on: `${on}: ${thrown.report.on}` },
        { cause: thrown },
      );
      this.audit(error.report);
      throw error;
    }
  }

  async #path(digest: string): Promise<string> {
    const hex = DIGEST.exec(digest)?.[1];
    if (hex === undefined) throw altered(JSON.stringify(digest), 'not a digest');
    const directory = join(this.stateDir, 'packages');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return join(directory, `${hex}.tar`);
  }
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
