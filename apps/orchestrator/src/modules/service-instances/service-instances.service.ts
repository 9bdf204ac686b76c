import { Injectable } from '@nestjs/common';
import { Truth } from '@underware/store';
import type { DescriptorRow, ServiceInstanceRow } from '@underware/store';
import { randomUUID } from 'node:crypto';
import { conflict, found } from '../../not-found.js';
import type { CreateNsRequest, NsInstance } from './service-instances.dto.js';

@Injectable()
export class ServiceInstancesService {
  constructor(private readonly truth: Truth) {}

  async list(): Promise<NsInstance[]> {
    const rows = await this.truth.instances.list();
    return rows.map((row) => present(row, row.descriptor));
  }

  async get(id: string): Promise<NsInstance> {
    const row = found(await this.truth.instances.find(id), 'service instance', id);
    return present(row, row.descriptor);
  }

  async create({ nsdId, nsName, nsDescription = '' }: CreateNsRequest): Promise<NsInstance> {
    return this.truth.transaction(async ({ descriptors, instances }) => {
      const descriptor = found(await descriptors.lock(nsdId), 'descriptor', nsdId);
      if (descriptor.onboardingState !== 'ONBOARDED' || descriptor.operationalState !== 'ENABLED') {
        throw conflict(
          'create a service instance',
          `descriptor ${nsdId}`,
          `it is ${descriptor.onboardingState} and ${descriptor.operationalState}`,
          'Upload its content and enable it',
        );
      }
      const row = {
        id: randomUUID(),
        name: nsName,
        description: nsDescription,
        nsdId,
        nsState: 'NOT_INSTANTIATED' as const,
        inputs: {},
        graph: null,
        planId: null,
        stage: null,
        createdAt: new Date(),
      };
      await instances.create(row);
      return present(row, descriptor);
    });
  }

  async delete(id: string): Promise<void> {
    await this.truth.transaction(async ({ instances, operations }) => {
      const row = found(await instances.lock(id), 'service instance', id);
      const open = await operations.openOf(id);
      if (open) {
        throw conflict(
          'delete',
          `service instance ${id}`,
          `operation ${open.id} is ${open.state}`,
          'End it first',
        );
      }
      if (row.nsState !== 'NOT_INSTANTIATED') {
        throw conflict('delete', `service instance ${id}`, `it is ${row.nsState}`, 'Terminate it first');
      }
      await instances.delete(id);
    });
  }
}

function present(row: Omit<ServiceInstanceRow, 'descriptor'>, descriptor: DescriptorRow): NsInstance {
  const self = `/nslcm/v1/ns_instances/${row.id}`;
  return {
    id: row.id,
    nsInstanceName: row.name,
    nsInstanceDescription: row.description,
    nsdId: row.nsdId,
    nsdInfoId: row.nsdId,
    ...(descriptor.name === null ? {} : { nsdName: descriptor.name }),
    ...(descriptor.version === null ? {} : { nsdVersion: descriptor.version }),
    nsState: row.nsState,
    _links: {
      self: { href: self },
      instantiate: { href: `${self}/instantiate` },
      update: { href: `${self}/update` },
      terminate: { href: `${self}/terminate` },
    },
  };
}
