import type { Report } from '../finding.js';
import { isAtLeast } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import type { MapNode } from '../source/source-node.js';

/** What the standard says of a file as a whole, beyond its keynames. */
export function checkFile(root: MapNode, version: ToscaVersion, report: Report): void {
  const strict = isAtLeast(version, 'tosca_simple_yaml_1_3');
  const [first] = root.entries.keys();
  const declared = root.entries.get('tosca_definitions_version');
  if (declared !== undefined && first !== 'tosca_definitions_version') {
    report.add(declared.keyPlace, {
      code: 'KEYWORD_INVALID',
      ...(strict ? {} : { severity: 'warning' }),
      message: 'tosca_definitions_version is not on the first line',
      expected: 'nothing before it but comments',
    });
  }
  const namespace = root.entries.get('namespace')?.node;
  if (strict && namespace?.kind === 'scalar' && RESERVED.test(namespace.text)) {
    report.add(namespace.place, {
      code: 'NAME_INVALID',
      message: 'This namespace is reserved for the standard',
      expected: 'a namespace of your own',
    });
  }
  const profile = root.entries.get('profile');
  if (profile !== undefined && root.entries.has('service_template')) {
    report.add(profile.keyPlace, {
      code: 'KEYWORD_INVALID',
      message: 'A profile cannot have a service template',
      expected: 'either profile or service_template',
    });
  }
}

/** The files of the standard itself, which are found in many packages, are under …/tosca/ns. */
const RESERVED = /^https?:\/\/docs\.oasis-open\.org\/tosca(?:$|\/(?!ns\/))/;
