import { Module } from '@nestjs/common';
import { QuestionsModule } from '../questions/questions.module.js';
import { FlowsController } from './flows.controller.js';
import { FlowsService } from './flows.service.js';

@Module({ imports: [QuestionsModule], controllers: [FlowsController], providers: [FlowsService] })
export class FlowsModule {}
