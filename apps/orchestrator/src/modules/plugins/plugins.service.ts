import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import type { Plan } from '@underware/core';
import { loadTrustedKeys, openPackage } from '@underware/plugin';
import { Truth } from '@underware/store';
import type { PluginRow } from '@underware/store';
import { Configuration } from '../../configuration.js';
import { conflict, found } from '../../not-found.js';
import type { Plugin } from './plugins.dto.js';

@Injectable()
export class PluginsService {
  constructor(
    private readonly truth: Truth,
    private readonly configuration: Configuration,
  ) {}

  async list(): Promise<Plugin[]> {
    const rows = await this.truth.plugins.list();
    return rows.map(present);
  }

  async get(digest: string): Promise<Plugin> {
    return present(found(await this.truth.plugins.find(digest), 'plugin', digest));
  }

  async package(digest: string): Promise<Buffer> {
    const bytes = await this.truth.plugins.bytes(digest);
    if (bytes) return bytes;
    throw new UnderwareError({
      code: 'PACKAGE_MISSING',
      attempted: 'fetch the package',
      on: digest,
      why: 'no plugin of this digest was onboarded',
      remedy: 'Onboard it, or plan the service again',
    });
  }

  /** Under the lock of planning, so that no plan takes it in between. */
  async remove(digest: string): Promise<void> {
    await this.truth.transaction(async (records) => {
      await records.lockPlanning();
      const { name, version } = found(await records.plugins.find(digest), 'plugin', digest);
      const users = (await records.instances.currentPlans())
        .filter(({ plan }) => usesPlugin(plan, digest))
        .map(({ service }) => service);
      if (users.length > 0) {
        throw conflict(
          'remove the plugin',
          `${name}@${version}`,
          `service instances ${users.join(', ')} use it`,
          'Terminate them first, or roll their operations back',
        );
      }
      await records.plugins.delete(digest);
    });
  }

  async onboard(bytes: unknown): Promise<Plugin> {
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'onboard the plugin',
        on: 'the body',
        why: 'it is empty or not application/octet-stream',
        remedy: 'Send the package with Content-Type: application/octet-stream',
      });
    }
    // Read at every onboarding: a key that was added or taken away counts at once.
    const keys = await loadTrustedKeys(this.configuration.trustedKeysDir);
    const { digest, manifest, requirements, keyId } = openPackage(bytes, keys);
    const { name, version } = manifest;
    const known = await this.truth.plugins.find(digest);
    if (known) return present(known);
    if (await this.truth.plugins.findRelease(name, version)) {
      throw conflict(
        'onboard the plugin',
        `${name}@${version}`,
        'another package has this name and version, and a release is immutable',
        'Give it a new version',
      );
    }
    const size = bytes.length;
    const row: PluginRow = {
      digest,
      name,
      version,
      manifest,
      requirements,
      keyId,
      bytes,
      size,
      createdAt: new Date(),
    };
    await this.truth.plugins.create(row);
    return present(row);
  }
}

function usesPlugin(plan: Plan, digest: string): boolean {
  return Object.values(plan.slices).some(({ instances }) =>
    instances.some(({ plugin }) => plugin.digest === digest),
  );
}

function present(row: PluginRow): Plugin {
  return {
    digest: row.digest,
    name: row.name,
    version: row.version,
    summary: row.manifest.summary,
    implements: row.manifest.implements,
    keyId: row.keyId,
    size: row.size,
    onboardedAt: row.createdAt.toISOString(),
    manifest: row.manifest,
    requirements: row.requirements,
  };
}
