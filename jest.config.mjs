/** One configuration for every workspace: TypeScript through swc, ESM, imports between libs resolved to their sources. */
export default {
  testMatch: ['<rootDir>/{libs,apps,bpf,test,migrations}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.underware/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@underware/migrations$': '<rootDir>/migrations/index.ts',
    '^@underware/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2022',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testTimeout: 30_000,
};
