import { Module } from '@nestjs/common';
import { LiveHosts } from './live-hosts.js';

@Module({ providers: [LiveHosts], exports: [LiveHosts] })
export class QuestionsModule {}
