import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { UnderwareError } from '@underware/core';
import { Truth } from '@underware/store';
import { LOG } from '../log.js';
import type { Log } from '../log.js';
import { AUDITED, FOR_HOSTS } from './api.js';
import { auditRefusal } from './audit-refusal.js';
import { unauthenticated } from './authenticate.js';
import type { ApiRequest } from './api-request.js';

/** Nobody comes here without a token; an agent's opens what is marked for hosts and nothing else. */
@Injectable()
export class HostsGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly truth: Truth,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    request.isTaken = true;
    // Denied here too: how the call came past authentication does not matter.
    if (!request.identity) throw new UnderwareError(unauthenticated(request, 'nobody checked its token'));
    if (request.identity.kind === 'operator') return true;
    if (this.reflector.get<boolean | undefined>(FOR_HOSTS, context.getHandler()) === true) return true;
    const call = `${request.method ?? ''} ${request.originalUrl?.split('?')[0] ?? ''}`;
    const refusal = new UnderwareError({
      code: 'FORBIDDEN',
      attempted: call,
      on: 'the API',
      why: "an agent's token may only fetch plugin packages",
      remedy: "Use an operator's token",
    });
    const action = this.reflector.get<string | undefined>(AUDITED, context.getHandler());
    await auditRefusal(this.truth, this.log, request, refusal.report, action);
    throw refusal;
  }
}
