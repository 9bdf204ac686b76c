import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import type { Plan } from '@underware/core';
import { compile } from '@underware/descriptor';
import { Truth } from '@underware/store';
import { randomUUID } from 'node:crypto';
import { conflict, found } from '../../not-found.js';
import type { PlanDto } from '../service-instances/service-instances.dto.js';
import { compileDescriptor } from './compile-descriptor.js';
import type { Source } from './compile-descriptor.js';
import { PlanningService } from './planning.service.js';
import type { DryRunPlanDto, InventoryDto, PlanRequest, ValidateRequest, Validation } from './plans.dto.js';

@Injectable()
export class PlansService {
  constructor(
    private readonly truth: Truth,
    private readonly planning: PlanningService,
  ) {}

  validate({ file = 'descriptor.yaml', content, inputs = {} }: ValidateRequest): Validation {
    const { graph, findings } = compile({ file, text: content }, inputs);
    return { valid: graph !== undefined, findings };
  }

  async dryRun(request: PlanRequest): Promise<DryRunPlanDto> {
    const { nsInstanceId, explain = false, inputs = {} } = request;
    const instance =
      nsInstanceId === undefined
        ? undefined
        : found(await this.truth.instances.find(nsInstanceId), 'service instance', nsInstanceId);
    const graph = compileDescriptor(await this.sourceOf(request), inputs);
    const inForce = instance?.planId == null ? undefined : await this.truth.instances.plan(instance.planId);
    const { plan, hosts } = await this.planning.dryRun(this.truth, instance?.id ?? randomUUID(), graph, {
      explain,
      ...(inForce == null ? {} : { inForce }),
    });
    const names = await this.present(
      plan,
      hosts.map(({ host }) => host),
    );
    return { ...names, hosts, ...(inForce == null ? {} : { inForce: inForce.id }) };
  }

  async inventory(): Promise<InventoryDto> {
    return this.planning.inventory(this.truth);
  }

  async get(nsInstanceId: string): Promise<PlanDto> {
    found(await this.truth.instances.find(nsInstanceId), 'service instance', nsInstanceId);
    const plan = await this.truth.instances.latestPlan(nsInstanceId);
    return this.present(found(plan, 'plan of service instance', nsInstanceId));
  }

  private async sourceOf({ file, content, nsdId }: PlanRequest): Promise<Source> {
    if ((content === undefined) === (nsdId === undefined)) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'plan',
        on: 'the request',
        why: 'it must have either content or nsdId',
        remedy: 'Send one of them',
      });
    }
    if (content !== undefined) return { file: file ?? 'descriptor.yaml', text: content };
    const id = nsdId ?? '';
    const descriptor = found(await this.truth.descriptors.find(id), 'descriptor', id);
    const text = await this.truth.descriptors.content(id);
    if (text !== null) return { file: descriptor.file ?? 'descriptor.yaml', text };
    throw conflict('plan', `descriptor ${id}`, 'it has no content yet', 'Upload it first');
  }

  private async present(plan: Plan, named = Object.keys(plan.slices)): Promise<PlanDto> {
    const hosts = await this.truth.hosts.findMany(named);
    return { ...plan, hostNames: Object.fromEntries(hosts.map(({ id, name }) => [id, name])) };
  }
}
