import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was uploaded as a descriptor, text or package, by digest: kept once, however many descriptors have it. */
export class KeepContents1764300000000 implements MigrationInterface {
  name = 'KeepContents1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE nsd_content (
        digest text PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        media_type text NOT NULL CHECK (media_type IN ('application/yaml', 'application/zip')),
        bytes bytea NOT NULL
      );

      ALTER TABLE ns_descriptor ADD COLUMN content_digest text REFERENCES nsd_content;
      CREATE INDEX ns_descriptor_by_content ON ns_descriptor (content_digest);

      INSERT INTO nsd_content (digest, media_type, bytes)
      SELECT DISTINCT 'sha256:' || encode(sha256(convert_to(content, 'UTF8')), 'hex'), 'application/yaml',
             convert_to(content, 'UTF8')
        FROM ns_descriptor WHERE content IS NOT NULL;
      UPDATE ns_descriptor SET content_digest = 'sha256:' || encode(sha256(convert_to(content, 'UTF8')), 'hex')
       WHERE content IS NOT NULL;
      ALTER TABLE ns_descriptor DROP COLUMN content;
    `);
  }

  async down(): Promise<void> {
    throw new Error('The schema only goes forward: restore a backup instead.');
  }
}
