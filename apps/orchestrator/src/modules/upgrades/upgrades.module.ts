import { Module } from '@nestjs/common';
import { Dispatcher } from '../operations/dispatcher.js';
import { OperationsModule } from '../operations/operations.module.js';
import { PlanningService } from '../plans/planning.service.js';
import { UpgradesController } from './upgrades.controller.js';
import { UpgradesService } from './upgrades.service.js';

@Module({
  imports: [OperationsModule],
  controllers: [UpgradesController],
  providers: [UpgradesService, PlanningService, Dispatcher],
})
export class UpgradesModule {}
