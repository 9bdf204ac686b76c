import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import { Truth } from '@underware/store';
import type { DescriptorContent, DescriptorRow } from '@underware/store';
import { createHash, randomUUID } from 'node:crypto';
import { conflict, found } from '../../not-found.js';
import { Compiler } from '../plans/compiler.js';
import { openDescriptor, UNNAMED } from '../plans/open-descriptor.js';
import type { CreateNsdInfoRequest, NsdInfo, NsdInfoModifications } from './descriptors.dto.js';

@Injectable()
export class DescriptorsService {
  constructor(
    private readonly truth: Truth,
    private readonly compiler: Compiler,
  ) {}

  async list(): Promise<NsdInfo[]> {
    const [rows, used] = await Promise.all([this.truth.descriptors.list(), this.truth.descriptors.usedIds()]);
    return rows.map((row) => present(row, used.has(row.id)));
  }

  async get(id: string): Promise<NsdInfo> {
    const row = found(await this.truth.descriptors.find(id), 'descriptor', id);
    return present(row, await this.truth.descriptors.isUsed(id));
  }

  async create({ userDefinedData = {} }: CreateNsdInfoRequest): Promise<NsdInfo> {
    const row: DescriptorRow = {
      id: randomUUID(),
      name: null,
      version: null,
      onboardingState: 'CREATED',
      operationalState: 'DISABLED',
      userDefinedData,
      file: null,
      contentDigest: null,
      createdAt: new Date(),
    };
    await this.truth.descriptors.create(row);
    return present(row, false);
  }

  async modify(id: string, change: NsdInfoModifications): Promise<NsdInfoModifications> {
    const { nsdOperationalState: state, userDefinedData } = change;
    await this.truth.transaction(async ({ descriptors }) => {
      const row = found(await descriptors.lock(id), 'descriptor', id);
      if (state !== undefined && row.onboardingState !== 'ONBOARDED') {
        throw conflict(
          'change the operational state',
          `descriptor ${id}`,
          'it has no content',
          'Upload it first',
        );
      }
      if (state !== undefined && state === row.operationalState) {
        throw conflict(
          'change the operational state',
          `descriptor ${id}`,
          `it is ${state}`,
          'Nothing is to be done',
        );
      }
      if (state === undefined && userDefinedData === undefined) return;
      await descriptors.update(id, {
        ...(state === undefined ? {} : { operationalState: state }),
        ...(userDefinedData === undefined ? {} : { userDefinedData }),
      });
    });
    return change;
  }

  async delete(id: string): Promise<void> {
    await this.truth.transaction(async ({ descriptors }) => {
      found(await descriptors.lock(id), 'descriptor', id);
      if (await descriptors.isUsed(id)) {
        throw conflict(
          'delete',
          `descriptor ${id}`,
          'service instances were made from it',
          'Delete those first',
        );
      }
      await descriptors.delete(id);
    });
  }

  /** What was uploaded. */
  async content(id: string): Promise<DescriptorContent> {
    return (await this.uploaded(id)).content;
  }

  /** The file to begin with, as text. */
  async mainFile(id: string): Promise<Uint8Array> {
    const { file, content } = await this.uploaded(id);
    if (content.mediaType === 'application/yaml') return content.bytes;
    const { source } = await openDescriptor({ ...content, file });
    return Buffer.from(found(source, 'main file of descriptor', id).text);
  }

  private async uploaded(id: string): Promise<{ file: string; content: DescriptorContent }> {
    const row = found(await this.truth.descriptors.find(id), 'descriptor', id);
    const content = await this.truth.descriptors.content(id);
    if (content !== null) return { file: row.file ?? UNNAMED[content.mediaType], content };
    throw conflict('read the content', `descriptor ${id}`, 'it has none yet', 'Upload it first');
  }

  async upload(
    id: string,
    mediaType: DescriptorContent['mediaType'],
    bytes: Uint8Array,
    file: string = UNNAMED[mediaType],
  ): Promise<void> {
    const row = found(await this.truth.descriptors.find(id), 'descriptor', id);
    refuseSecond(row);
    if (bytes.length === 0) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'upload the content',
        on: `descriptor ${id}`,
        why: 'the body is empty',
        remedy: 'Send the descriptor in it',
      });
    }
    const graph = await this.compiler.check({ file, mediaType, bytes });
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    await this.truth.transaction(async ({ descriptors }) => {
      refuseSecond(found(await descriptors.lock(id), 'descriptor', id));
      await descriptors.keepContent({ digest, mediaType, bytes });
      await descriptors.update(id, {
        name: graph?.name ?? null,
        version: graph?.version ?? null,
        onboardingState: 'ONBOARDED',
        operationalState: 'ENABLED',
        file,
        contentDigest: digest,
      });
    });
  }
}

function refuseSecond(row: DescriptorRow): void {
  if (row.onboardingState === 'CREATED') return;
  throw conflict(
    'upload the content',
    `descriptor ${row.id}`,
    'it has content, which is immutable',
    'Create another',
  );
}

function present(row: DescriptorRow, used: boolean): NsdInfo {
  const self = `/nsd/v1/ns_descriptors/${row.id}`;
  return {
    id: row.id,
    ...(row.name === null ? {} : { nsdName: row.name }),
    ...(row.version === null ? {} : { nsdVersion: row.version }),
    nsdOnboardingState: row.onboardingState,
    nsdOperationalState: row.operationalState,
    nsdUsageState: used ? 'IN_USE' : 'NOT_IN_USE',
    userDefinedData: row.userDefinedData,
    _links: {
      self: { href: self },
      nsd_content: { href: `${self}/nsd_content` },
      nsd: { href: `${self}/nsd` },
    },
  };
}
