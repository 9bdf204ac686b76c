/** Compiles an underservice model into per-host plugin instances; pure. */
export {};
