import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import type { Plan } from '@underware/core';
import { Truth } from '@underware/store';
import { randomUUID } from 'node:crypto';
import { conflict, found } from '../../not-found.js';
import type { PlanDto } from '../service-instances/service-instances.dto.js';
import { Compiler } from './compiler.js';
import { UNNAMED } from './open-descriptor.js';
import type { Source } from './open-descriptor.js';
import { PlanningService } from './planning.service.js';
import type { DryRunPlanDto, InventoryDto, PlanRequest, ValidateRequest, Validation } from './plans.dto.js';

@Injectable()
export class PlansService {
  constructor(
    private readonly truth: Truth,
    private readonly planning: PlanningService,
    private readonly compiler: Compiler,
  ) {}

  async validate(request: ValidateRequest): Promise<Validation> {
    const { graph, findings } = await this.compiler.try(await this.sourceOf(request), request.inputs ?? {});
    return { valid: graph !== undefined, findings };
  }

  async dryRun(request: PlanRequest): Promise<DryRunPlanDto> {
    const { nsInstanceId, explain = false, inputs = {} } = request;
    const instance =
      nsInstanceId === undefined
        ? undefined
        : found(await this.truth.instances.find(nsInstanceId), 'service instance', nsInstanceId);
    const graph = await this.compiler.compile(await this.sourceOf(request), inputs);
    const inForce = instance?.planId == null ? undefined : await this.truth.instances.plan(instance.planId);
    const { plan, hosts } = await this.planning.dryRun(this.truth, instance?.id ?? randomUUID(), graph, {
      explain,
      ...(inForce == null ? {} : { inForce: { plan: inForce, graph: instance?.graph ?? graph } }),
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

  private async sourceOf({ file, content, package: packed, nsdId }: PlanRequest): Promise<Source> {
    if ([content, packed, nsdId].filter((given) => given !== undefined).length !== 1) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'read the descriptor',
        on: 'the request',
        why: 'it must have one of content, package and nsdId; the last where it is planned',
        remedy: 'Send one of them',
      });
    }
    if (content !== undefined) return given(file, 'application/yaml', content, 'utf8');
    if (packed !== undefined) return given(file, 'application/zip', packed, 'base64');
    const id = nsdId ?? '';
    const descriptor = found(await this.truth.descriptors.find(id), 'descriptor', id);
    const stored = await this.truth.descriptors.content(id);
    if (stored === null)
      throw conflict('plan', `descriptor ${id}`, 'it has no content yet', 'Upload it first');
    return { ...stored, file: descriptor.file ?? UNNAMED[stored.mediaType] };
  }

  private async present(plan: Plan, named = Object.keys(plan.slices)): Promise<PlanDto> {
    const hosts = await this.truth.hosts.findMany(named);
    return { ...plan, hostNames: Object.fromEntries(hosts.map(({ id, name }) => [id, name])) };
  }
}

function given(
  file: string | undefined,
  mediaType: Source['mediaType'],
  text: string,
  encoding: 'utf8' | 'base64',
): Source {
  return { file: file ?? UNNAMED[mediaType], mediaType, bytes: Buffer.from(text, encoding) };
}
