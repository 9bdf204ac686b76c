import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse } from '@nestjs/swagger';

/** What every resource says in the API's document. */
export function ApiResource(): ClassDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiDefaultResponse({
      description: 'Anything that was refused or failed',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetailsDto' } } },
    }),
  );
}

export const FOR_HOSTS = 'underware:for-hosts';

/** Agents may call it too; everything else is for operators. */
export const ForHosts = (): MethodDecorator => SetMetadata(FOR_HOSTS, true);

export const AUDITED = 'underware:audited';

/** The call changes something: who called it, when, and how it ended is kept. */
export const Audited = (action: string): MethodDecorator => SetMetadata(AUDITED, action);
