import type { ServiceGraph } from '@underware/core';
import { compileFiles, Findings, Sources } from '@underware/tosca';
import { checkDeployable } from './check/check-deployable.js';
import { checkService } from './check/check-service.js';
import type { Finding, FindingCode } from './finding.js';
import { buildGraph } from './graph/build-graph.js';
import { expand } from './nesting/expand.js';
import { flatten } from './nesting/flatten.js';
import type { Scope } from './nesting/scope.js';
import { UNDERWARE_PROFILE } from './profile.js';
import { serviceParts } from './service/service-parts.js';

export interface DescriptorSource {
  /** The path of the descriptor, as findings show it. */
  file: string;
  text: string;
  /** What it imports, by path from the same root as `file`; undefined where there is no such file. */
  read?: (path: string) => string | undefined;
  /** Of a package: whether it has the files that artifacts name. Without it, they are not looked for. */
  hasFile?: (path: string) => boolean;
}

export interface Compiled {
  /** There when no finding is an error. */
  graph?: ServiceGraph;
  /** All of them, in the order of the text. */
  findings: Finding[];
}

/**
 * Compiles a descriptor with values for its inputs, to be deployed. Never throws for what is in the text, however odd.
 */
export function compile(source: DescriptorSource, inputs: Readonly<Record<string, unknown>> = {}): Compiled {
  return run(source, inputs, true);
}

/**
 * Checks a descriptor, or any other file of TOSCA, by itself: inputs without a value are taken as right, and what only
 * the running of a service knows is.
 */
export function validate(
  source: DescriptorSource,
  inputs: Readonly<Record<string, unknown>> = {},
): { valid: boolean; findings: Finding[] } {
  const { findings } = run(source, inputs, false);
  return { valid: findings.every(({ severity }) => severity !== 'error'), findings };
}

function run(
  { file, text, read, hasFile }: DescriptorSource,
  inputs: Readonly<Record<string, unknown>>,
  toDeploy: boolean,
): Compiled {
  const sources = new Sources();
  const findings = new Findings<FindingCode>(sources);
  const lengths = new Map<string, number>();
  const { topology, instantiate } = compileFiles(
    {
      entry: file,
      read: (path) => {
        const found = path === file ? text : read?.(path);
        if (found !== undefined) lengths.set(path, found.length);
        return found;
      },
      inputs,
      inputsComplete: toDeploy,
      profiles: [UNDERWARE_PROFILE],
      ...(hasFile === undefined ? {} : { hasFile }),
    },
    sources,
    findings,
  );
  const scope =
    topology &&
    expand(topology, { instantiate, lengthOf: (path) => lengths.get(path) ?? 0, findings, toDeploy });
  const graph = scope && buildService(scope, sources, findings);
  if (toDeploy && !findings.hasErrors) checkDeployable(scope, findings);
  return findings.hasErrors || graph === undefined
    ? { findings: findings.all() }
    : { graph, findings: findings.all() };
}

function buildService(
  scope: Scope,
  sources: Sources,
  findings: Findings<FindingCode>,
): ServiceGraph | undefined {
  const parts = serviceParts(flatten(scope, findings));
  if (parts === undefined) return undefined;
  const graph = buildGraph(scope.topology, parts, (place) => sources.positionOf(place));
  checkService(graph, parts, findings);
  return graph;
}
