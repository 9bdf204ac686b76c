import type { ServiceGraph } from '@underware/core';
import { buildGraph } from './graph/build-graph.js';
import { checkNodes } from './check/check-nodes.js';
import { checkPolicies } from './check/check-policies.js';
import { checkService } from './check/check-service.js';
import type { Compilation } from './check/compilation.js';
import type { Finding, Findings } from './finding.js';
import { UNDERWARE_PROFILE } from './profile/profile.js';
import { readSource } from './source/read-source.js';
import { TooLarge, WalkBudget } from './source/source-node.js';
import type { ListNode, MapNode } from './source/source-node.js';
import { readInputs } from './template/read-inputs.js';
import type { GivenInputs, Input } from './template/read-inputs.js';
import { readTemplate } from './template/read-template.js';
import { FunctionResolver } from './template/resolve-functions.js';

export interface DescriptorSource {
  /** Shown in findings; never opened. */
  file: string;
  text: string;
}

export interface Compiled {
  /** There when no finding is an error. */
  graph?: ServiceGraph;
  /** All of them, in the order of the text. */
  findings: Finding[];
}

/** Compiles a descriptor with values for its inputs. Never throws for what is in the text, however odd. */
export function compile(source: DescriptorSource, inputs: Readonly<Record<string, unknown>> = {}): Compiled {
  return run(source, { values: inputs, required: true });
}

/** Checks a descriptor by itself: inputs without a value are taken as right. */
export function validate(
  source: DescriptorSource,
  inputs: Readonly<Record<string, unknown>> = {},
): { valid: boolean; findings: Finding[] } {
  const { findings } = run(source, { values: inputs, required: false });
  return { valid: findings.every(({ severity }) => severity !== 'error'), findings };
}

function run({ file, text }: DescriptorSource, inputs: GivenInputs): Compiled {
  const source = readSource(file, text);
  const { findings } = source;
  let graph: ServiceGraph | undefined;
  if (source.root !== undefined) {
    try {
      graph = compileRoot(file, source.root, inputs, findings, source.positionOf);
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      findings.add(0, { code: 'SOURCE_TOO_LARGE', message: `The descriptor has ${error.message}` });
    }
  } else if (!findings.hasErrors) {
    findings.add(0, {
      code: 'VERSION_MISSING',
      message: 'The file is empty',
      expected: 'tosca_definitions_version: tosca_2_0',
    });
  }
  return findings.hasErrors || graph === undefined
    ? { findings: findings.all() }
    : { graph, findings: findings.all() };
}

function compileRoot(
  file: string,
  root: NonNullable<ReturnType<typeof readSource>['root']>,
  given: GivenInputs,
  findings: Findings,
  positionOf: ReturnType<typeof readSource>['positionOf'],
): ServiceGraph | undefined {
  const template = readTemplate(root, findings);
  if (template === undefined) return undefined;
  const compilation: Compilation = { profile: UNDERWARE_PROFILE, findings, budget: new WalkBudget() };
  const inputs = readInputs(template.inputs, given, compilation.budget, findings);
  const resolver = new FunctionResolver(inputs, compilation.budget, findings);
  const written = resolved<MapNode>(template.nodes, resolver) ?? emptyMap();
  const list = resolved<ListNode>(template.policies, resolver);
  const nodes = checkNodes(written, compilation);
  const policies = checkPolicies(list, nodes, written, compilation);
  const profile = compilation.profile;
  const graph = buildGraph({ file, template, profile, nodes, policies, positionOf });
  checkService(graph, nodes, policies, findings);
  warnUnused(inputs, findings);
  return graph;
}

/** A section keeps its kind unless it is a function call, which stands for nothing here. */
function resolved<T extends MapNode | ListNode>(
  section: T | undefined,
  resolver: FunctionResolver,
): T | undefined {
  if (section === undefined) return undefined;
  const result = resolver.resolve(section);
  return result.kind === section.kind ? (result as T) : undefined;
}

function emptyMap(): MapNode {
  return { kind: 'map', offset: 0, entries: new Map() };
}

function warnUnused(inputs: ReadonlyMap<string, Input>, findings: Findings): void {
  for (const [name, { keyOffset, used }] of inputs) {
    if (used) continue;
    findings.add(keyOffset, {
      code: 'INPUT_UNUSED',
      severity: 'warning',
      message: `Input ${name.slice(0, 80)} is not used`,
      expected: `{ get_input: ${name.slice(0, 80)} } somewhere, or no such input`,
    });
  }
}
