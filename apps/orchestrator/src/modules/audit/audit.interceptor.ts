import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { toErrorReport } from '@underware/core';
import type { ErrorReport } from '@underware/core';
import { Truth } from '@underware/store';
import { catchError, from, mergeMap, Observable } from 'rxjs';
import { AUDITED } from '../../http/api.js';
import { actorOf } from '../../http/authenticate.js';
import type { ApiRequest } from '../../http/authenticate.js';
import { Located } from '../../http/located.js';
import { LOG } from '../../log.js';
import type { Log } from '../../log.js';

/** Keeps who changed what, when, and how it ended; refusals too. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly truth: Truth,
    @Inject(LOG) private readonly log: Log,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const action = this.reflector.get<string | undefined>(AUDITED, context.getHandler());
    if (action === undefined) return next.handle();
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const path = (request.originalUrl ?? '').split('?')[0] ?? '';
    const keep = (object: string, outcome: string, report: ErrorReport | null): Promise<void> =>
      this.truth.audit.add({ at: new Date(), actor: actorOf(request), action, object, outcome, report });
    return next.handle().pipe(
      mergeMap((result: unknown) =>
        from(keep(result instanceof Located ? result.location : path, 'done', null).then(() => result)),
      ),
      // A refusal is answered once it is kept, as what was done is.
      catchError(async (thrown: unknown) => {
        const report = toErrorReport(thrown, action, path);
        await keep(path, report.code, report).catch((error: unknown) =>
          this.log.error({ error, action, path, report }, 'cannot keep an audit entry'),
        );
        throw thrown;
      }),
    );
  }
}
