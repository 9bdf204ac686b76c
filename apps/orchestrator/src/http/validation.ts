import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from '@nestjs/common';
import { UnderwareError } from '@underware/core';

/** Bodies hold what their DTO names, and nothing else. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) =>
      new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'read the body',
        on: 'the request',
        why: errors.flatMap((error) => messagesOf(error)).join('; '),
        remedy: 'Correct the named fields',
      }),
  });
}

function messagesOf(error: ValidationError, path = ''): string[] {
  const at = path === '' ? error.property : `${path}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) =>
    path === '' ? message : `${path}: ${message}`,
  );
  return [...own, ...(error.children ?? []).flatMap((child) => messagesOf(child, at))];
}
