import type { TypeBase } from '../model/types.js';

/** What every type has from the start; the rest is read when it is asked for. */
export type Base = TypeBase;
