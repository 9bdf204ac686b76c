import { Module } from '@nestjs/common';
import { QuestionsModule } from '../questions/questions.module.js';
import { MapsController } from './maps.controller.js';
import { MapsService } from './maps.service.js';

@Module({ imports: [QuestionsModule], controllers: [MapsController], providers: [MapsService] })
export class MapsModule {}
