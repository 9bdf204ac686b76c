import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { UnderwareError } from '@underware/core';
import { FOR_HOSTS } from './api.js';
import { unauthenticated } from './authenticate.js';
import type { ApiRequest } from './authenticate.js';

/** Nobody comes here without a token; an agent's opens what is marked for hosts and nothing else. */
@Injectable()
export class HostsGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    // Denied here too: how the call came past authentication does not matter.
    if (!request.identity) throw new UnderwareError(unauthenticated(request, 'nobody checked its token'));
    if (request.identity.kind === 'operator') return true;
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
