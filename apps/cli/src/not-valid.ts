import { UnderwareError } from '@underware/core';
import { formatFinding } from '@underware/descriptor';
import type { Finding } from '@underware/descriptor';

/** Refuses what does not compile with every finding as the evidence. */
export function notValid(
  file: string,
  findings: Finding[],
  remedy = 'Mend what the findings name',
): UnderwareError {
  return new UnderwareError({
    code: 'DESCRIPTOR_INVALID',
    attempted: 'compile the descriptor',
    on: file,
    why: `it has ${findings.filter(({ severity }) => severity === 'error').length} error(s)`,
    remedy,
    detail: findings.map((finding) => formatFinding(finding)).join('\n\n'),
  });
}
