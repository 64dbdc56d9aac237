import { Currency, Instant, Rate, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

export class CreateExchangeRateDto {
  /** Currency that is worth one unit. @example USD */
  @Currency({ example: 'USD' })
  baseCurrency: string;

  /** Currency of the rate. @example VES */
  @Currency({ example: 'VES' })
  quoteCurrency: string;

  /** Units of quoteCurrency for one of baseCurrency. */
  @Rate({ sign: 'positive' })
  rate: string;

  /** In force from; absent: now. */
  @Instant({ optional: true })
  validFrom?: string;

  /** Where the rate is from. @example BCV */
  @Text(60, { optional: true, example: 'BCV' })
  source?: string;
}

export class ExchangeRateDto {
  @Uuid()
  id: string;

  @Currency({ example: 'USD' })
  baseCurrency: string;

  @Currency({ example: 'VES' })
  quoteCurrency: string;

  @Rate()
  rate: string;

  @Instant()
  validFrom: Date;

  @Text(60, { example: 'BCV' })
  source: string;

  @Uuid({ nullable: true })
  createdBy: string | null;
}

export class ExchangeRatesQuery extends PageQuery {
  @Currency({ optional: true, example: 'USD' })
  baseCurrency?: string;

  @Currency({ optional: true, example: 'VES' })
  quoteCurrency?: string;
}
