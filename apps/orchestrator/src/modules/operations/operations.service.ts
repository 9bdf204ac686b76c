import { Inject, Injectable } from '@nestjs/common';
import { ALLOWED_STATES, mergedInputs, UnderwareError } from '@underware/core';
import type { OperationAction, Phase, ServiceGraph } from '@underware/core';
import { Queues } from '@underware/jobs';
import { Truth } from '@underware/store';
import type { Canary, OperationRow, Records, ServiceInstanceRow, StepEventRow } from '@underware/store';
import { randomUUID } from 'node:crypto';
import { LOG } from '../../log.js';
import type { Log } from '../../log.js';
import { conflict, found } from '../../not-found.js';
import { giveBack } from '../residency/give-back.js';
import { Compiler } from '../plans/compiler.js';
import { UNNAMED } from '../plans/open-descriptor.js';
import { PlanningService } from '../plans/planning.service.js';
import { beginChange, changeOf, endChange, planToChange } from './change-plan.js';
import { renewDesired } from './desired-state.js';
import { Dispatcher } from './dispatcher.js';
import type { NsLcmOpOcc, StepDto } from './operations.dto.js';
import { operationPath, presentOperation } from './present-operation.js';
import { concernedHosts } from './slice-on-host.js';

/** What people ask of operations; the engine does the rest. */
@Injectable()
export class OperationsService {
  constructor(
    private readonly truth: Truth,
    private readonly queues: Queues,
    private readonly dispatcher: Dispatcher,
    private readonly compiler: Compiler,
    private readonly planning: PlanningService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async list(nsInstanceId?: string): Promise<NsLcmOpOcc[]> {
    const rows = await this.truth.operations.list(nsInstanceId);
    return Promise.all(rows.map((row) => this.present(row)));
  }

  async get(id: string): Promise<NsLcmOpOcc> {
    return this.present(found(await this.truth.operations.find(id), 'operation', id));
  }

  /** Gives back the path of the operation that was started. */
  async instantiate(
    nsInstanceId: string,
    inputs: Record<string, unknown>,
    requestedBy: string,
  ): Promise<string> {
    // Its descriptor never changes, so that nothing needs to be locked for as long as compiling takes.
    const { descriptors, instances } = this.truth;
    const unlocked = found(await instances.find(nsInstanceId), 'service instance', nsInstanceId);
    if (unlocked.nsState !== 'NOT_INSTANTIATED') throw wrongState('instantiate', unlocked);
    const { nsdId } = unlocked;
    const content = found(await descriptors.content(nsdId), 'content of descriptor', nsdId);
    const descriptor = await descriptors.find(nsdId);
    const file = descriptor?.file ?? UNNAMED[content.mediaType];
    const graph = await this.compiler.compile({ ...content, file }, inputs);
    return this.start(nsInstanceId, async (records, instance) => {
      if (instance.nsState !== 'NOT_INSTANTIATED') throw wrongState('instantiate', instance);
      await records.instances.update(nsInstanceId, { graph, inputs, planId: null });
      const params = { additionalParamsForNs: { inputs } };
      return { type: 'INSTANTIATE', phase: 'planning', params, requestedBy };
    });
  }

  /**
   * Makes a service that runs what a descriptor says, another one or its own, with these inputs over those that it has; null is
   * none. Planned at once: what is impossible is refused, and nothing changes.
   */
  async update(
    nsInstanceId: string,
    wanted: { nsdId?: string; inputs?: Record<string, unknown> },
    requestedBy: string,
  ): Promise<string> {
    const { descriptors, instances } = this.truth;
    const unlocked = found(await instances.find(nsInstanceId), 'service instance', nsInstanceId);
    const nsdId = wanted.nsdId ?? unlocked.nsdId;
    const inputs = mergedInputs(unlocked.inputs, wanted.inputs);
    const descriptor = found(await descriptors.find(nsdId), 'descriptor', nsdId);
    const content = found(await descriptors.content(nsdId), 'content of descriptor', nsdId);
    const file = descriptor.file ?? UNNAMED[content.mediaType];
    const graph = await this.compiler.compile({ ...content, file }, inputs);
    return this.start(
      nsInstanceId,
      async (records, instance) => {
        const before = await planToChange(records, 'update', instance);
        refuseOther(instance, before.graph, graph);
        await refuseDisabled(records, nsdId);
        const next = await this.planning.plan(records, nsInstanceId, graph, before);
        await beginChange(records, before.plan, next, { nsdId, graph, inputs }, new Date());
        const params = {
          updateType: 'ASSOC_NEW_NSD_VERSION',
          assocNewNsdVersionData: { newNsdId: nsdId },
          additionalParamsForNs: { inputs },
        };
        return { type: 'UPDATE', phase: 'conditioning', params, requestedBy };
      },
      { plans: true },
    );
  }

  async terminate(nsInstanceId: string, requestedBy: string): Promise<string> {
    return this.start(nsInstanceId, async (_records, instance) => {
      if (instance.nsState !== 'INSTANTIATED') throw wrongState('terminate', instance);
      return { type: 'TERMINATE', phase: downFrom(instance), params: {}, requestedBy };
    });
  }

  async act(id: string, action: OperationAction): Promise<void> {
    const hosts = await this.truth.transaction(async (records) => {
      const row = found(await records.operations.lock(id), 'operation', id);
      if (!ALLOWED_STATES[action].includes(row.state)) {
        throw conflict(action, `operation ${id}`, `it is ${row.state}`, `${action} is for FAILED_TEMP`);
      }
      const instance = found(
        await records.instances.lock(row.nsInstanceId),
        'service instance',
        row.nsInstanceId,
      );
      const told = action === 'fail' ? await giveUp(records, row, instance) : [];
      await records.operations.update(id, { ...changeBy(action, row, instance), stateEnteredAt: new Date() });
      await records.announce({ kind: 'operation', operation: id, service: row.nsInstanceId });
      return told;
    });
    if (action === 'fail') await this.dispatcher.dispatch(hosts);
    else await this.submit(id);
  }

  async steps(id: string, after = '0'): Promise<StepDto[]> {
    if (!/^\d{1,18}$/.test(after)) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'list steps',
        on: `operation ${id}`,
        why: 'after is not the id of a step',
        remedy: 'Send the id of the last step that is known',
      });
    }
    found(await this.truth.operations.find(id), 'operation', id);
    const rows = await this.truth.operations.steps(id, after);
    return rows.map(presentStep);
  }

  /** What hosts did for a service by themselves, after that step. */
  async mendingSteps(service: string, after: string): Promise<StepDto[]> {
    return (await this.truth.operations.mendingSteps(service, after)).map(presentStep);
  }

  private async start(
    nsInstanceId: string,
    prepare: (
      records: Records,
      instance: ServiceInstanceRow,
    ) => Promise<Pick<OperationRow, 'type' | 'phase' | 'params' | 'requestedBy'>>,
    { plans = false } = {},
  ): Promise<string> {
    const id = randomUUID();
    await this.truth.transaction(async (records) => {
      // Before any service instance, as everyone does who locks both.
      if (plans) await records.lockPlanning();
      const instance = found(await records.instances.lock(nsInstanceId), 'service instance', nsInstanceId);
      const open = await records.operations.openOf(nsInstanceId);
      if (open) {
        const remedy =
          open.state === 'FAILED_TEMP' ? 'Retry it, roll it back or let it fail' : 'Wait for its end';
        throw conflict('start an operation', instance.name, `operation ${open.id} is ${open.state}`, remedy);
      }
      const at = new Date();
      await records.operations.create({
        id,
        nsInstanceId,
        ...(await prepare(records, instance)),
        state: 'PROCESSING',
        rollingBack: false,
        barrier: null,
        error: null,
        stateEnteredAt: at,
        startedAt: at,
      });
      await records.announce({ kind: 'operation', operation: id, service: nsInstanceId });
    });
    await this.submit(id);
    return operationPath(id);
  }

  /** A queue that is away delays the operation until the sweep sees it, and does not refuse it. */
  async submit(id: string): Promise<void> {
    await this.queues.submitOperation(id).catch((error: unknown) => {
      this.log.warn({ error, operation: id }, 'cannot submit an operation; the sweep will find it');
    });
  }

  private async present(row: OperationRow): Promise<NsLcmOpOcc> {
    const generations = row.barrier?.generations ?? {};
    const ids = new Set([...Object.keys(generations), ...(row.canary?.hosts ?? [])]);
    const hosts = ids.size === 0 ? [] : await this.truth.hosts.findMany([...ids]);
    const behind = hosts.filter((host) => (host.report?.generation ?? 0) < (generations[host.id] ?? 0));
    const names = new Map(hosts.map(({ id, name }) => [id, name]));
    return presentOperation(row, behind.map(({ name }) => name).sort(), names);
  }
}

