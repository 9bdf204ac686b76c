const NAME = /[^\s<>/"']+/y;
/** What begins so ends so, whatever is in between. */
const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;

/** Elements that open and close in turn; what a document needs more than that is left to who uses it. */
export function xmlProblem(value: string): string | undefined {
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
