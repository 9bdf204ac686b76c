import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import { Truth } from '@underware/store';
import type { AuditEntry } from './audit.dto.js';

const PAGE = 200;
const LARGEST_PAGE = 1_000;

@Injectable()
export class AuditService {
  constructor(private readonly truth: Truth) {}

  async list(limit = PAGE, before?: string): Promise<AuditEntry[]> {
    if (limit < 1 || limit > LARGEST_PAGE || (before !== undefined && !/^\d{1,18}$/.test(before))) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'list the audit trail',
        on: 'the query',
        why: `limit must be 1 to ${LARGEST_PAGE} and before an entry's id`,
        remedy: 'Correct the query',
      });
    }
    const rows = await this.truth.audit.list(limit, before);
    return rows.map(({ id, at, actor, action, object, outcome, report }) => ({
      id,
      at: at.toISOString(),
      actor,
      action,
      object,
      outcome,
      ...(report === null ? {} : { report }),
    }));
  }
}
