import { isAlias, isMap, isPair, isScalar, isSeq, Lexer, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { Findings } from '../finding.js';
import type { Note } from '../finding.js';
import type { MapEntry, MapNode, SourceNode } from './source-node.js';

/** UTF-16 code units; larger files are refused before anything reads them. */
const LARGEST = 4 * 1024 * 1024;
/** Words, marks and spaces; a descriptor of a megabyte has some 250,000. What the library makes of each costs memory. */
const MOST_TOKENS = 500_000;
const DEEPEST = 100;

export interface Source {
  root: SourceNode | undefined;
  findings: Findings;
  positionOf(offset: number): { line: number; column: number };
}

/**
 * Reads YAML text into a tree with places. Bounded for any text: size and depth have limits, duplicate keys are looked
 * up in a map (the library's own check compares all pairs), aliases are resolved once by name (the library's own walks
 * the document for each), and a cycle is a finding.
 */
export function readSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const positionOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(Math.max(0, offset));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const findings = new Findings(file, positionOf);
  const source = (root?: SourceNode): Source => ({ root, findings, positionOf });
  lines.addNewLine(0);
  if (text.length > LARGEST) {
    findings.add(0, {
      code: 'SOURCE_TOO_LARGE',
      message: `The file has ${text.length} characters`,
      expected: `at most ${LARGEST}`,
    });
    return source();
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const control = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control !== null) {
    for (let at = text.indexOf('\n'); at !== -1 && at < control.index; at = text.indexOf('\n', at + 1)) {
      lines.addNewLine(at + 1);
    }
    const code = control[0].codePointAt(0) ?? 0;
    findings.add(control.index, {
      code: 'CONTROL_CHARACTER',
      message: `The text holds the control character U+${code.toString(16).padStart(4, '0').toUpperCase()}`,
      expected: 'printable text in UTF-8',
    });
    return source();
  }
  lines.lineStarts.length = 0;
  const refusal = refuseTokens(text);
  if (refusal !== undefined) {
    lines.addNewLine(0);
    findings.add(0, refusal);
    return source();
  }
  const document = parse(text, lines);
  if (document === undefined) {
    findings.add(0, TOO_DEEP);
    return source();
  }
  for (const { pos, message } of document.errors) {
    // The library turns a stack that its recursion overflowed into an error of the text, which it is.
    const tooDeep = message.startsWith('Maximum call stack');
    findings.add(pos[0], tooDeep ? TOO_DEEP : { code: 'YAML_INVALID', message: firstLine(message) });
  }
  for (const { pos, message } of document.warnings) {
    findings.add(pos[0], { code: 'YAML_WARNING', severity: 'warning', message: firstLine(message) });
  }
  if (document.errors.length > 0 || document.contents === null) return source();
  return source(new TreeReader(findings).read(document.contents, 0));
}

const TOO_DEEP: Note = {
  code: 'SOURCE_TOO_DEEP',
  message: 'The text nests deeper than it can be read',
  expected: `at most ${DEEPEST} levels`,
};

/** Streams through the tokens, before anything keeps them: what holds too many, or opens too many brackets, is refused. */
function refuseTokens(text: string): Note | undefined {
  let count = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    count += 1;
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > DEEPEST) return TOO_DEEP;
    if (count > MOST_TOKENS) {
      return {
        code: 'SOURCE_TOO_LARGE',
        message: 'The file has too many words and marks',
        expected: `at most ${MOST_TOKENS}`,
      };
    }
  }
  return undefined;
}

/** Undefined where the text nests deeper than the library's recursion reaches. */
function parse(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  // The library makes an Error of everything it finds; a hostile text holds hundreds of thousands, and no one reads
  // their stacks.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, {
      lineCounter,
      uniqueKeys: false,
      prettyErrors: false,
      // Below `error` the library does not say that there are several documents.
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

class TreeReader {
  /** `undefined` while the anchored node is being read: an alias to it then closes a cycle. */
  private readonly anchors = new Map<string, SourceNode | undefined>();

  constructor(private readonly findings: Findings) {}

  read(node: unknown, depth: number): SourceNode {
    const offset = offsetOf(node);
    if (depth > DEEPEST) {
      this.findings.add(offset, {
        code: 'SOURCE_TOO_DEEP',
        message: 'This is nested too deep',
        expected: `at most ${DEEPEST} levels`,
      });
      return empty(offset);
    }
    if (isAlias(node)) return this.alias(node.source, offset);
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.anchors.set(anchor, undefined);
    const result = this.content(node, offset, depth);
    if (anchor !== undefined) this.anchors.set(anchor, result);
    return result;
  }

  private content(node: unknown, offset: number, depth: number): SourceNode {
    if (isMap(node)) return this.map(node.items, offset, depth);
    if (isSeq(node)) {
      return { kind: 'list', offset, items: node.items.map((item) => this.read(item, depth + 1)) };
    }
    if (!isScalar(node)) return empty(offset);
    const { value } = node;
    const text = node.source ?? String(value);
    const known =
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { kind: 'scalar', offset, value: known ? value : text, text };
  }

  private map(pairs: readonly unknown[], offset: number, depth: number): MapNode {
    const entries = new Map<string, MapEntry>();
    const merged: MapNode[] = [];
    for (const pair of pairs) {
      if (!isPair(pair)) continue;
      const keyOffset = offsetOf(pair.key, offset);
      if (!isScalar(pair.key)) {
        this.findings.add(keyOffset, {
          code: 'KEYWORD_INVALID',
          message: 'A key must be plain text',
          expected: 'a name',
        });
        continue;
      }
      const key = pair.key.source ?? String(pair.key.value);
      const node = pair.value === null ? empty(keyOffset) : this.read(pair.value, depth + 1);
      if (key === '<<') {
        merged.push(...(node.kind === 'list' ? node.items : [node]).filter((item) => item.kind === 'map'));
      } else if (key === '__proto__') {
        this.findings.add(keyOffset, { code: 'KEY_FORBIDDEN', message: `The key ${key} is not allowed` });
      } else if (entries.has(key)) {
        this.findings.add(keyOffset, {
          code: 'KEY_DUPLICATE',
          message: `The key ${key.slice(0, 80)} is here a second time`,
          expected: 'every key once in a mapping',
        });
      } else {
        entries.set(key, { keyOffset, node });
      }
    }
    for (const from of merged) {
      for (const [key, entry] of from.entries) if (!entries.has(key)) entries.set(key, entry);
    }
    return { kind: 'map', offset, entries };
  }

  private alias(name: string, offset: number): SourceNode {
    const target = this.anchors.get(name);
    if (target !== undefined) return target;
    const cycle = this.anchors.has(name);
    this.findings.add(offset, {
      code: cycle ? 'ALIAS_CYCLE' : 'ALIAS_UNKNOWN',
      message: cycle
        ? `The alias *${name} is inside what it stands for`
        : `There is no anchor &${name} before this`,
    });
    return empty(offset);
  }
}

function offsetOf(node: unknown, otherwise = 0): number {
  const range = (node as Node | null | undefined)?.range;
  return range?.[0] ?? otherwise;
}

function empty(offset: number): SourceNode {
  return { kind: 'scalar', offset, value: null, text: '' };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
