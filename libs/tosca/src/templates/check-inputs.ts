import type { Schema } from '../model/schema.js';
import type { SourceNode } from '../source/source-node.js';
import { clip } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import { mapAt } from './entries.js';

/** Reports inputs that nothing reads: neither a value that was looked at, nor anything else in the file by their name. */
export function reportUnused(
  schemas: ReadonlyMap<string, Schema>,
  used: ReadonlySet<string>,
  context: TemplateContext,
): void {
  const unused = new Set([...schemas.keys()].filter((name) => !used.has(name)));
  if (unused.size === 0) return;
  // Defaults of types and inputs of operations are read when someone asks for them: their calls still have the name.
  dropMentioned(unused, context.file.root, mapAt(context.template, 'inputs'));
  for (const name of unused) {
    context.add(schemas.get(name)?.place ?? context.template.place, {
      code: 'INPUT_UNUSED',
      severity: 'warning',
      message: `Nothing reads the input ${clip(name)}`,
      expected: 'a call of get_input for it, or no such input',
    });
  }
}

/** Takes out of `names` those that are written somewhere in a tree, as a key or a value; all but `except`. */
function dropMentioned(names: Set<string>, root: SourceNode, except: SourceNode | undefined): void {
  const seen = new Set<SourceNode | undefined>([except]);
  const waiting: SourceNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === 'scalar') names.delete(node.text);
    // An alias makes one node stand in many places.
    if (node.kind === 'scalar' || seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'list') {
      for (const item of node.items) waiting.push(item);
    } else {
      for (const [key, entry] of node.entries) {
        names.delete(key);
        waiting.push(entry.node);
      }
    }
  }
}
