/**
 * A place in one of the files of a compilation: its offset counted through all of them, in the order they were read.
 * One number, so that a node is small and a finding needs nothing else.
 */
export type Place = number;

interface File {
  name: string;
  text: string;
  base: Place;
  /** Offsets of the first character of each line, made when first asked for. */
  lineStarts?: number[];
}

interface Found {
  name: string;
  source: string;
  /** Of its lines. */
  starts: readonly number[];
  /** From 0. */
  line: number;
  /** From 1. */
  column: number;
}

interface Position {
  file: string;
  line: number;
  column: number;
}

/** Places from here on are in built-in files, which all compilations share; no compilation's own files reach this far. */
const BUILT_IN: Place = 2 ** 45;

/** The files of one compilation, and what a place in them means. */
export class Sources {
  private readonly files: File[] = [];

  constructor(private end: Place = 0) {}

  /** Adds a file; the place of its offset n is the result plus n. */
  add(name: string, text: string): Place {
    const base = this.end;
    this.files.push({ name, text, base });
    // One more than its length: the place after its last character is still its own.
    this.end += text.length + 1;
    return base;
  }

  /** 1-based line and column. */
  positionOf(place: Place): Position {
    const { name, line, column } = this.find(place);
    return { file: name, line: line + 1, column };
  }

  /** The same, with the line itself. */
  locate(place: Place): Position & { text: string } {
    const { name, line, column, source, starts } = this.find(place);
    const text = source.slice(starts[line], (starts[line + 1] ?? source.length + 1) - 1).replace(/\r$/, '');
    return { file: name, line: line + 1, column, text };
  }

  private find(place: Place): Found {
    if (place >= BUILT_IN && this !== BUILT_IN_SOURCES) return BUILT_IN_SOURCES.find(place);
    const file = this.fileOf(place);
    if (file === undefined) return { name: '', source: '', starts: [0], line: 0, column: 1 };
    const { name, text: source } = file;
    const offset = Math.min(Math.max(0, place - file.base), source.length);
    const starts = (file.lineStarts ??= lineStartsOf(source));
    const line = lastAtMost(starts, offset);
    return { name, source, starts, line, column: offset - (starts[line] ?? 0) + 1 };
  }

  private fileOf(place: Place): File | undefined {
    const index = lastAtMost(
      this.files.map(({ base }) => base),
      place,
    );
    return this.files[index];
  }
}

/** The built-in files; read once per process, when first wanted. */
export const BUILT_IN_SOURCES = new Sources(BUILT_IN);

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last of the ascending `values` that is at most `limit`; 0 where none is. */
function lastAtMost(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
