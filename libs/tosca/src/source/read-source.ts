import { parseEvents, YAMLException } from 'js-yaml';
import type { Event } from 'js-yaml';
import type { Note, Report } from '../finding.js';
import { buildTree } from './build-tree.js';
import { DEEPEST, TOO_DEEP } from './limits.js';
import type { SourceNode } from './source-node.js';
import type { Sources } from './sources.js';

/** UTF-16 code units; larger files are refused before anything reads them. */
const LARGEST = 4 * 1024 * 1024;
/** Marks that may begin a node; a descriptor of a megabyte has some 100,000. What the library keeps of each costs memory. */
const MOST_MARKS = 1_000_000;

/**
 * Reads YAML text into a tree with places; undefined where it cannot be read, which is reported. Bounded for any text:
 * its size, its nodes, their depth and what aliases expand to have limits. Of a key that is there twice, the first counts.
 */
export function readSource(
  sources: Sources,
  name: string,
  text: string,
  report: Report,
  { duplicates = 'error' }: { duplicates?: 'error' | 'warning' } = {},
): SourceNode | undefined {
  const base = sources.add(name, text);
  const refusal = refuse(text);
  if (refusal !== undefined) {
    report.add(base + refusal.offset, refusal.note);
    return undefined;
  }
  const events = parse(text, (offset, note) => report.add(base + offset, note));
  return events && buildTree(events, text, base, report, duplicates);
}

function refuse(text: string): { offset: number; note: Note } | undefined {
  if (text.length > LARGEST) {
    return {
      offset: 0,
      note: {
        code: 'SOURCE_TOO_LARGE',
        message: `The file has ${text.length} characters`,
        expected: `at most ${LARGEST}`,
      },
    };
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const control = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control !== null) {
    const code = control[0].codePointAt(0) ?? 0;
    return {
      offset: control.index,
      note: {
        code: 'CONTROL_CHARACTER',
        message: `The text holds the control character U+${code.toString(16).padStart(4, '0').toUpperCase()}`,
        expected: 'printable text in UTF-8',
      },
    };
  }
  let marks = 0;
  for (let at = 0; at < text.length; at++) if (MARKS[text.charCodeAt(at)] === 1) marks += 1;
  if (marks <= MOST_MARKS) return undefined;
  return {
    offset: 0,
    note: {
      code: 'SOURCE_TOO_LARGE',
      message: 'The file has too many lines and marks',
      expected: `at most ${MOST_MARKS}`,
    },
  };
}

const MARKS = new Uint8Array(65_536);
for (const mark of '\n,:[{?') MARKS[mark.charCodeAt(0)] = 1;

function parse(text: string, add: (offset: number, note: Note) => void): Event[] | undefined {
  try {
    return parseEvents(text, { maxDepth: DEEPEST });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const deep = error.reason.includes('maxDepth');
    add(
      error.mark?.position ?? 0,
      deep ? TOO_DEEP : { code: 'YAML_INVALID', message: sentence(error.reason) },
    );
    return undefined;
  }
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1, 300)}`;
}
