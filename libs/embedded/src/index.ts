/** Runs the embedded Postgres of the default mode. */
export {};
