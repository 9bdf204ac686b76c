import type { Command } from 'commander';
import type { Session } from './session.js';

export const JSON_OPTION = ['--json', 'print data instead of text'] as const;

/** Runs a command's work in a session. */
export type Does = (command: Command, work: (session: Session) => Promise<void>) => Promise<void>;

/** A command below another one, with what every command takes. */
export function add(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option(...JSON_OPTION);
}
