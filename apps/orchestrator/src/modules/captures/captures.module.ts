import { Module } from '@nestjs/common';
import { QuestionsModule } from '../questions/questions.module.js';
import { CapturesController } from './captures.controller.js';
import { CapturesService } from './captures.service.js';

@Module({ imports: [QuestionsModule], controllers: [CapturesController], providers: [CapturesService] })
export class CapturesModule {}
