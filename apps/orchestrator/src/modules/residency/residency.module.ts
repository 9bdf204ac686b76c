import { Module } from '@nestjs/common';
import { Dispatcher } from '../operations/dispatcher.js';
import { ResidencyController } from './residency.controller.js';
import { ResidencyService } from './residency.service.js';

@Module({ controllers: [ResidencyController], providers: [ResidencyService, Dispatcher] })
export class ResidencyModule {}
