/** Runs VNFs as processes and as containers. */
export {};
