import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { UnderwareError } from '@underware/core';
import { FOR_HOSTS } from './api.js';
import type { ApiRequest } from './authenticate.js';

/** An agent's token opens what is marked for hosts and nothing else. */
@Injectable()
export class HostsGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (request.identity?.kind === 'operator') return true;
    if (this.reflector.get<boolean | undefined>(FOR_HOSTS, context.getHandler()) === true) return true;
    throw new UnderwareError({
      code: 'FORBIDDEN',
      attempted: `${request.method ?? ''} ${request.url?.split('?')[0] ?? ''}`,
      on: 'the API',
      why: "an agent's token may only fetch plugin packages",
      remedy: "Use an operator's token",
    });
  }
}
