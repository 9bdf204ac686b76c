import { UnderwareError } from '@underware/core';
import { validate } from '@underware/descriptor';
import { readDescriptor } from './descriptor-file.js';
import { notValid } from './not-valid.js';

/**
 * The text of a descriptor that an orchestrator can take: valid, and one file, since nothing beside it is sent. What it
 * imports is read here all the same, so that the reason is the one that counts.
 */
export async function readSingleDescriptor(file: string, inputs: Record<string, unknown>): Promise<string> {
  const { source, findings, shown } = await readDescriptor(file);
  const imported: string[] = [];
  const found =
    source === undefined
      ? []
      : validate(
          {
            ...source,
            read: (path) => {
              const text = source.read?.(path);
              if (text !== undefined) imported.push(shown(path));
              return text;
            },
          },
          inputs,
        ).findings;
  const all = [...findings, ...found];
  if (source === undefined || all.some(({ severity }) => severity === 'error')) {
    throw notValid(
      file,
      all.map((finding) => ({ ...finding, file: shown(finding.file) })),
    );
  }
  const isPackage = source.hasFile !== undefined;
  if (!isPackage && imported.length === 0) return source.text;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'send the descriptor to the orchestrator',
    on: file,
    why: `an orchestrator takes one file, and it ${isPackage ? 'is a package' : `imports ${imported.join(', ')}`}`,
    remedy: 'Write it as one file; or plan it here: underware inventory > FILE, then plan --inventory FILE',
  });
}
