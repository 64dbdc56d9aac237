import { Injectable } from '@nestjs/common';
import { deserialize, serialize } from 'node:v8';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { PoolKnowledge } from '../engine/knowledge.js';

const KIND = 'pool';
/** What a thread may be sent with every batch; more would be a fault of whoever learns. */
const MOST_BYTES = 64 * 1024 * 1024;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** What runs have learned. Kept as a structured clone: numbers that JSON does not know (NaN, typed arrays) stay what they are. */
@Injectable()
export class KnowledgeRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Keeps what a run has learned; a second time it stays as it is. */
  async keep(runId: string, modelVersion: string, series: number, knowledge: PoolKnowledge): Promise<void> {
    await this.unit.execute(
      `INSERT INTO forecast_knowledge (run_id, kind, model_version, series, body) VALUES ($1, '${KIND}', $2, $3, $4) ON CONFLICT DO NOTHING`,
      [runId, modelVersion, series, await pack(serialize(knowledge))],
    );
  }

  async of(runId: string): Promise<PoolKnowledge | undefined> {
    const [row] = await this.unit.query<{ body: Buffer }>(
      `SELECT body FROM forecast_knowledge WHERE run_id = $1 AND kind = '${KIND}'`,
      [runId],
    );
    return row && (deserialize(await unpack(row.body, { maxOutputLength: MOST_BYTES })) as PoolKnowledge);
  }

  /** The run that has learned last with this version of the engine, within some days; null: none. */
  async newest(modelVersion: string, days: number): Promise<string | null> {
    const [row] = await this.unit.query<{ id: string }>(
      `SELECT k.run_id AS id FROM forecast_knowledge k
        WHERE k.kind = '${KIND}' AND k.model_version = $1 AND k.created_at > now() - make_interval(days => $2)
        ORDER BY k.created_at DESC LIMIT 1`,
      [modelVersion, days],
    );
    return row?.id ?? null;
  }

  /** Forgets what no run uses any more. */
  async dropOlder(days: number): Promise<void> {
    await this.unit.execute(`DELETE FROM forecast_knowledge WHERE created_at < now() - make_interval(days => $1)`, [days]);
  }
}
