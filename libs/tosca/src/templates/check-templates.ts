import type { ToscaFile } from '../model/model.js';
import type { Topology } from '../model/topology.js';
import { checkServiceTemplate } from './check-service-template.js';
import type { CheckedTemplate } from './check-service-template.js';
import { findSubstitutes } from './find-substitutes.js';
import { givenInputs } from './given-inputs.js';
import type { GivenInputs } from './read-parameters.js';
import type { TemplateSurroundings } from './surroundings.js';

const NO_INPUTS: GivenInputs = { values: {}, complete: false };

/** Checks the template of every file that has one; the first file is the entry, and the others' may stand for its nodes. */
export function checkTemplates(
  files: readonly ToscaFile[],
  surroundings: TemplateSurroundings,
): Map<ToscaFile, CheckedTemplate> {
  const checked = new Map<ToscaFile, CheckedTemplate>();
  for (const [index, file] of files.entries()) {
    if (file.serviceTemplate === undefined) continue;
    const inputs = index === 0 ? surroundings.inputs : NO_INPUTS;
    checked.set(file, checkServiceTemplate(file, file.serviceTemplate, inputs, surroundings));
  }
  const all = [...checked.values()];
  findSubstitutes(all, all);
  return checked;
}

/** Checks a template again, with values for its inputs as checked properties have them; undefined for one from elsewhere. */
export function instantiateTemplate(
  { place }: Topology,
  values: Readonly<Record<string, unknown>>,
  templates: ReadonlyMap<ToscaFile, CheckedTemplate>,
  surroundings: TemplateSurroundings,
): Topology | undefined {
  const file = [...templates.keys()].find(({ serviceTemplate }) => serviceTemplate?.place === place);
  if (file?.serviceTemplate === undefined) return undefined;
  const schemas = surroundings.parameters(file, file.serviceTemplate, 'inputs');
  // An input that no property gives a value is unknown inside: the caller sees it where it matters.
  const inputs = { values: givenInputs(values, schemas), complete: false };
  const made = checkServiceTemplate(file, file.serviceTemplate, inputs, surroundings);
  findSubstitutes([made], [...templates.values()]);
  return made.topology;
}
