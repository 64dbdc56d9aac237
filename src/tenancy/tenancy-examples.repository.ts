import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../kernel/database/unit-of-work.js';
import { DemoExamples, type FoundIds } from '../kernel/openapi/demo-examples.js';

// Of the people below the managers the first stays (it is the one of the log-in's example), the last may go.
const FOUND = `
WITH person AS (SELECT id, role FROM users WHERE is_active AND role IN ('user', 'viewer'))
SELECT (SELECT id FROM person ORDER BY id LIMIT 1) AS "userId", (SELECT id FROM person ORDER BY id LIMIT 1) AS "/v1/users",
       (SELECT id FROM person WHERE role = 'user' ORDER BY id DESC LIMIT 1) AS "deactivateUser",
       (SELECT id FROM gate.api_keys() ORDER BY revoked_at IS NULL DESC, id DESC LIMIT 1) AS "/v1/api-keys",
       (SELECT id FROM imports WHERE status = 'completed' ORDER BY id DESC LIMIT 1) AS "/v1/imports"`;

/** People, keys and imports of the demo that stand in the examples of the API document. */
@Injectable()
export class TenancyExamplesRepository {
  constructor(unit: UnitOfWork, examples: DemoExamples) {
    examples.register(() => unit.query<FoundIds>(FOUND));
  }
}
