import type { CompiledFiles, NodeTemplate, Substitute, Topology } from '@underware/tosca';
import type { Findings } from '../finding.js';
import { isUnderware } from './leaves.js';
import { renameEnds } from './rename-ends.js';
import type { Scope } from './scope.js';

const DEEPEST = 8;
const MOST_NODES = 20_000;
/** Characters of templates that may be checked again with inputs: small templates often, large ones seldom. */
const MOST_TEXT = 16_000_000;

interface Expansion {
  instantiate: CompiledFiles['instantiate'];
  /** Of a file of the compilation. */
  lengthOf(file: string): number;
  findings: Findings;
  /** Without it, a file is only checked: what stands for a node is for whoever deploys it to choose. */
  toDeploy: boolean;
  nodes: number;
  text: number;
}

/** Puts templates in the place of nodes that are to be substituted, as deep as it goes and within bounds. */
export function expand(topology: Topology, with_: Omit<Expansion, 'nodes' | 'text'>): Scope {
  const entry: Scope = { topology, path: [], inner: new Map() };
  const expansion = { ...with_, nodes: topology.nodes.size, text: 0 };
  const open = [entry];
  for (let scope = open.shift(); scope !== undefined; scope = open.shift()) {
    for (const node of scope.topology.nodes.values()) {
      if (!node.directives.includes('substitute')) continue;
      if (!expansion.toDeploy && !isUnderware(node.type)) continue;
      const template = chooseTemplate(node, expansion);
      if (template === undefined || !mayExpand(scope, node, template, expansion)) continue;
      const inner: Scope = {
        topology: expansion.instantiate(template, inputsOf(scope, node, template)),
        path: [...scope.path, node.name],
        outer: { scope, node },
        inner: new Map(),
      };
      scope.inner.set(node.name, inner);
      open.push(inner);
    }
  }
  return entry;
}

/** Of those whose filter the node meets; one for its very type goes before one for a type derived from it. */
function chooseTemplate(node: NodeTemplate, expansion: Expansion): Topology | undefined {
  const { substitutes, type, name } = node;
  const [of, ...others] = withExactType(
    substitutes.filter(({ meets }) => meets !== false),
    type,
  );
  if (of === undefined) {
    if (substitutes.length > 0) {
      const why = `${name} meets the substitution_filter of no template that can stand for it`;
      refuse(node, why, `properties that meet one of: ${filesOf(substitutes)}`, expansion);
    }
    return undefined;
  }
  if (others.length > 0) {
    const why = `Several templates can stand for ${name}: ${filesOf([of, ...others])}`;
    const expected = 'one, among the files that are imported, whose substitution_filter its properties meet';
    refuse(node, why, expected, expansion);
    return undefined;
  }
  if (of.meets === undefined) {
    const why = `Whether ${name} meets the substitution_filter of ${of.topology.file} is not known before the service runs`;
    refuse(node, why, 'values for what the filter asks for', expansion);
    return undefined;
  }
  return of.topology;
}

function withExactType(
  substitutes: readonly Substitute[],
  type: NodeTemplate['type'],
): readonly Substitute[] {
  const exact = substitutes.filter(({ topology }) => topology.substitution?.nodeType === type);
  return exact.length === 0 ? substitutes : exact;
}

function filesOf(substitutes: readonly Substitute[]): string {
  return substitutes.map(({ topology }) => topology.file).join(', ');
}

/** A file that is only checked may be right: other values, or other templates, can come with its deployment. */
function refuse(
  { place }: NodeTemplate,
  message: string,
  expected: string,
  { findings, toDeploy }: Expansion,
): void {
  if (toDeploy) findings.add(place, { code: 'SUBSTITUTION_INVALID', message, expected });
}

function mayExpand(scope: Scope, node: NodeTemplate, template: Topology, expansion: Expansion): boolean {
  expansion.nodes += 1 + template.nodes.size;
  expansion.text += expansion.lengthOf(template.file);
  const why = isInside(scope, template)
    ? `The template of ${node.name} is inside itself: ${template.file}`
    : scope.path.length >= DEEPEST
      ? `${node.name} is nested more than ${DEEPEST} deep`
      : expansion.nodes > MOST_NODES || expansion.text > MOST_TEXT
        ? 'The service is too large with the templates that stand for its nodes'
        : undefined;
  if (why === undefined) return true;
  refuse(
    node,
    why,
    `templates without a cycle, at most ${DEEPEST} deep and ${MOST_NODES} nodes in all`,
    expansion,
  );
  return false;
}

function isInside(scope: Scope, template: Topology): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer?.scope) {
    if (at.topology.place === template.place) return true;
  }
  return false;
}

/** What is not known before the service runs stays unknown inside. */
function inputsOf(scope: Scope, node: NodeTemplate, { substitution }: Topology): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const [property, input] of substitution?.properties ?? []) {
    const assigned = node.properties.get(property);
    if (assigned === undefined || assigned.value === null || isUnknown(assigned.value)) continue;
    inputs[input] = renameEnds(assigned.value, assigned.schema, scope);
  }
  return inputs;
}

function isUnknown(value: unknown): boolean {
  if (typeof value === 'symbol') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(isUnknown);
}
