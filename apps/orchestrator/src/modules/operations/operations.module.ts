import { Module } from '@nestjs/common';
import { PlanningService } from '../plans/planning.service.js';
import { Advancer } from './advancer.js';
import { Dispatcher } from './dispatcher.js';
import { OperationEngine } from './engine.js';
import { OperationsController, StepsController } from './operations.controller.js';
import { OperationsService } from './operations.service.js';
import { ReportsService } from './reports.service.js';
import { OperationWorker } from './worker.js';

/** What people ask of operations, over the API. */
@Module({
  controllers: [OperationsController, StepsController],
  providers: [OperationsService, Dispatcher, PlanningService],
  exports: [OperationsService],
})
export class OperationsModule {}

/** What moves operations on, in the worker. */
@Module({
  providers: [Advancer, OperationEngine, PlanningService, Dispatcher, ReportsService, OperationWorker],
})
export class OperationWorkerModule {}
