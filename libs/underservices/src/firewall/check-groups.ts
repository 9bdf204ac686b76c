import { nearestName } from '@underware/core';
import { portNames } from '../port-names.js';
import { parsePrefix } from '../prefix.js';
import type { ModelContext, ModelFinding } from '../underservice-kind.js';
import { isRecord } from './model.js';

/** Groups within groups: as deep as anyone would look. */
const DEEPEST = 32;
/** Nobody reads more of them. */
export const MOST_FINDINGS = 250;

/** Names that rules and groups may use; what is not a name was found wrong by the node type. */
export function groupNames(model: Record<string, unknown>): string[] {
  return groupsOf(model).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
}

/** Groups have names of their own, members that exist, and are not in themselves. */
export function checkGroups(model: Record<string, unknown>, context: ModelContext): ModelFinding[] {
  const findings: ModelFinding[] = [];
  const groups = groupsOf(model);
  const own = new Set(groupNames(model));
  const ports = portNames(context.ports);
  const members = new Map<unknown, unknown[]>();
  for (const [i, { name, members: listed }] of groups.entries()) {
    const wrong = (
      path: (string | number)[],
      finding: Omit<ModelFinding, 'severity' | 'path' | 'at'>,
    ): void => {
      findings.push({ severity: 'error', path: ['groups', i, ...path], at: 'value', ...finding });
    };
    if (typeof name === 'string' && (members.has(name) || name === 'any' || ports.has(name))) {
      wrong(['name'], {
        code: 'NAME_DUPLICATE',
        message: `${name} stands for something else already`,
        expected: 'a name that no other group and no port has, and not any',
      });
    }
    members.set(name, listed);
    for (const [m, member] of listed.entries()) {
      if (typeof member !== 'string' || own.has(member) || ports.has(member)) continue;
      if (parsePrefix(member) !== undefined) continue;
      if (findings.length > MOST_FINDINGS) return findings;
      const nearest = nearestName(member, [...own, ...ports]);
      wrong(['members', m], {
        code: 'REFERENCE_UNKNOWN',
        message: `${member} is neither a prefix nor a port of this descriptor nor a group`,
        expected: `a prefix, or one of ${fewOf([own, ports])}`,
        ...(nearest === undefined ? {} : { nearest }),
      });
    }
  }
  const depths = depthsOf(members);
  for (const [i, { name }] of groups.entries()) {
    const depth = depths.get(name);
    if (depth !== undefined && depth <= DEEPEST) continue;
    findings.push({
      code: 'RULE_INVALID',
      severity: 'error',
      path: ['groups', i, 'members'],
      at: 'value',
      message:
        depth === undefined
          ? `Group ${String(name)} is a member of itself, by way of its members, or has such a group in it`
          : `Group ${String(name)} has groups in it ${depth} deep`,
      expected: `groups that end in prefixes and ports, at most ${DEEPEST} deep`,
    });
  }
  return findings;
}

/** How deep groups go, from those without groups in them; those that never end are left out. */
function depthsOf(members: ReadonlyMap<unknown, readonly unknown[]>): Map<unknown, number> {
  const waiting = new Map<unknown, number>();
  const holders = new Map<unknown, unknown[]>();
  const ready: unknown[] = [];
  for (const [name, listed] of members) {
    const inner = new Set(listed.filter((member) => members.has(member)));
    waiting.set(name, inner.size);
    if (inner.size === 0) ready.push(name);
    for (const member of inner) {
      const known = holders.get(member);
      if (known === undefined) holders.set(member, [name]);
      else known.push(name);
    }
  }
  const depths = new Map<unknown, number>();
  // Each is taken when all that is in it was: the last of those is the deepest.
  for (let at = 0; at < ready.length; at++) {
    const name = ready[at];
    const depth = depths.get(name) ?? 0;
    depths.set(name, depth);
    for (const holder of holders.get(name) ?? []) {
      const left = (waiting.get(holder) ?? 0) - 1;
      waiting.set(holder, left);
      if (left > 0) continue;
      depths.set(holder, depth + 1);
      ready.push(holder);
    }
  }
  return depths;
}

const FEW = 8;

/** Names for a message: a model may have more of them than anyone reads. */
export function fewOf(sets: readonly ReadonlySet<string>[]): string {
  const shown: string[] = [];
  for (const names of sets) {
    for (const name of names) {
      if (shown.length === FEW) break;
      shown.push(name);
    }
  }
  const more = sets.reduce((sum, { size }) => sum + size, -shown.length);
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

function groupsOf(model: Record<string, unknown>): { name: unknown; members: unknown[] }[] {
  const groups: unknown = model['groups'];
  if (!Array.isArray(groups)) return [];
  return groups.map((group: unknown) => ({
    name: isRecord(group) ? group['name'] : undefined,
    members: isRecord(group) && Array.isArray(group['members']) ? group['members'] : [],
  }));
}
