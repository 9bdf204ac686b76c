import { Module } from '@nestjs/common';
import { PlanningService } from './planning.service.js';
import { PlansController } from './plans.controller.js';
import { PlansService } from './plans.service.js';

@Module({ controllers: [PlansController], providers: [PlansService, PlanningService] })
export class PlansModule {}
