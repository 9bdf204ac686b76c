import { Inject, Injectable } from '@nestjs/common';
import { toErrorReport, UnderwareError } from '@underware/core';
import type { ErrorReport, NsState, Plan } from '@underware/core';
import { Truth } from '@underware/store';
import type { OperationRow, Records, ServiceInstanceRow } from '@underware/store';
import { Configuration } from '../../configuration.js';
import { problemOf } from '../../http/problem.js';
import { Uptime } from '../../uptime.js';
import { found } from '../../not-found.js';
import { PlanningService } from '../plans/planning.service.js';
import { decide } from './decide.js';
import { hostStanding, STAGE_OF } from './situation.js';
import type { AskingPhase, Move, Situation } from './situation.js';
import { giveBack, makeRoom } from '../residency/give-back.js';
import { renewHeld } from '../upgrades/renew-held.js';
import { beginObserving, canaryStanding, measure } from './canary-standing.js';
import { askChange, changeOf, endChange } from './change-plan.js';
import type { Changing } from './change-plan.js';
import { renewDesired } from './desired-state.js';
import { Dispatcher } from './dispatcher.js';
import { Transitions } from './transitions.js';
import type { Transition } from './transitions.js';

interface Moved {
  transition: Omit<Transition, 'point'>;
  /** Hosts that must be told once the transaction is committed. */
  hosts: string[];
}

/**
 * Moves operations on. All state is in Postgres and every move is one transaction under the operation's row lock, so that any
 * number of callers, processes and crashes between two moves come to the same end.
 */
@Injectable()
export class OperationEngine {
  constructor(
    private readonly truth: Truth,
    private readonly planning: PlanningService,
    private readonly dispatcher: Dispatcher,
    @Inject(Transitions) private readonly transitions: Transitions,
    private readonly configuration: Configuration,
    private readonly uptime: Uptime,
  ) {}

  /** Makes every move that can be made now. Harmless at any time. */
  async advance(operation: string): Promise<void> {
    for (;;) {
      const moved = await this.truth.transaction((records) => this.move(records, operation));
      if (!moved) return;
      this.transitions.record({ ...moved.transition, point: 'committed' });
      if (moved.hosts.length === 0) continue;
      await this.dispatcher.dispatch(moved.hosts);
      this.transitions.record({ ...moved.transition, point: 'dispatched' });
    }
  }

  private async move(records: Records, id: string): Promise<Moved | undefined> {
    const operation = await records.operations.lock(id);
    if (operation?.state !== 'PROCESSING' && operation?.state !== 'ROLLING_BACK') return undefined;
    const move = decide(await this.situationOf(records, operation));
    if (move.kind === 'wait') return undefined;
    const phase = 'phase' in move ? move.phase : operation.phase;
    const service = operation.nsInstanceId;
    const transition = { operation: id, service, move: move.kind, phase };
    this.transitions.record({ ...transition, point: 'decided' });
    const hosts = await this.make(records, operation, move);
    await records.announce({ kind: 'operation', operation: id, service });
    return { transition, hosts };
  }

  private async situationOf(records: Records, operation: OperationRow): Promise<Situation> {
    const { type, phase, rollingBack, barrier, nsInstanceId } = operation;
    const instance = found(await records.instances.find(nsInstanceId), 'service instance', nsInstanceId);
    const rows = await records.hosts.findMany(Object.keys(barrier?.generations ?? {}));
    const change = type === 'UPDATE' ? await changeOf(records, nsInstanceId) : undefined;
    const canary = change && (await canaryStanding(records, operation, change));
    return {
      type,
      phase,
      rollingBack,
      barrier,
      planned: instance.planId !== null,
      ...(change === undefined ? {} : { changesVnfs: change.changesVnfs }),
      ...(canary === undefined ? {} : { canary }),
      hosts: rows.map((row) => hostStanding(row, nsInstanceId)),
      now: Date.now(),
      listeningSince: this.uptime.since,
      timings: this.configuration.timings,
    };
  }

  private async make(
    records: Records,
    operation: OperationRow,
    move: Exclude<Move, { kind: 'wait' }>,
  ): Promise<string[]> {
    switch (move.kind) {
      case 'plan':
        return this.plan(records, operation);
      case 'ask':
        return this.ask(records, operation, move.phase);
      case 'observe':
      case 'judge':
      case 'turn-back':
        await records.operations.update(operation.id, await this.observed(records, operation, move));
        return [];
      case 'fail':
        return this.fail(records, operation, move.error);
      case 'finish':
        return this.finish(records, operation, move.nsState);
    }
  }

  private async plan(records: Records, operation: OperationRow): Promise<string[]> {
    await records.lockPlanning();
    const { nsInstanceId } = operation;
    const instance = found(await records.instances.lock(nsInstanceId), 'service instance', nsInstanceId);
    const graph = found(instance.graph, 'service graph', nsInstanceId);
    let plan;
    try {
      plan = await this.planning.plan(records, nsInstanceId, graph);
    } catch (thrown) {
      return this.fail(records, operation, toErrorReport(thrown, 'plan the service', instance.name));
    }
    await records.instances.savePlan(plan);
    await records.instances.update(nsInstanceId, { planId: plan.id });
    // In the same transaction: the capacity is taken before another operation plans.
    return this.ask(records, operation, 'conditioning');
  }

