/**
 * Compiles the descriptor of a service, TOSCA in YAML, into a service graph: read → resolve → check → build. What is
 * wrong comes back as findings with file, line and column, all in one go; nothing in a text makes it throw.
 *
 * Layer: pure; imports core and underservices, and the `yaml` library to read text.
 * Trade-offs: TOSCA's words and shapes with a fixed table of node types (`profile/`) instead of its type system; what
 * TOSCA has beyond is refused by name, not skipped. Sizes, depths, aliases and findings are bounded, so that hostile
 * text costs at most seconds; regular expressions that could take exponential time are not evaluated.
 * After a crash: nothing remains.
 */
export { compile, validate } from './compile.js';
export type { Compiled, DescriptorSource } from './compile.js';
export { FINDING_CODES } from './finding.js';
export type { Finding, FindingCode } from './finding.js';
export { formatFinding } from './format-finding.js';
