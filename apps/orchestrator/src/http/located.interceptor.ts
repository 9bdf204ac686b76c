import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import { Located } from './located.js';

@Injectable()
export class LocatedInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((result: unknown) => {
        if (!(result instanceof Located)) return result;
        context.switchToHttp().getResponse<ServerResponse>().setHeader('Location', result.location);
        return result.body;
      }),
    );
  }
}
