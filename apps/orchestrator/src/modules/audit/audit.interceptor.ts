import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { toErrorReport } from '@underware/core';
import type { ErrorReport } from '@underware/core';
import { Truth } from '@underware/store';
import { catchError, from, mergeMap, Observable } from 'rxjs';
import { AUDITED } from '../../http/api.js';
import { actorOf } from '../../http/api-request.js';
import type { ApiRequest } from '../../http/api-request.js';
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
    const trail = this.truth.audit;
    // Before anything is done: what cannot be kept is not done. Afterwards the entry only gets its end.
    const begun = trail.add({
      at: new Date(),
      actor: actorOf(request),
      action,
      object: path,
      outcome: 'begun',
      report: null,
    });
    const end = (id: string, object: string, outcome: string, report: ErrorReport | null): Promise<void> =>
      trail.end(id, { object, outcome, report }).catch((error: unknown) =>
        // What was done stays done, and the trail says that it was begun.
        this.log.error({ error, id, action, object, outcome, report }, 'cannot end an audit entry'),
      );
    return from(begun).pipe(
      mergeMap((id) =>
        next.handle().pipe(
          mergeMap(async (result: unknown) => {
            await end(id, result instanceof Located ? result.location : path, 'done', null);
            return result;
          }),
          catchError(async (thrown: unknown) => {
            const report = toErrorReport(thrown, action, path);
            await end(id, path, report.code, report);
            throw thrown;
          }),
        ),
      ),
    );
  }
}
