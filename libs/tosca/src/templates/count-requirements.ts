import type { Requirement } from '../model/topology.js';
import type { Occurrences } from '../model/types.js';
import { UNRESOLVED } from '../source/source-node.js';
import type { SourceNode } from '../source/source-node.js';
import { clip } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import type { RequirementDraft } from './draft-requirements.js';

export interface Counted {
  draft: RequirementDraft;
  requirement: Requirement;
}

/** As many relationships as the type says; what is not written at all is left to the orchestrator. */
export function countRequirements(
  node: NodeDraft,
  counted: readonly Counted[],
  context: TemplateContext,
): void {
  if (counted.length === 0) return;
  const byName = new Map<string, Counted[]>();
  for (const each of counted) {
    const list = byName.get(each.draft.name);
    if (list === undefined) byName.set(each.draft.name, [each]);
    else list.push(each);
  }
  for (const [name, list] of byName) {
    const range = list[0]?.draft.definition?.occurrences;
    if (range === undefined || list[0]?.draft.implicit === true) continue;
    checkRange(node, name, list, range, context);
  }
}

function checkRange(
  node: NodeDraft,
  name: string,
  list: readonly Counted[],
  range: Occurrences,
  context: TemplateContext,
): void {
  let least = 0;
  let most = 0;
  let mandatory = 0;
  for (const { draft, requirement } of list) {
    const written = draft.map?.entries.get('occurrences')?.node;
    const own = occurrencesOf(written);
    if (written !== undefined && own !== undefined && own.least > own.most) {
      context.add(written.place, {
        code: 'KEYWORD_INVALID',
        message: `Requirement ${clip(name)} can not occur ${own.least} to ${own.most} times`,
        expected: '[ least, most ]',
      });
      return;
    }
    if (written !== undefined && own !== undefined && (own.least < range.least || own.most > range.most)) {
      context.add(written.place, {
        code: own.most > range.most ? 'REQUIREMENT_TOO_MANY' : 'REQUIREMENT_MISSING',
        message: `Requirement ${clip(name)} may occur ${own.least} to ${shownMost(own)} times here, and ${range.least} to ${shownMost(range)} by its type`,
        expected: 'a range within that of the type',
      });
      return;
    }
    // What is not known yet may be none and may be any number.
    const unknown = requirement.count === UNRESOLVED;
    least += own?.least ?? (requirement.count === UNRESOLVED ? 0 : requirement.count);
    most += own?.most ?? (requirement.count === UNRESOLVED ? Infinity : requirement.count);
    if (!requirement.optional) mandatory += unknown ? Infinity : (own?.most ?? Number(requirement.count));
    if (least > range.most) {
      context.add(draft.place, {
        code: 'REQUIREMENT_TOO_MANY',
        message: `${clip(node.template.name)} has more of requirement ${clip(name)} than its type allows`,
        expected: `at most ${range.most}`,
      });
      return;
    }
  }
  if (most >= range.least && mandatory >= range.least) return;
  context.add(node.template.place, {
    code: 'REQUIREMENT_MISSING',
    message: `${clip(node.template.name)} has ${most < range.least ? most : mandatory} of requirement ${clip(name)}${most < range.least ? '' : ' that are not optional'}`,
    expected: `at least ${range.least}`,
  });
}

const shownMost = ({ most }: Occurrences): number | string => (most === Infinity ? 'UNBOUNDED' : most);

/** `occurrences` of an assignment of 1.x. */
function occurrencesOf(node: SourceNode | undefined): Occurrences | undefined {
  if (node?.kind !== 'list') return undefined;
  const [least, most] = node.items.map((item) => (item.kind === 'scalar' ? item.value : undefined));
  return {
    least: typeof least === 'number' ? least : 0,
    most: typeof most === 'number' ? most : Infinity,
  };
}

/** A capability serves no more relationships than its type allows (1.x). */
export function countCapabilities(
  node: NodeDraft,
  drafts: readonly RequirementDraft[],
  context: TemplateContext,
): void {
  for (const { target, capabilityName, place, name } of drafts) {
    if (target === undefined || capabilityName === undefined) continue;
    const most = mostOf(target, capabilityName);
    const served = target.entity.served.get(capabilityName) ?? [];
    // Reported once, for the first one over.
    if (served.length <= most || served[most]?.source !== node.entity) continue;
    context.add(place, {
      code: 'REQUIREMENT_TOO_MANY',
      message: `Capability ${clip(capabilityName)} of ${clip(target.template.name)} has no place left for requirement ${clip(name)}`,
      expected: `at most ${most} relationships to it`,
    });
  }
}

function mostOf(target: NodeDraft, capability: string): number {
  const assigned = target.map.entries.get('capabilities')?.node;
  const entry = assigned?.kind === 'map' ? assigned.entries.get(capability)?.node : undefined;
  const own = entry?.kind === 'map' ? occurrencesOf(entry.entries.get('occurrences')?.node) : undefined;
  return own?.most ?? target.type?.capabilities.get(capability)?.occurrences.most ?? Infinity;
}
