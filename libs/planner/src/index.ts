/** Placement, chain order, plan and diff; pure and deterministic. */
export {};
