/** What an operation that upgrades a plugin was asked for, as it is kept with it. */
export interface UpgradeParams {
  name: string;
  version: string;
  digest: string;
  /** Not only of services that were named: what hosts hold without a user is of the new version afterwards. */
  everywhere: boolean;
}

/** Undefined for an operation that is no upgrade. */
export function upgradeOf(params: Record<string, unknown>): UpgradeParams | undefined {
  const { upgrade } = params;
  if (typeof upgrade !== 'object' || upgrade === null) return undefined;
  const { name, version, digest, everywhere }: Partial<Record<keyof UpgradeParams, unknown>> = upgrade;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof digest !== 'string') return undefined;
  return { name, version, digest, everywhere: everywhere === true };
}
