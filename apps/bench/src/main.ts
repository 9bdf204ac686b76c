import { Command } from 'commander';
import { benchmarks } from './benchmarks.js';
import { formatLine, formatResult } from './format.js';
import { abortOnSignals } from './interruption.js';

const program = new Command('underware bench')
  .description('Measures Underware against its peers, in the same run on the same machine.')
  .argument('[names...]', 'which benchmarks; all when none is named')
  .option('--json', 'one JSON object a line')
  .option('--list', 'name the benchmarks and what they measure');

program.action(async (names: string[], options: { json?: boolean; list?: boolean }) => {
  if (options.list === true) {
    for (const { name, measures } of benchmarks) console.log(`${name.padEnd(12)} ${measures}`);
    return;
  }
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0)
    program.error(`no benchmark ${unknown.join(', ')}; \`bench --list\` names them`, { exitCode: 2 });
  const interruption = abortOnSignals();
  try {
    for (const benchmark of benchmarks) {
      if (names.length > 0 && !names.includes(benchmark.name)) continue;
      if (options.json !== true) console.log(`▸ ${benchmark.name}: ${benchmark.measures}`);
      for await (const result of benchmark.run(interruption)) {
        console.log(options.json === true ? formatLine(result) : formatResult(result));
      }
    }
  } catch (error) {
    if (!interruption.aborted) throw error;
    console.error('interrupted: everything was taken down');
    process.exitCode = 130;
  }
});

await program.parseAsync();
