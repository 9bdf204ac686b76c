import { nearestName } from '@underware/underservices';
import type { Findings } from '../finding.js';
import type { ListNode, MapNode, SourceNode } from '../source/source-node.js';
import { asMap, checkKeywords, listAt, mapAt, textAt } from './keywords.js';

/** The parts of a file, still as written. */
export interface Template {
  name: string | undefined;
  version: string | undefined;
  description: string;
  inputs: MapNode | undefined;
  nodes: MapNode | undefined;
  policies: ListNode | undefined;
}

/** What holds the template in each version of the language. */
const TEMPLATE_KEYWORDS = new Map([
  ['tosca_2_0', 'service_template'],
  ['tosca_simple_yaml_1_3', 'topology_template'],
]);

const TYPE_KEYWORDS = [
  'imports',
  'artifact_types',
  'capability_types',
  'data_types',
  'group_types',
  'interface_types',
  'node_types',
  'policy_types',
  'relationship_types',
  'repositories',
  'functions',
  'namespace',
];

/** Finds the template and its sections; what it does not know is a finding. */
export function readTemplate(root: SourceNode, findings: Findings): Template | undefined {
  const file = asMap(root, 'A descriptor', findings);
  if (file === undefined) return undefined;
  const keyword = templateKeyword(file, findings);
  const others = [...TEMPLATE_KEYWORDS.values()].filter((other) => other !== keyword);
  const misplaced = others.find((other) => file.entries.has(other));
  if (misplaced !== undefined && keyword !== undefined) {
    findings.add(file.entries.get(misplaced)?.keyOffset ?? 0, {
      code: 'KEYWORD_UNKNOWN',
      message: `${misplaced} belongs to another version of TOSCA`,
      expected: keyword,
      nearest: keyword,
    });
  }
  checkKeywords(
    file,
    'the file',
    {
      read: ['tosca_definitions_version', 'metadata', 'description', ...TEMPLATE_KEYWORDS.values()],
      ignored: ['dsl_definitions', 'template_name', 'template_author', 'template_version', 'profile'],
      unsupported: TYPE_KEYWORDS,
    },
    findings,
  );
  const template = mapAt(file, keyword ?? misplaced ?? '', findings);
  if (template === undefined) {
    if (keyword !== undefined && misplaced === undefined) {
      findings.add(file.offset, {
        code: 'KEYWORD_MISSING',
        message: `${keyword} is missing`,
        expected: keyword,
      });
    }
    return undefined;
  }
  checkKeywords(
    template,
    keyword ?? 'the template',
    {
      read: ['description', 'metadata', 'inputs', 'node_templates', 'policies'],
      ignored: ['outputs'],
      unsupported: ['groups', 'relationship_templates', 'substitution_mappings', 'workflows'],
    },
    findings,
  );
  const outputs = template.entries.get('outputs');
  if (outputs !== undefined) {
    findings.add(outputs.keyOffset, {
      code: 'UNSUPPORTED',
      severity: 'warning',
      message: 'outputs are not evaluated by this version',
    });
  }
  const metadata = [mapAt(file, 'metadata', findings), mapAt(template, 'metadata', findings)];
  const named = (key: string): string | undefined =>
    textAt(file, key, findings) ??
    metadata.map((map) => map && textAt(map, key, findings)).find((text) => text !== undefined);
  return {
    name: named('template_name'),
    version: named('template_version'),
    description: textAt(template, 'description', findings) ?? textAt(file, 'description', findings) ?? '',
    inputs: mapAt(template, 'inputs', findings),
    nodes: mapAt(template, 'node_templates', findings),
    policies: listAt(template, 'policies', findings),
  };
}

function templateKeyword(file: MapNode, findings: Findings): string | undefined {
  const known = [...TEMPLATE_KEYWORDS.keys()];
  const version = file.entries.get('tosca_definitions_version');
  if (version === undefined) {
    findings.add(file.offset, {
      code: 'VERSION_MISSING',
      message: 'tosca_definitions_version is missing',
      expected: 'tosca_definitions_version: tosca_2_0',
    });
    return undefined;
  }
  const text = version.node.kind === 'scalar' ? version.node.text : '';
  const keyword = TEMPLATE_KEYWORDS.get(text);
  if (keyword === undefined) {
    findings.add(version.node.offset, {
      code: 'VERSION_UNKNOWN',
      message: `${text.slice(0, 80)} is no version that this compiler reads`,
      expected: `one of ${known.join(', ')}`,
      nearest: nearestName(text, known),
    });
  }
  return keyword;
}
