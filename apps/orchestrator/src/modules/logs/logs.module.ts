import { Module } from '@nestjs/common';
import { QuestionsModule } from '../questions/questions.module.js';
import { LogsController } from './logs.controller.js';
import { LogsService } from './logs.service.js';

@Module({ imports: [QuestionsModule], controllers: [LogsController], providers: [LogsService] })
export class LogsModule {}
