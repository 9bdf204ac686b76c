/**
 * The TOSCA language, `tosca_simple_yaml_1_0` to `1_3` and `tosca_2_0`: files and packages become a model whose types,
 * assignments, requirements and functions are checked. It knows no Underware; `libs/descriptor` gives the model its meaning.
 *
 * Layer: pure; imports nothing of the project, and the `js-yaml` library to read text. Files come in as a map or a reader;
 * nothing is opened or fetched.
 * Trade-offs: what is wrong comes back as findings with file, line and column, all in one go; nothing in a text makes
 * it throw. Sizes, depths, aliases and findings are bounded, so that hostile text costs at most seconds.
 * After a crash: nothing remains.
 */
export { compileFiles, compileTosca } from './compile.js';
export type { CompiledFiles, CompiledTosca, CompileRequest } from './compile.js';
export { FINDING_CODES, Findings } from './finding.js';
export type { Finding, FindingCode, Note, Report } from './finding.js';
export { Sources } from './source/sources.js';
export type { Place } from './source/sources.js';
export type { ListNode, MapEntry, MapNode, ScalarNode, SourceNode } from './source/source-node.js';
export type { Profile, ReadFile } from './imports/load-files.js';
export { ancestry, derivesFrom, isA } from './model/derivation.js';
export type { ToscaFile, TypeModel } from './model/model.js';
export type { DataType, Schema } from './model/schema.js';
export type * from './model/topology.js';
export { TYPE_KINDS } from './model/types.js';
export type * from './model/types.js';
export { UNRESOLVED } from './source/source-node.js';
export { TOSCA_VERSIONS, isAtLeast } from './model/version.js';
export type { ToscaVersion } from './model/version.js';
export { openCsar } from './csar/open-csar.js';
export type { Csar, CsarOptions } from './csar/open-csar.js';
export { CSAR_LIMITS } from './csar/limits.js';
export type { CsarLimits } from './csar/limits.js';
export type { Manifest, VouchedFile } from './csar/manifest.js';
export type { SignatureVerdict } from './csar/cms.js';