  private async ask(records: Records, operation: OperationRow, phase: AskingPhase): Promise<string[]> {
    const { id, nsInstanceId } = operation;
    const instance = found(await records.instances.lock(nsInstanceId), 'service instance', nsInstanceId);
    if (operation.type === 'UPDATE') return this.askForChange(records, operation, phase);
    const planId = found(instance.planId, 'plan of service instance', nsInstanceId);
    const plan = found(await records.instances.plan(planId), 'plan', planId);
    const stage = STAGE_OF[phase];
    if (stage !== 'absent' && instance.stage === null) {
      const refusal = await this.take(records, instance, plan);
      if (refusal) return this.fail(records, operation, refusal);
    }
    await records.instances.update(nsInstanceId, { stage: stage === 'absent' ? null : stage });
    const at = new Date();
    if (stage === 'absent')
      await giveBack(records, instance, plan, at, operation.type === 'TERMINATE' ? 'hold' : 'drop');
    const generations = await renewDesired(records, Object.keys(plan.slices), at);
    await records.operations.update(id, { phase, barrier: { generations, askedAt: at.toISOString() } });
    return Object.keys(generations);
  }

  /** Who is back to the plan in force asks no host for the new one; VNFs that differ stop, and start beyond the barrier. */
  private async askForChange(
    records: Records,
    operation: OperationRow,
    phase: AskingPhase,
  ): Promise<string[]> {
    const { id, nsInstanceId, rollingBack, canary } = operation;
    const change = await this.changing(records, nsInstanceId);
    const tried = phase === 'canary' ? canary?.hosts : undefined;
    const hosts = rollingBack ? [] : (tried ?? Object.keys(change.next.slices));
    const vnfs = phase === 'starting' || !change.changesVnfs ? 'all' : 'same';
    const barrier = await askChange(records, change, { hosts, vnfs }, new Date(), tried);
    const measured = operation.phase === 'measuring' ? await measure(records, operation, change) : {};
    await records.operations.update(id, { phase, barrier, ...measured });
    return Object.keys(barrier.generations);
  }

  /** What an operation is after a move of its canary. */
  private async observed(
    records: Records,
    operation: OperationRow,
    move: Extract<Move, { kind: 'observe' | 'judge' | 'turn-back' }>,
  ): Promise<Partial<OperationRow>> {
    const { canary, nsInstanceId } = operation;
    const tried = found(canary, 'canary of operation', operation.id);
    if (move.kind === 'observe') {
      const change = await this.changing(records, nsInstanceId);
      return {
        phase: move.phase,
        barrier: null,
        ...(await beginObserving(records, tried, change, move.phase)),
      };
    }
    const judged = { ...tried, ...(move.verdict === undefined ? {} : { verdict: move.verdict }) };
    if (move.kind === 'judge') return { canary: { ...judged, judged: true } };
    return {
      state: 'ROLLING_BACK',
      rollingBack: true,
      phase: 'conditioning',
      barrier: null,
      error: problemOf(move.error),
      canary: judged,
      stateEnteredAt: new Date(),
    };
  }

  private async changing(records: Records, service: string): Promise<Changing> {
    return found(await changeOf(records, service), 'change of service instance', service);
  }

  /**
   * Takes what the plan names, as it is about to be asked of hosts: for the first time, or again when a termination is rolled
   * back. The database refuses what another service instance has, whatever planning saw.
   */
  private async take(
    records: Records,
    instance: ServiceInstanceRow,
    plan: Plan,
  ): Promise<ErrorReport | undefined> {
    const at = new Date();
    try {
      await records.assignments.take(plan);
      await records.residency.begin(plan, instance.nsdId, at);
    } catch (thrown) {
      if (!(thrown instanceof UnderwareError)) throw thrown;
      await giveBack(records, instance, plan, at, 'drop');
      return thrown.report;
    }
    await makeRoom(records, Object.keys(plan.slices), at);
    return undefined;
  }

  private async fail(records: Records, { id }: OperationRow, error: ErrorReport): Promise<string[]> {
    await records.operations.update(id, {
      state: 'FAILED_TEMP',
      error: problemOf(error),
      barrier: null,
      stateEnteredAt: new Date(),
    });
    return [];
  }

  private async finish(records: Records, operation: OperationRow, nsState: NsState): Promise<string[]> {
    const { id, nsInstanceId, rollingBack, type } = operation;
    await records.operations.update(id, {
      state: rollingBack ? 'ROLLED_BACK' : 'COMPLETED',
      phase: 'done',
      barrier: null,
      stateEnteredAt: new Date(),
    });
    if (type === 'UPDATE') return this.finishChange(records, operation);
    await records.instances.update(
      nsInstanceId,
      nsState === 'INSTANTIATED' ? { nsState } : { nsState, planId: null, stage: null },
    );
    return [];
  }

  private async finishChange(
    records: Records,
    { nsInstanceId, rollingBack, params }: OperationRow,
  ): Promise<string[]> {
    const at = new Date();
    // Planning takes of what is held, and what is held may change now.
    await records.lockPlanning();
    const instance = found(await records.instances.lock(nsInstanceId), 'service instance', nsInstanceId);
    const change = await this.changing(records, nsInstanceId);
    const hosts = await endChange(records, instance, change, rollingBack ? 'in force' : 'next', at);
    if (!rollingBack) hosts.push(...(await renewHeld(records, params)));
    return Object.keys(await renewDesired(records, hosts, at));
  }
}
