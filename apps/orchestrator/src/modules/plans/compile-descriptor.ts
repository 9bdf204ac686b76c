import { UnderwareError } from '@underware/core';
import type { ServiceGraph } from '@underware/core';
import { compile, formatFinding } from '@underware/descriptor';
import type { Finding } from '@underware/descriptor';
import { openDescriptor } from './open-descriptor.js';
import type { Source } from './open-descriptor.js';

/** Compiles, or says everything that is wrong with file, line and column. */
export async function compileDescriptor(
  source: Source,
  inputs: Record<string, unknown>,
): Promise<ServiceGraph> {
  const { graph, findings } = await tryDescriptor(source, inputs);
  if (graph) return graph;
  throw invalid(source, findings);
}

/** At onboarding the inputs are not known yet: that they are missing is no fault of the descriptor. */
export async function checkDescriptor(source: Source): Promise<ServiceGraph | undefined> {
  const { graph, findings } = await tryDescriptor(source, {});
  const errors = findings.filter(({ severity, code }) => severity === 'error' && code !== 'INPUT_MISSING');
  if (errors.length > 0) throw invalid(source, findings);
  return graph;
}

/** Without a graph where a finding, of the package or of a file in it, is an error. */
export async function tryDescriptor(
  content: Source,
  inputs: Record<string, unknown>,
): Promise<{ graph?: ServiceGraph; findings: Finding[] }> {
  const { source, findings } = await openDescriptor(content);
  if (source === undefined) return { findings };
  const compiled = compile(source, inputs);
  const all = [...findings, ...compiled.findings];
  const isWhole = findings.every(({ severity }) => severity !== 'error');
  return isWhole && compiled.graph ? { graph: compiled.graph, findings: all } : { findings: all };
}

function invalid({ file }: Source, findings: Finding[]): UnderwareError {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  const within = first === undefined || first.file === file ? '' : `${first.file}, `;
  const where = first
    ? `${first.message} (${within}line ${first.line}, column ${first.column})`
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
