import type { Session } from '../session.js';
import { printJson } from '../terminal.js';

/** What the planner sees, for `plan --inventory` without an orchestrator. Always JSON. */
export async function printInventory({ client, terminal }: Session): Promise<void> {
  printJson(terminal, await client().inventory());
}
