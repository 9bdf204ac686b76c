import { native } from './native.js';

/** Numbers of the kernel ABI and their names, as libbpf names them (`xdp`, `lpm_trie`, `tcx_ingress`). */
function nameOf(names: string[], number: number): string {
  return names[number] ?? `unknown (${number})`;
}

function numberOf(names: string[], name: string, what: string): number {
  const number = names.indexOf(name);
  if (number < 0) throw new TypeError(`there is no ${what} '${name}'; known: ${names.join(', ')}`);
  return number;
}

export const programTypeName = (n: number): string => nameOf(native().programTypeNames, n);
export const mapTypeName = (n: number): string => nameOf(native().mapTypeNames, n);
export const attachTypeName = (n: number): string => nameOf(native().attachTypeNames, n);
export const linkTypeName = (n: number): string => nameOf(native().linkTypeNames, n);

export const programTypeNumber = (name: string): number =>
  numberOf(native().programTypeNames, name, 'program type');
export const mapTypeNumber = (name: string): number => numberOf(native().mapTypeNames, name, 'map type');
export const attachTypeNumber = (name: string): number =>
  numberOf(native().attachTypeNames, name, 'attach type');

/** The program and map types this libbpf knows, for probing them all. */
export const programTypes = (): string[] => native().programTypeNames.filter((name) => name !== 'unspec');
export const mapTypes = (): string[] => native().mapTypeNames.filter((name) => name !== 'unspec');