/** Where taking a service instance down starts. */
function downFrom(instance: ServiceInstanceRow): Phase {
  return instance.stage === 'running' ? 'stopping' : 'unconditioning';
}

function changeBy(
  action: OperationAction,
  row: OperationRow,
  instance: ServiceInstanceRow,
): Pick<OperationRow, 'state'> & Partial<OperationRow> {
  switch (action) {
    case 'retry':
      return {
        state: row.rollingBack ? 'ROLLING_BACK' : 'PROCESSING',
        error: null,
        ...(row.canary === null ? {} : { canary: observedAnew(row.canary) }),
      };
    case 'rollback':
      if (row.rollingBack) return { state: 'ROLLING_BACK', error: null };
      return {
        state: 'ROLLING_BACK',
        rollingBack: true,
        error: null,
        // What a termination or an update changed is made again.
        phase: row.type === 'INSTANTIATE' ? downFrom(instance) : 'conditioning',
      };
    case 'fail':
      return { state: 'FAILED', phase: 'done' };
  }
}

/** What was observed before a host fell silent says little: the time begins anew. */
function observedAnew({ since: _since, from: _from, ...canary }: Canary): Canary {
  return canary;
}

/**
 * A failed instantiation leaves nothing asked of any host: those that are reachable clean up, the others when they are back.
 * A failed termination leaves the service instance as it is, to be terminated again. A failed update leaves it with the plan
 * that hosts were asked for last: those that are reachable become it, the others when they are back.
 */
