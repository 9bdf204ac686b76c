import type { TypeBase } from './types.js';

interface Derived extends Pick<TypeBase, 'name' | 'open'> {
  parent?: Derived;
}

/** Is a type the one of this name, or derived from it? */
export function isA(type: Derived | undefined, name: string): boolean {
  for (let each = type; each !== undefined; each = each.parent) if (each.name === name) return true;
  return false;
}

/** Is a type another one, or derived from it? */
export function derivesFrom(type: Derived | undefined, ancestor: Derived): boolean {
  for (let each = type; each !== undefined; each = each.parent) if (each === ancestor) return true;
  return false;
}

/** May a type stand where another is wanted? Also true where an ancestor could not be read. */
export function fits(type: Derived | undefined, wanted: Derived): boolean {
  return type === undefined || type.open || derivesFrom(type, wanted);
}

/** The type, its parent, and so on to the root. */
export function ancestry(type: Derived | undefined): Derived[] {
  const line: Derived[] = [];
  for (let each = type; each !== undefined; each = each.parent) line.push(each);
  return line;
}
