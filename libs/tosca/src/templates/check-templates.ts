import type { ToscaFile } from '../model/model.js';
import type { Topology } from '../model/topology.js';
import { checkServiceTemplate } from './check-service-template.js';
import { findSubstitutes } from './find-substitutes.js';
import type { GivenInputs } from './read-parameters.js';
import type { TemplateSurroundings } from './surroundings.js';

const NO_INPUTS: GivenInputs = { values: {}, complete: false };

/** Checks the template of every file that has one; the first file is the entry, and the others' may stand for its nodes. */
export function checkTemplates(
  files: readonly ToscaFile[],
  surroundings: TemplateSurroundings,
): Map<ToscaFile, Topology> {
  const topologies = new Map<ToscaFile, Topology>();
  for (const [index, file] of files.entries()) {
    if (file.serviceTemplate === undefined) continue;
    const inputs = index === 0 ? surroundings.inputs : NO_INPUTS;
    topologies.set(file, checkServiceTemplate(file, file.serviceTemplate, inputs, surroundings));
  }
  findSubstitutes([...topologies.values()]);
  return topologies;
}
