/** TypeORM entities, queries and the data source over Postgres. */
export {};
