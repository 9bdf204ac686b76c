/**
 * Imports point downwards only: apps → libs with I/O → pure libs → core. `docs/architecture.md` names the layers.
 */
const pure = '^libs/(packet|diff|tosca|descriptor|underservices|planner)/src';
const withIo = '^libs/(solver|plugin|libbpf|kernel|network|workload|store|jobs|embedded|client|testkit)/src';
const specs = '[.]spec(-support)?[.]tsx?$';

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-imports-nothing',
      severity: 'error',
      from: { path: '^libs/core/src', pathNot: specs },
      to: { pathNot: '^libs/core/src' },
    },
    {
      name: 'pure-libs-stay-pure',
      comment: 'Pure libs import core, other pure libs and parsing libraries; no I/O lib, no Node built-in.',
      severity: 'error',
      from: { path: pure, pathNot: specs },
      to: { path: [withIo, '^apps/'] },
    },
    {
      name: 'pure-libs-use-no-built-ins',
      severity: 'error',
      from: { path: pure, pathNot: specs },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    { name: 'libs-do-not-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'only-store-sees-typeorm',
      severity: 'error',
      from: { pathNot: ['^(libs/store|migrations)/', '^apps/lab/test/sql[.]spec-support[.]ts$'] },
      to: { path: 'node_modules/(typeorm|pg)/' },
    },
    {
      name: 'only-jobs-sees-bullmq',
      severity: 'error',
      from: { pathNot: '^libs/jobs/' },
      to: { path: 'node_modules/(bullmq|ioredis)/' },
    },
    {
      name: 'only-kernel-sees-libbpf',
      severity: 'error',
      from: { path: '^(apps/(?!bench|lab)|libs/(?!kernel|libbpf|testkit))', pathNot: specs },
      to: { path: '^libs/libbpf/' },
    },
    {
      name: 'one-public-entry',
      severity: 'error',
      from: { path: '^(?:libs|apps)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!index[.]ts)', pathNot: '^libs/$1/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build|node_modules/[.]cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.spec.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
};
