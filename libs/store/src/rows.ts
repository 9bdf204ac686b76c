import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';

/** TypeORM takes JSON columns apart in its types, where the core's own do not fit: rows are checked here instead. */
export async function insertRow<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  row: Partial<T>,
): Promise<void> {
  await manager.insert(entity, row as QueryDeepPartialEntity<T>);
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
