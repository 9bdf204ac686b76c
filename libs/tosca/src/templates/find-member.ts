import { nearestName } from '@underware/core';
import type { GroupTemplate, NodeTemplate } from '../model/topology.js';
import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { clip, oneOf } from '../values/shown.js';
import type { GroupDraft, NodeDraft, TemplateContext } from './context.js';
import { mapAt, textsOf } from './entries.js';

export interface Member {
  place: Place;
  node?: NodeDraft;
  group?: GroupDraft;
}

/** The node template or group of a name; a name of neither is reported. */
export function findMember(name: string, place: Place, context: TemplateContext): Member | undefined {
  const node = context.nodes.get(name);
  if (node !== undefined) return { place, node };
  const group = context.groups.get(name);
  if (group !== undefined) return { place, group };
  // What is written and no mapping was reported as such.
  for (const section of ['node_templates', 'groups']) {
    if (mapAt(context.template, section)?.entries.has(name) === true) return undefined;
  }
  const names = function* (): Iterable<string> {
    yield* context.nodes.keys();
    yield* context.groups.keys();
  };
  context.add(place, {
    code: 'REFERENCE_UNKNOWN',
    message: `There is no node template or group ${clip(name)}`,
    expected: oneOf(names()) ?? 'a node template',
    nearest: () => nearestName(name, names()),
  });
  return undefined;
}

/** The members that a list names, each once. */
export function findMembers(list: SourceNode | undefined, context: TemplateContext): Member[] {
  const seen = new Set<string>();
  return textsOf(list).flatMap(({ text, place }) => {
    if (seen.has(text)) {
      context.add(place, {
        code: 'NAME_DUPLICATE',
        message: `${clip(text)} is in the list already`,
        expected: 'every name once',
      });
      return [];
    }
    seen.add(text);
    return findMember(text, place, context) ?? [];
  });
}

export function templatesOf(
  members: readonly Member[],
): { place: Place; node?: NodeTemplate; group?: GroupTemplate }[] {
  return members.map(({ place, node, group }) => ({
    place,
    ...(node === undefined ? {} : { node: node.template }),
    ...(group === undefined ? {} : { group: group.template }),
  }));
}
