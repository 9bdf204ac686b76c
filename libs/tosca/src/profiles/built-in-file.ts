import { TEXTS } from './generated/texts.js';

/**
 * A built-in file by name, e.g. `simple-1.2/nodes.yaml`. A folder with a version (`simple-1.0`, `nfv/sol001-2`) holds
 * what differs between versions; for the rest the folder without stands in, whose files then import by relative path
 * what this version has. So `simple-1.0/nodes.yaml` and `simple-1.2/nodes.yaml` are one text over two sets of hosts.
 *
 * Built-in files see what they import and nothing else: no profile is implicit in them.
 */
export function builtInFile(name: string): string | undefined {
  return textOf(name) ?? textOf(name.replace(/-\d+(\.\d+)?\//, '/'));
}

/** The name of what a built-in file imports as `path`, e.g. `../simple/base.yaml` in `simple-1.2/hosts.yaml`. */
export function builtInImport(importer: string, path: string): string {
  const parts = importer.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function textOf(name: string): string | undefined {
  return Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
}
