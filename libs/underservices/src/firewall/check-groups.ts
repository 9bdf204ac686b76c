import { nearestName } from '@underware/core';
import { parsePrefix } from '../prefix.js';
import type { ModelContext, ModelFinding } from '../underservice-kind.js';
import { isRecord } from './model.js';

/** Names that rules and groups may use; what is not a name was found wrong by the node type. */
export function groupNames(model: Record<string, unknown>): string[] {
  return groupsOf(model).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
}

/** Groups have names of their own, members that exist, and are not in themselves. */
export function checkGroups(model: Record<string, unknown>, context: ModelContext): ModelFinding[] {
  const findings: ModelFinding[] = [];
  const groups = groupsOf(model);
  const names = groupNames(model);
  const members = new Map<unknown, unknown[]>();
  for (const [i, { name, members: listed }] of groups.entries()) {
    const wrong = (
      path: (string | number)[],
      finding: Omit<ModelFinding, 'severity' | 'path' | 'at'>,
    ): void => {
      findings.push({ severity: 'error', path: ['groups', i, ...path], at: 'value', ...finding });
    };
    if (typeof name === 'string' && (members.has(name) || name === 'any' || context.ports.includes(name))) {
      wrong(['name'], {
        code: 'NAME_DUPLICATE',
        message: `${name} stands for something else already`,
        expected: 'a name that no other group and no port has, and not any',
      });
    }
    members.set(name, listed);
    for (const [m, member] of listed.entries()) {
      if (typeof member !== 'string' || names.includes(member) || context.ports.includes(member)) continue;
      if (parsePrefix(member) !== undefined) continue;
      const nearest = nearestName(member, [...names, ...context.ports]);
      wrong(['members', m], {
        code: 'REFERENCE_UNKNOWN',
        message: `${member} is neither a prefix nor a port of this descriptor nor a group`,
        expected: `a prefix, or one of ${[...names, ...context.ports].join(', ')}`,
        ...(nearest === undefined ? {} : { nearest }),
      });
    }
  }
  for (const [i, { name }] of groups.entries()) {
    if (!reaches(name, name, members, new Set())) continue;
    findings.push({
      code: 'RULE_INVALID',
      severity: 'error',
      path: ['groups', i, 'members'],
      at: 'value',
      message: `Group ${String(name)} is a member of itself, by way of its members`,
      expected: 'groups that end in prefixes and ports',
    });
  }
  return findings;
}

function reaches(
  from: unknown,
  to: unknown,
  members: ReadonlyMap<unknown, readonly unknown[]>,
  seen: Set<unknown>,
): boolean {
  return (members.get(from) ?? []).some((member) => {
    if (member === to) return true;
    if (seen.has(member)) return false;
    seen.add(member);
    return reaches(member, to, members, seen);
  });
}

function groupsOf(model: Record<string, unknown>): { name: unknown; members: unknown[] }[] {
  const groups: unknown = model['groups'];
  if (!Array.isArray(groups)) return [];
  return groups.map((group: unknown) => ({
    name: isRecord(group) ? group['name'] : undefined,
    members: isRecord(group) && Array.isArray(group['members']) ? group['members'] : [],
  }));
}
