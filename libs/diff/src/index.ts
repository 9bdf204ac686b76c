/**
 * Decides which steps lead a host from what it is to what it must be: in an order that is safe at every point, each with
 * its undo and its reason.
 *
 * Layer: pure; imports core. A library of its own because agents need nothing else of planning, and are to be small.
 * After a crash: nothing remains; what is seen then is compared anew.
 */
export { diff, type DiffContext } from './diff.js';
export { RESIDENCY, UNOWNED } from './diff-step.js';
