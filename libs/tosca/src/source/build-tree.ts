import { EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import type { Report } from '../finding.js';
import { DEEPEST, LONG_TEXT, MOST_VALUES, TOO_DEEP, TOO_MANY_VALUES } from './limits.js';
import { resolvePlain } from './resolve-plain.js';
import type { ListNode, MapNode, ScalarNode, SourceNode } from './source-node.js';
import type { Place } from './sources.js';

/** A node with what a bound needs of it: how many values it stands for, and how deep it goes. */
interface Built {
  node: SourceNode;
  size: number;
  height: number;
}

interface Frame extends Built {
  node: MapNode | ListNode;
  anchor: string | undefined;
  /** Of a mapping: the key whose value comes next. */
  key: { name: string; place: Place } | undefined;
  /** Of a mapping: whether a key, and not a value, comes next. */
  wantsKey: boolean;
  merged: MapNode[];
  /** Where it begins in the text. */
  start: number;
}

/** Makes a tree of the library's events; an alias shares the node that it stands for. Nothing reads as null. */
export function buildTree(
  events: readonly Event[],
  text: string,
  base: Place,
  report: Report,
  duplicates: 'error' | 'warning',
): SourceNode | undefined {
  return new TreeBuilder(text, base, report, duplicates).build(events);
}

class TreeBuilder {
  private readonly stack: Frame[] = [];
  /** `undefined` while the anchored node is being read: an alias to it then closes a cycle. */
  private readonly anchors = new Map<string, Built | undefined>();
  private root: SourceNode | undefined;
  private documents = 0;
  private values = 0;
  /** Where the text was last read to: the place of a node that is not there. */
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly base: Place,
    private readonly report: Report,
    private readonly duplicates: 'error' | 'warning',
  ) {}

  build(events: readonly Event[]): SourceNode | undefined {
    for (const event of events) {
      switch (event.type) {
        case EVENT_ID.DOCUMENT:
          break;
        case EVENT_ID.SEQUENCE:
        case EVENT_ID.MAPPING:
          this.open(event);
          break;
        case EVENT_ID.SCALAR:
          this.scalar(event);
          break;
        case EVENT_ID.ALIAS:
          this.alias(event.anchorStart, event.anchorEnd);
          break;
        case EVENT_ID.POP:
          this.close();
          break;
      }
      if (this.values > MOST_VALUES) {
        this.report.add(this.base + this.at, TOO_MANY_VALUES);
        return undefined;
      }
    }
    return this.root ?? this.empty(0);
  }

  private open(event: MappingEvent | SequenceEvent): void {
    const place = this.base + event.start;
    this.at = event.start;
    this.stack.push({
      node:
        event.type === EVENT_ID.MAPPING
          ? { kind: 'map', place, entries: new Map() }
          : { kind: 'list', place, items: [] },
      size: 1,
      height: 1,
      anchor: this.declareAnchor(event),
      key: undefined,
      wantsKey: event.type === EVENT_ID.MAPPING,
      merged: [],
      start: event.start,
    });
  }

  private close(): void {
    const frame = this.stack.pop();
    // The end of a document has no frame.
    if (frame === undefined) return;
    for (const from of frame.merged) {
      if (frame.node.kind !== 'map') continue;
      for (const [key, entry] of from.entries) {
        if (!frame.node.entries.has(key)) frame.node.entries.set(key, entry);
      }
    }
    if (frame.anchor !== undefined) this.anchors.set(frame.anchor, frame);
    this.add(frame.node, frame.size, frame.height, frame.start);
  }

  private scalar(event: ScalarEvent): void {
    const absent = event.valueStart < 0;
    if (!absent) this.at = event.valueStart;
    const quote = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const start = quote ? event.valueStart - 1 : this.at;
    const written = getScalarValue(this.text, event);
    const tag = event.tagStart < 0 ? undefined : this.text.slice(event.tagStart, event.tagEnd);
    const quoted = event.style !== SCALAR_STYLE.PLAIN || tag === '!!str' || tag === '!';
    if (tag !== undefined && !KNOWN_TAGS.has(tag)) {
      this.report.add(this.base + event.tagStart, {
        code: 'YAML_WARNING',
        severity: 'warning',
        message: `The tag ${tag.slice(0, 80)} means nothing here: the value is read as it is written`,
      });
    }
    const node: ScalarNode = {
      kind: 'scalar',
      place: this.base + start,
      value: quoted ? written : resolvePlain(written),
      text: written,
      quoted,
    };
    if (tag !== undefined && !CORE_TAGS.has(tag)) node.tag = tag;
    const anchor = this.declareAnchor(event);
    const size = 1 + Math.floor(written.length / LONG_TEXT);
    if (anchor !== undefined) {
      node.anchored = true;
      this.anchors.set(anchor, { node, size, height: 0 });
    }
    this.values += size;
    this.add(node, size, 0, start);
    if (!absent) this.at = event.valueEnd;
  }

  private alias(start: number, end: number): void {
    this.at = start;
    const name = this.text.slice(start, end);
    const target = this.anchors.get(name);
    if (target !== undefined) {
      this.values += target.size;
      if (this.stack.length + target.height <= DEEPEST) {
        return this.add(target.node, target.size, target.height, start);
      }
      this.report.add(this.base + start - 1, TOO_DEEP);
    } else if (this.anchors.has(name)) {
      this.report.add(this.base + start - 1, {
        code: 'ALIAS_CYCLE',
        message: `The alias *${name.slice(0, 80)} is inside what it stands for`,
      });
    } else {
      this.report.add(this.base + start - 1, {
        code: 'ALIAS_UNKNOWN',
        message: `There is no anchor &${name.slice(0, 80)} before this`,
      });
    }
    this.add(this.empty(start), 1, 0, start);
  }

  private declareAnchor(event: { anchorStart: number; anchorEnd: number }): string | undefined {
    if (event.anchorStart < 0) return undefined;
    const anchor = this.text.slice(event.anchorStart, event.anchorEnd);
    this.anchors.set(anchor, undefined);
    return anchor;
  }

  /** Puts a complete node where it belongs; `start` is where the text names it. */
  private add(node: SourceNode, size: number, height: number, start: number): void {
    const parent = this.stack[this.stack.length - 1];
    if (parent === undefined) return this.addDocument(node);
    parent.size += size;
    if (height >= parent.height) parent.height = height + 1;
    if (parent.node.kind === 'list') parent.node.items.push(node);
    else if (parent.wantsKey) this.addKey(parent, node, start);
    else this.addEntry(parent, parent.node, node);
  }

  private addDocument(node: SourceNode): void {
    const blank = node.kind === 'scalar' && node.value === null;
    if (this.documents > 0 && blank) return;
    this.documents += 1;
    if (this.documents === 1) this.root = node;
    else if (this.documents === 2) {
      this.report.add(node.place, {
        code: 'YAML_INVALID',
        message: 'The file holds a second document',
        expected: 'one document per file',
      });
    }
  }

  private addKey(parent: Frame, node: SourceNode, start: number): void {
    parent.wantsKey = false;
    const place = this.base + start;
    if (node.kind === 'scalar') {
      parent.key = { name: node.text, place };
    } else if (isCall(node) || isCounted(node)) {
      // A function may make a key; what it returns is not known, so its text stands for it. So does that of a count.
      parent.key = { name: this.text.slice(start, this.at), place };
    } else {
      parent.key = undefined;
      this.report.add(place, {
        code: 'KEYWORD_INVALID',
        message: 'A key must be plain text',
        expected: 'a name',
      });
    }
  }

  private addEntry(parent: Frame, map: MapNode, node: SourceNode): void {
    parent.wantsKey = true;
    const { key } = parent;
    if (key === undefined) return;
    if (key.name === '<<') {
      parent.merged.push(
        ...(node.kind === 'list' ? node.items : [node]).filter((item) => item.kind === 'map'),
      );
    } else if (key.name === '__proto__') {
      this.report.add(key.place, { code: 'KEY_FORBIDDEN', message: `The key ${key.name} is not allowed` });
    } else if (map.entries.has(key.name)) {
      this.report.add(key.place, {
        code: 'KEY_DUPLICATE',
        severity: this.duplicates,
        message: `The key ${key.name.slice(0, 80)} is here a second time`,
        expected: 'every key once in a mapping',
      });
    } else {
      map.entries.set(key.name, { keyPlace: key.place, node });
    }
  }

  private empty(start: number): ScalarNode {
    return { kind: 'scalar', place: this.base + start, value: null, text: '', quoted: false };
  }
}

const CORE_TAGS = new Set(['!', '!!str', '!!int', '!!float', '!!bool', '!!null']);
/** What is written is what they mean, where the type of a value wants it. */
const KNOWN_TAGS = new Set([...CORE_TAGS, '!!timestamp', '!!binary']);

function isCall(node: SourceNode): boolean {
  if (node.kind !== 'map' || node.entries.size !== 1) return false;
  const [[name, entry] = []] = node.entries;
  return name?.startsWith('$') === true || entry?.node.kind === 'list';
}

/** `[ service, 2 ]`: how many times a mapping of 2.0 is meant. */
function isCounted(node: SourceNode): boolean {
  if (node.kind !== 'list' || node.items.length !== 2) return false;
  const [name, count] = node.items;
  return name?.kind === 'scalar' && count?.kind === 'scalar' && /^(?:\d+|UNBOUNDED)$/.test(count.text);
}
