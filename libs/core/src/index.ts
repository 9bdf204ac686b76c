/**
 * The words of the project as types and errors.
 *
 * Layer: the bottom; imports nothing, does no I/O, knows no clock and no random.
 */
export * from './canary.js';
export * from './errors.js';
export * from './hook.js';
export * from './host-state.js';
export * from './inventory.js';
export * from './kernel-profile.js';
export * from './merged-inputs.js';
export * from './nearest-name.js';
export * from './observed-state.js';
export * from './operation.js';
export * from './packet-spec.js';
export * from './plan.js';
export * from './plugin.js';
export * from './report.js';
export * from './service-graph.js';
export * from './step.js';
