import type { ServiceGraph } from '@underware/core';
import { compile } from '@underware/descriptor';
import type { Finding } from '@underware/descriptor';
import { openDescriptor } from './open-descriptor.js';
import type { Source } from './open-descriptor.js';

/** Without a graph where a finding, of the package or of a file in it, is an error. */
export interface Compiled {
  graph?: ServiceGraph;
  findings: Finding[];
}

/** Takes as long as it takes, and nothing can be done meanwhile: for a thread of its own. */
export async function compileSource(content: Source, inputs: Record<string, unknown>): Promise<Compiled> {
  const { source, findings } = await openDescriptor(content);
  if (source === undefined) return { findings };
  const compiled = compile(source, inputs);
  const all = [...findings, ...compiled.findings];
  const isWhole = findings.every(({ severity }) => severity !== 'error');
  return isWhole && compiled.graph ? { graph: compiled.graph, findings: all } : { findings: all };
}
