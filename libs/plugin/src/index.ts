/**
 * Plugin packages: manifest, deterministic archive, signature, ELF analysis.
 *
 * Layer: I/O lib (node:crypto; reads key files), above core only. Used by the orchestrator at onboarding and by every
 * agent before load: both ends run the same `openPackage`.
 *
 * Trade-offs: the archive reader accepts only what the writer writes, so no general tar is understood. ELF and BTF are
 * read in TypeScript over the bytes, bounded, without libbpf: analysis of hostile input never runs native code and needs
 * no privileges. Requirements are conservative: a program that reaches one subprogram counts the helpers of all.
 *
 * After a crash nothing remains but, while packages are built, a `*.part` file in the output directory.
 */
export * from './analyze-elf.js';
export { canonicalJson } from './canonical-json.js';
export { importProgram } from './import/import-program.js';
export type { ImportedProgram, ImportOptions } from './import/import-program.js';
export * from './keys.js';
export type { ObjectMap } from './object-maps.js';
export * from './package.js';
export { parseManifest } from './parse-manifest.js';
export * from './package-plugins.js';
