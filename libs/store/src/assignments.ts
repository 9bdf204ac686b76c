import { UnderwareError } from '@underware/core';
import type { Plan } from '@underware/core';
import type { EntityManager } from 'typeorm';

export type AssignmentKind = 'address' | 'mac' | 'device' | 'vni';

/** Addresses, MAC addresses, devices and VNIs that service instances have. The database gives none of them out twice. */
export class Assignments {
  constructor(private readonly manager: EntityManager) {}

  /** What others than this service instance have. */
  async taken(exceptOf: string): Promise<Record<AssignmentKind, string[]>> {
    const rows: { kind: AssignmentKind; values: string[] }[] = await this.manager.query(
      `SELECT kind, array_agg(value ORDER BY value) AS values FROM assignment WHERE ns_instance_id <> $1 GROUP BY kind`,
      [exceptOf],
    );
    const taken: Record<AssignmentKind, string[]> = { address: [], mac: [], device: [], vni: [] };
    for (const { kind, values } of rows) taken[kind] = values;
    return taken;
  }

  /** Names of the others by the addresses that they have. */
  async addressHolders(exceptOf: string): Promise<Record<string, string>> {
    const rows: { value: string; name: string }[] = await this.manager.query(
      `SELECT assignment.value, ns_instance.name FROM assignment JOIN ns_instance ON ns_instance.id = assignment.ns_instance_id
        WHERE assignment.kind = 'address' AND assignment.ns_instance_id <> $1`,
      [exceptOf],
    );
    return Object.fromEntries(rows.map(({ value, name }) => [value, name]));
  }

  /**
   * A plan takes what it names, in place of what its service instance had; `also` is one of the same service that it may go
   * back to. Throws STATE_CONFLICT where another one has it.
   */
  async take(plan: Plan, also?: Plan): Promise<void> {
    await this.release(plan.service);
    const wanted = [...assignmentsOf(plan), ...(also === undefined ? [] : assignmentsOf(also))];
    const rows: { kind: AssignmentKind; value: string }[] = await this.manager.query(
      `INSERT INTO assignment (kind, value, ns_instance_id, owner)
       SELECT kind, value, $1, owner FROM jsonb_to_recordset($2::jsonb) AS each(kind text, value text, owner text)
       ON CONFLICT DO NOTHING RETURNING kind, value`,
      [plan.service, JSON.stringify(wanted)],
    );
    const got = new Set(rows.map(({ kind, value }) => `${kind} ${value}`));
    const missing = wanted.find(({ kind, value }) => !got.has(`${kind} ${value}`));
    if (missing === undefined) return;
    throw new UnderwareError({
      code: 'STATE_CONFLICT',
      attempted: 'keep the plan',
      on: missing.owner,
      why: `${missing.kind} ${missing.value} was given to another service instance meanwhile`,
      remedy: 'Plan again',
    });
  }

  async release(nsInstanceId: string): Promise<void> {
    await this.manager.query('DELETE FROM assignment WHERE ns_instance_id = $1', [nsInstanceId]);
  }
}

function assignmentsOf({
  slices,
  vnis = {},
}: Plan): { kind: AssignmentKind; value: string; owner: string }[] {
  const ports = Object.values(slices).flatMap((slice) => slice.ports.filter(({ kind }) => kind === 'veth'));
  return [
    ...ports.flatMap(({ key: owner, device, mac, peer }) => [
      { kind: 'device' as const, value: device, owner: `port ${owner}` },
      { kind: 'mac' as const, value: mac, owner: `port ${owner}` },
      ...(peer === undefined ? [] : [{ kind: 'mac' as const, value: peer.mac, owner: `port ${owner}` }]),
      ...(peer?.addresses ?? []).map((address) => ({
        kind: 'address' as const,
        value: address.replace(/\/.*$/, ''),
        owner: `port ${owner}`,
      })),
    ]),
    ...Object.entries(vnis).map(([link, vni]) => ({
      kind: 'vni' as const,
      value: String(vni),
      owner: `link ${link}`,
    })),
  ];
}
