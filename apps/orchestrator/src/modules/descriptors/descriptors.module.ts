import { Module } from '@nestjs/common';
import { DescriptorsController } from './descriptors.controller.js';
import { DescriptorsService } from './descriptors.service.js';

@Module({ controllers: [DescriptorsController], providers: [DescriptorsService] })
export class DescriptorsModule {}
