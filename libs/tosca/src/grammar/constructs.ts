import type { ConstructName } from './construct-name.js';
import { FILE_CONSTRUCTS } from './file-constructs.js';
import type { Construct } from './shape.js';
import { TEMPLATE_CONSTRUCTS } from './template-constructs.js';
import { TYPE_CONSTRUCTS } from './type-constructs.js';

/** The keynames of every construct in every version: the tables of the standard, as data. */
export const CONSTRUCTS: Readonly<Record<ConstructName, Construct>> = {
  ...FILE_CONSTRUCTS,
  ...TYPE_CONSTRUCTS,
  ...TEMPLATE_CONSTRUCTS,
};
