import { describe, expect, it } from '@jest/globals';
import { compileTosca } from '../compile.js';
import { builtInFile } from './built-in-file.js';
import { DEFINITIONS_VERSIONS } from './implicit-profile.js';
import { ENTRIES } from './profiles.spec-support.js';

const brief = ({ findings }: ReturnType<typeof compileTosca>) =>
  findings.map(({ code, file, line, message }) => `${file}:${line} ${code} ${message}`);

describe('the built-in types', () => {
  it.each(ENTRIES)('of %s compile without a finding', (entry) => {
    expect(brief(compileTosca({ entry, read: builtInFile }))).toEqual([]);
  });

  it.each(DEFINITIONS_VERSIONS)('are there for a file of %s', (version) => {
    const text = `tosca_definitions_version: ${version}\n`;
    expect(brief(compileTosca({ entry: 'a.yaml', read: () => text }))).toEqual([]);
  });
});
