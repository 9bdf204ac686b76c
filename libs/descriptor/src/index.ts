/**
 * Gives TOSCA the meaning of a service: a checked topology of the profile `underware` becomes a service graph. What is
 * wrong comes back as findings with file, line and column, all in one go; nothing in a text makes it throw.
 *
 * Layer: pure; imports core, tosca and underservices.
 * Trade-offs: the profile (`profiles/underware.yaml`) is TOSCA like any other, so that users can read it and derive from
 * it; formats that TOSCA has no words for (addresses, ranges of ports) and how nodes go together are checked here.
 * After a crash: nothing remains.
 */
export { compile, validate } from './compile.js';
export type { Compiled, DescriptorSource } from './compile.js';
export { FINDING_CODES } from './finding.js';
export type { Finding, FindingCode } from './finding.js';
export { formatFinding } from './format-finding.js';
export { openPackage } from './package/open-package.js';
export type { OpenedPackage } from './package/open-package.js';
export { packPackage } from './package/pack-package.js';
export { warmUp } from './warm-up.js';
