import type { ConstructName } from './construct-name.js';
import { ANY, either, key, list, map, must, ONE, pairs, SCALAR, TEXT, TOLERATED, TWO } from './shape.js';
import type { Construct } from './shape.js';

/** What stands outside types and templates. */
export const FILE_CONSTRUCTS = {
  file: {
    title: 'a TOSCA file',
    keys: {
      tosca_definitions_version: key(TEXT),
      description: key(SCALAR),
      metadata: key(map(ANY)),
      dsl_definitions: key(ANY),
      repositories: key(map('repository')),
      imports: key(ANY),
      artifact_types: key(map('artifactType')),
      data_types: key(map('dataType')),
      capability_types: key(map('capabilityType')),
      interface_types: key(map('interfaceType')),
      relationship_types: key(map('relationshipType')),
      node_types: key(map('nodeType')),
      group_types: key(map('groupType')),
      policy_types: key(map('policyType')),
      topology_template: key('serviceTemplate', ONE),
      namespace: key(TEXT, ONE),
      tosca_default_namespace: key(TEXT, ONE),
      template_name: key(TEXT, ONE),
      template_author: key(TEXT, ONE),
      template_version: key(SCALAR, ONE),
      profile: key(TEXT, TWO),
      functions: key(map('function'), TWO),
      service_template: key('serviceTemplate', TWO),
    },
    instead: { topology_templates: 'topology_template', node_templates: 'service_template' },
  },
  serviceTemplate: {
    title: 'a service template',
    keys: {
      description: key(SCALAR),
      metadata: key(map(ANY), TWO),
      inputs: key(map('input')),
      outputs: key(map('output'), { presentIn2: true }),
      node_templates: key(map('nodeTemplate'), {
        mandatory: true,
        mandatorySince: 'tosca_2_0',
        presentIn2: true,
      }),
      relationship_templates: key(map('relationshipTemplate'), { presentIn2: true }),
      groups: key(map('group'), { presentIn2: true }),
      policies: key(pairs('policy'), { presentIn2: true }),
      substitution_mappings: key('substitution', { presentIn2: true }),
      workflows: key(map('workflow'), { presentIn2: true }),
      functions: key(map('function'), TWO),
    },
  },
  import: {
    title: 'an import',
    short: 'text',
    keys: {
      file: key(TEXT, { ...ONE, mandatory: true }),
      repository: key(TEXT),
      namespace_uri: key(TEXT, ONE),
      namespace_prefix: key(TEXT, ONE),
      url: key(TEXT, TWO),
      profile: key(TEXT, TWO),
      namespace: key(TEXT, TWO),
      description: key(SCALAR, TWO),
      metadata: key(map(ANY), TWO),
    },
    instead: { namespace_prefix: 'namespace', file: 'url' },
  },
  repository: {
    title: 'a repository',
    short: 'text',
    keys: {
      description: key(SCALAR),
      url: must(TEXT),
      credential: key(ANY, ONE),
      credentials: key(ANY, { ...ONE, ...TOLERATED }),
      metadata: key(map(ANY), TWO),
    },
  },
  function: {
    title: 'a function definition',
    keys: {
      description: key(SCALAR),
      metadata: key(map(ANY)),
      signatures: must(either(list('signature'), map('signature'))),
    },
  },
  signature: {
    title: 'a signature',
    keys: {
      arguments: key(list('schema')),
      optional_arguments: key(list('schema')),
      variadic: key({ kind: 'boolean' }),
      result: key('schema'),
      implementation: key('implementation'),
      description: key(SCALAR, TOLERATED),
    },
  },
} satisfies Partial<Record<ConstructName, Construct>>;
