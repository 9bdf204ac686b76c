import { Module } from '@nestjs/common';
import { QuestionsModule } from '../questions/questions.module.js';
import { TracesController } from './traces.controller.js';
import { TracesService } from './traces.service.js';

@Module({ imports: [QuestionsModule], controllers: [TracesController], providers: [TracesService] })
export class TracesModule {}
