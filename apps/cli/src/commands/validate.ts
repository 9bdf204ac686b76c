import { formatFinding, validate } from '@underware/descriptor';
import type { Finding } from '@underware/descriptor';
import { readDescriptor } from '../descriptor-file.js';
import type { Session } from '../session.js';
import { paintFor, printJson } from '../terminal.js';

/** Checks descriptors on this machine, without an orchestrator. */
export async function validateFiles(session: Session, files: string[]): Promise<void> {
  const { terminal } = session;
  const results: { file: string; valid: boolean; findings: Finding[] }[] = [];
  for (const file of files) {
    const { source, shown, ...ofPackage } = await readDescriptor(file);
    const found = source === undefined ? [] : validate(source).findings;
    const findings = [...ofPackage.findings, ...found].map((finding) => ({
      ...finding,
      file: shown(finding.file),
    }));
    const valid = findings.every(({ severity }) => severity !== 'error');
    results.push({ file, valid, findings });
    if (!valid) session.exitCode = 1;
    if (terminal.json) continue;
    for (const finding of findings) terminal.out(`${formatFinding(finding)}\n\n`);
    const paint = paintFor(terminal);
    terminal.out(`${file}: ${valid ? paint('green', 'valid') : paint('red', 'not valid')}\n`);
  }
  if (terminal.json) printJson(terminal, results);
}
