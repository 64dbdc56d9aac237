import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { CreateExchangeRateDto, ExchangeRateDto } from './exchange-rates.dto.js';

const COLUMNS = `id, base_currency AS "baseCurrency", quote_currency AS "quoteCurrency", rate, valid_from AS "validFrom", source, created_by AS "createdBy"`;

export interface RateFilter {
  base?: string;
  quote?: string;
  before?: { validFrom: string; id: string };
  limit: number;
}

@Injectable()
export class ExchangeRatesRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** The rate of each quote currency that was in force at an instant; a currency without one is absent. */
  async inForce(base: string, quotes: string[], at: Date): Promise<Map<string, string>> {
    const rows = await this.unit.query<{ currency: string; rate: string }>(
      `SELECT q.currency, r.rate FROM unnest($2::text[]) AS q (currency)
        CROSS JOIN LATERAL (SELECT rate FROM exchange_rates WHERE base_currency = $1 AND quote_currency = q.currency AND valid_from <= $3
          ORDER BY valid_from DESC LIMIT 1) r`,
      [base, quotes, at],
      'rates_in_force',
    );
    return new Map(rows.map(({ currency, rate }) => [currency, rate]));
  }

  async insert(rate: CreateExchangeRateDto): Promise<ExchangeRateDto> {
    const [row] = await this.unit.query<ExchangeRateDto>(
      `INSERT INTO exchange_rates (base_currency, quote_currency, rate, valid_from, source)
       VALUES ($1, $2, $3, coalesce($4::timestamptz, now()), coalesce($5, 'manual')) RETURNING ${COLUMNS}`,
      [rate.baseCurrency, rate.quoteCurrency, rate.rate, rate.validFrom ?? null, rate.source ?? null],
    );
    return row!;
  }

  list({ base, quote, before, limit }: RateFilter): Promise<ExchangeRateDto[]> {
    return this.unit.query<ExchangeRateDto>(
      `SELECT ${COLUMNS} FROM exchange_rates
        WHERE ($1::text IS NULL OR base_currency = $1) AND ($2::text IS NULL OR quote_currency = $2)
          AND ($3::timestamptz IS NULL OR (valid_from, id) < ($3, $4::uuid))
        ORDER BY valid_from DESC, id DESC LIMIT $5`,
      [base ?? null, quote ?? null, before?.validFrom ?? null, before?.id ?? null, limit],
    );
  }
}
