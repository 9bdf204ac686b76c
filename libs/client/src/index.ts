/** The generated client of the public API. */
export {};
