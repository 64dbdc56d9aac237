import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../kernel/database/unit-of-work.js';
import { DemoExamples, type FoundIds } from '../kernel/openapi/demo-examples.js';

// A sale to look at and another to void; the newest client may go, the oldest stays.
const FOUND = `
WITH sold AS (SELECT id, row_number() OVER (ORDER BY created_at DESC, id) AS n FROM sales WHERE status = 'completed'
               AND created_at > now() - interval '30 days' ORDER BY created_at DESC, id LIMIT 2)
SELECT (SELECT id FROM sold WHERE n = 1) AS "/v1/sales", (SELECT id FROM sold ORDER BY n DESC LIMIT 1) AS "voidSale",
       (SELECT id FROM clients WHERE is_active ORDER BY id LIMIT 1) AS "clientId",
       (SELECT id FROM clients WHERE is_active ORDER BY id LIMIT 1) AS "/v1/clients",
       (SELECT id FROM clients WHERE is_active ORDER BY id DESC LIMIT 1) AS "deactivateClient"`;

/** Sales and clients of the demo that stand in the examples of the API document. */
@Injectable()
export class SalesExamplesRepository {
  constructor(unit: UnitOfWork, examples: DemoExamples) {
    examples.register(() => unit.query<FoundIds>(FOUND));
  }
}
