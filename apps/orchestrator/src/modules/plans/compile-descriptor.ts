import { UnderwareError } from '@underware/core';
import type { ServiceGraph } from '@underware/core';
import { compile, formatFinding } from '@underware/descriptor';
import type { Finding } from '@underware/descriptor';

export interface Source {
  file: string;
  text: string;
}

/** Compiles, or says everything that is wrong with line and column. */
export function compileDescriptor(source: Source, inputs: Record<string, unknown>): ServiceGraph {
  const { graph, findings } = compile(source, inputs);
  if (graph) return graph;
  throw invalid(source, findings);
}

/** At onboarding the inputs are not known yet: that they are missing is no fault of the descriptor. */
export function checkDescriptor(source: Source): ServiceGraph | undefined {
  const { graph, findings } = compile(source, {});
  const errors = findings.filter(({ severity, code }) => severity === 'error' && code !== 'INPUT_MISSING');
  if (errors.length > 0) throw invalid(source, findings);
  return graph;
}

function invalid({ file }: Source, findings: Finding[]): UnderwareError {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  const where = first
    ? `${first.message} (line ${first.line}, column ${first.column})`
    : 'it gives no service';
  return new UnderwareError({
    code: 'DESCRIPTOR_INVALID',
    attempted: 'compile the descriptor',
    on: file,
    why: errors.length > 1 ? `${where}, and ${errors.length - 1} more` : where,
    remedy: 'Correct what the findings name',
    detail: findings.map((finding) => formatFinding(finding)).join('\n'),
  });
}
