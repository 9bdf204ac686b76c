/** Compiles a YAML service descriptor into a service graph with diagnostics; pure. */
export {};
