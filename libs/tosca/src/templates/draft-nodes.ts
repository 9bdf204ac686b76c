import { nearestName } from '@underware/core';
import type { NodeTemplate } from '../model/topology.js';
import type { MapNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { clip, oneOf } from '../values/shown.js';
import type { NodeDraft, TemplateContext } from './context.js';
import { NodeEntity } from './entities.js';
import { mapAt, textAt, textsOf } from './entries.js';
import { NOTHING } from './lazy-map.js';

/** Every node template with its type, before anything refers to another. */
export function draftNodes(context: TemplateContext): void {
  const written = mapAt(context.template, 'node_templates');
  for (const [name, { keyPlace, node }] of written?.entries ?? []) {
    if (node.kind !== 'map') continue;
    const map = written === undefined ? node : withCopied('node template', node, written, context);
    context.nodes.set(name, draftNode(name, keyPlace, map, context));
  }
}

function draftNode(name: string, keyPlace: Place, map: MapNode, context: TemplateContext): NodeDraft {
  const type = context.type('node', map.entries.get('type')?.node);
  const entity = new NodeEntity(`node template ${clip(name)}`, keyPlace, type, map, context.functions);
  const filter = map.entries.get('node_filter')?.node;
  const template: NodeDraft['template'] = {
    name,
    place: keyPlace,
    description: textAt(map, 'description') ?? '',
    metadata: {},
    type,
    directives: readDirectives(map, context),
    count: 1,
    properties: NOTHING,
    attributes: NOTHING,
    capabilities: NOTHING,
    requirements: [],
    interfaces: NOTHING,
    artifacts: NOTHING,
    substitutes: [],
    ...(filter === undefined ? {} : { nodeFilter: filter }),
  };
  return { template, type, map, entity };
}

/** 1.x has other words for some, and orchestrators have directives of their own. */
const DIRECTIVES_OF_1: Readonly<Record<string, string>> = {
  selectable: 'select',
  substitutable: 'substitute',
};
const DIRECTIVES = ['create', 'select', 'substitute'];

function readDirectives(map: MapNode, context: TemplateContext): NodeTemplate['directives'] {
  return textsOf(map.entries.get('directives')?.node).map(({ text, place }) => {
    const word = DIRECTIVES_OF_1[text] ?? text;
    if (!DIRECTIVES.includes(word) || (context.is2 && word !== text)) {
      context.add(place, {
        code: 'KEYWORD_INVALID',
        // 1.x leaves the list open.
        severity: context.is2 ? 'error' : 'warning',
        message: `${clip(text)} is no directive of ${context.version}`,
        expected: oneOf(DIRECTIVES),
        nearest: () => nearestName(text, DIRECTIVES),
      });
    }
    return word;
  });
}

/** The mapping with what it takes from the template at `copy`: its own keynames win, below them its own names. */
export function withCopied(what: string, map: MapNode, siblings: MapNode, context: TemplateContext): MapNode {
  const copy = map.entries.get('copy')?.node;
  const name = textAt(map, 'copy');
  if (copy === undefined || name === undefined) return map;
  const source = siblings.entries.get(name)?.node;
  if (source?.kind !== 'map' || source === map || source.entries.has('copy')) {
    const exists = source !== undefined;
    context.add(copy.place, {
      code: exists ? 'KEYWORD_INVALID' : 'REFERENCE_UNKNOWN',
      message: exists
        ? `${clip(name)} can not be copied: it is itself a copy`
        : `There is no ${what} ${clip(name)} to copy`,
      expected: `a ${what} that is not itself a copy`,
      nearest: () => (exists ? undefined : nearestName(name, siblings.entries.keys())),
    });
    return map;
  }
  const entries = new Map(source.entries);
  for (const [key, entry] of map.entries) {
    const below = entries.get(key)?.node;
    const merged =
      below?.kind === 'map' && entry.node.kind === 'map'
        ? { ...entry.node, entries: new Map([...below.entries, ...entry.node.entries]) }
        : entry.node;
    entries.set(key, { keyPlace: entry.keyPlace, node: merged });
  }
  return { kind: 'map', place: map.place, entries };
}