async function giveUp(records: Records, row: OperationRow, instance: ServiceInstanceRow): Promise<string[]> {
  if (row.type === 'UPDATE') return giveUpUpdate(records, row, instance);
  if (row.type !== 'INSTANTIATE' || instance.planId === null) return [];
  const plan = await records.instances.plan(instance.planId);
  await records.instances.update(instance.id, { stage: null, planId: null });
  if (plan) await giveBack(records, instance, plan, new Date(), 'drop');
  return Object.keys(await renewDesired(records, Object.keys(plan?.slices ?? {}), new Date()));
}

async function giveUpUpdate(
  records: Records,
  row: OperationRow,
  instance: ServiceInstanceRow,
): Promise<string[]> {
  const change = await changeOf(records, instance.id);
  if (change === undefined) return [];
  const at = new Date();
  const isAsked = !row.rollingBack && row.phase !== 'measuring';
  await endChange(records, instance, change, isAsked ? 'next' : 'in force', at);
  return Object.keys(await renewDesired(records, concernedHosts(change.inForce, change.next), at));
}

/** A service becomes another version of itself, not another service: that is more likely a mistake. */
function refuseOther(instance: ServiceInstanceRow, before: ServiceGraph, graph: ServiceGraph): void {
  if (graph.name === before.name) return;
  const why = `the descriptor is of ${graph.name}, it is ${before.name}`;
  const remedy = `Deploy ${graph.name} as a service of its own, or correct template_name`;
  throw conflict('update', instance.name, why, remedy);
}

async function refuseDisabled(records: Records, nsdId: string): Promise<void> {
  const { operationalState } = found(await records.descriptors.lock(nsdId), 'descriptor', nsdId);
  if (operationalState === 'ENABLED') return;
  throw conflict('update', `descriptor ${nsdId}`, `it is ${operationalState}`, 'Enable it');
}

function wrongState(attempted: string, instance: ServiceInstanceRow): UnderwareError {
  const remedy =
    attempted === 'terminate' ? 'Nothing is left to do: it can be deleted' : 'Terminate it first';
  return conflict(attempted, `service instance ${instance.id}`, `it is ${instance.nsState}`, remedy);
}

function presentStep(row: StepEventRow & { hostName: string }): StepDto {
  return {
    id: row.id,
    host: row.hostId,
    hostName: row.hostName,
    service: row.service,
    generation: row.generation,
    name: row.name,
    ...(row.title === null ? {} : { title: row.title }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    status: row.status,
    at: row.at.toISOString(),
    ...(row.error === null ? {} : { error: row.error }),
  };
}
