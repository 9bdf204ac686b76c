import type { Catalog, Inventory } from '@underware/core';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';

/** What the planner sees, for `plan --inventory` without an orchestrator. Always JSON. */
export async function printInventory({ client, terminal }: Session): Promise<void> {
  const [hosts, plugins] = await Promise.all([client().hosts(), client().plugins()]);
  const inventory: Inventory = {
    hosts: hosts.flatMap(({ id, name, labels, ready, reason, facts, used }) =>
      facts === undefined
        ? []
        : [
            {
              id,
              name,
              labels,
              facts,
              ready,
              ...(reason === undefined ? {} : { reason }),
              used,
              foreignPrograms: [],
            },
          ],
    ),
  };
  const catalog: Catalog = {
    plugins: plugins.map(({ digest, manifest, requirements, keyId }) => ({
      digest,
      manifest,
      requirements,
      keyId,
    })),
  };
  printJson(terminal, { inventory, catalog });
}
