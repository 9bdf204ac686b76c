import { UnderwareError } from '@underware/core';
import { QueryFailedError } from 'typeorm';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';

const UNIQUE_VIOLATION = '23505';

/** TypeORM takes JSON columns apart in its types, where the core's own do not fit: rows are checked here instead. */
export async function insertRow<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  row: Partial<T>,
): Promise<void> {
  try {
    await manager.insert(entity, row as QueryDeepPartialEntity<T>);
  } catch (error) {
    throw duplicateOr(error, manager.connection.getMetadata(entity).tableName);
  }
}

/** Two that were asked for at once: neither of them was there when the other was looked for. */
function duplicateOr(error: unknown, table: string): unknown {
  if (!(error instanceof QueryFailedError)) return error;
  const { code, detail }: { code?: unknown; detail?: unknown } = error.driverError;
  if (code !== UNIQUE_VIOLATION) return error;
  return new UnderwareError(
    {
      code: 'STATE_CONFLICT',
      attempted: `keep the ${table.replaceAll('_', ' ')}`,
      on: 'the database',
      why: typeof detail === 'string' ? detail.replace(/\.$/, '') : 'there is one already',
      remedy: 'Look at the one that there is, or choose another name',
    },
    { cause: error },
  );
}

export async function updateRow<T extends ObjectLiteral & { id: string }>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  id: string,
  change: Partial<T>,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(entity)
    .set(change as QueryDeepPartialEntity<T>)
    .where({ id })
    .execute();
}
