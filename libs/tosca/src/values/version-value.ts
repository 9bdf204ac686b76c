/** A version of TOSCA in its parts. */
export interface VersionValue {
  numbers: readonly [major: number, minor: number, fix: number];
  qualifier: string;
  build: number;
}

const GRAMMAR = /^(\d{1,15})\.(\d{1,15})(?:\.(\d{1,15})(?:\.([A-Za-z0-9]{1,60})(?:-(\d{1,15}))?)?)?$/;
const SEMANTIC = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})-([A-Za-z][A-Za-z0-9]{0,60})(?:-(\d{1,15}))?$/;
const MAJOR = /^\d{1,15}$/;

/**
 * `<major>.<minor>[.<fix>[.<qualifier>[-<build>]]]`; undefined where the text is no version. In 1.x a lone major
 * will do, as YAML makes of an unquoted `18`; 2.0 has tools that write `-beta` for `.beta`, as semantic versions do.
 */
export function readVersion(text: string, edition: '1.x' | '2.0'): VersionValue | undefined {
  if (edition === '1.x' && MAJOR.test(text))
    return { numbers: [Number(text), 0, 0], qualifier: '', build: 0 };
  const match = GRAMMAR.exec(text) ?? (edition === '2.0' ? SEMANTIC.exec(text) : null);
  if (match === null) return undefined;
  const [, major, minor, fix = '0', qualifier = '', build = '0'] = match;
  const numbers: VersionValue['numbers'] = [Number(major), Number(minor), Number(fix)];
  // 0.0.0 says that there is no version, so nothing can qualify it.
  if (qualifier !== '' && numbers.every((number) => number === 0)) return undefined;
  return { numbers, qualifier, build: Number(build) };
}

/** Below, at or above zero; a version with a qualifier is older than the same without. NaN: of different branches. */
export function compareVersions(a: VersionValue, b: VersionValue): number {
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.qualifier === b.qualifier) return a.build - b.build;
  if (a.qualifier === '') return 1;
  if (b.qualifier === '') return -1;
  return Number.NaN;
}
