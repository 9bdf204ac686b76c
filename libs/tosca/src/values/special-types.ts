import type { DataType } from '../model/schema.js';
import { isRecord } from './compare.js';
import type { Value } from './scope.js';

/** What the standard asks of some types beyond what their definitions say; undefined where the value meets it. */
export function specialProblem(type: DataType, value: Value): string | undefined {
  for (let at: DataType | undefined = type; at !== undefined; at = at.parent) {
    const problem = CHECKS.get(at.name)?.(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const CHECKS = new Map<string, (value: Value) => string | undefined>([
  ['tosca.datatypes.network.PortSpec', checkPortSpec],
  ['tosca.datatypes.json', checkJson],
  ['tosca.datatypes.xml', checkXml],
]);

const PORTS = ['source', 'source_range', 'target', 'target_range'];

function checkPortSpec(value: Value): string | undefined {
  if (!isRecord(value)) return undefined;
  if (PORTS.every((name) => value[name] === undefined || value[name] === null))
    return `one of ${PORTS.join(', ')}`;
  for (const end of ['source', 'target']) {
    const port = value[end];
    const range = value[`${end}_range`];
    if (typeof port !== 'number' || !Array.isArray(range)) continue;
    const [least, most] = range;
    if ((typeof least === 'number' && port < least) || (typeof most === 'number' && port > most)) {
      return `${end} to be within ${end}_range`;
    }
  }
  return undefined;
}

function checkJson(value: Value): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    JSON.parse(value);
    return undefined;
  } catch {
    return 'text in JSON';
  }
}

const NAME = /[^\s<>/"']+/y;
/** What begins so ends so, whatever is in between. */
const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;

/** Elements that open and close in turn; what a document needs more than that is left to who uses it. */
function checkXml(value: Value): string | undefined {
  if (typeof value !== 'string') return undefined;
  const expected = 'text in XML';
  const open: string[] = [];
  let elements = 0;
  for (let at = value.indexOf('<'); at !== -1; at = value.indexOf('<', at)) {
    const skipped = SKIPPED.find(([start]) => value.startsWith(start, at));
    if (skipped !== undefined) {
      const [start, end] = skipped;
      at = value.indexOf(end, at + start.length);
      if (at === -1) return `${expected}: ${start} does not end`;
      continue;
    }
    const closes = value[at + 1] === '/';
    NAME.lastIndex = closes ? at + 2 : at + 1;
    const name = NAME.exec(value)?.[0];
    const end = name === undefined ? -1 : endOfTag(value, NAME.lastIndex);
    if (name === undefined || end === -1) return `${expected}: a < that begins no element`;
    elements += 1;
    if (closes) {
      if (open.pop() !== name) return `${expected}: </${name.slice(0, 40)}> closes what is not open`;
    } else if (value[end - 1] !== '/') open.push(name);
    at = end;
  }
  const rest = open.at(-1);
  if (rest !== undefined) return `${expected}: <${rest.slice(0, 40)}> is not closed`;
  return elements === 0 ? expected : undefined;
}

/** Of the `>` that is in no value of an attribute; -1 where another element begins before, or none comes. */
function endOfTag(text: string, from: number): number {
  const mark = /[<>"']/g;
  mark.lastIndex = from;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0] === '>') return found.index;
    if (found[0] === '<') return -1;
    const closing = text.indexOf(found[0], mark.lastIndex);
    if (closing === -1) return -1;
    mark.lastIndex = closing + 1;
  }
  return -1;
}
