import { Code, Decimal, Flag, ListOf, LocalDate, Text, Uuid } from '../../kernel/http/fields.js';

const PERCENT = { integer: 3, scale: 4 } as const;

export class CreateTaxRateDto {
  /** Percent. */
  @Decimal(PERCENT, { example: '16' })
  rate: string;

  /** First local day on which it is in force. */
  @LocalDate({ example: '2027-01-01' })
  validFrom: string;
}

export class TaxRateDto {
  /** Percent. */
  @Decimal(PERCENT, { example: '16.0000' })
  rate: string;

  @LocalDate()
  validFrom: string;
}

export class TaxCategoryDto {
  @Uuid()
  id: string;

  /** @example 'general' */
  @Code(40)
  code: string;

  /** @example 'Alícuota general' */
  @Text(200)
  name: string;

  /** Of products that name none. */
  @Flag()
  isDefault: boolean;

  /** Percent in force today; null: none yet. */
  @Decimal(PERCENT, { nullable: true, example: '16.0000' })
  rate: string | null;

  /** Every rate, the newest first, future ones too. */
  @ListOf(TaxRateDto, 1000)
  rates: TaxRateDto[];
}

export class TaxCategoriesDto {
  @ListOf(TaxCategoryDto, 1000)
  data: TaxCategoryDto[];
}
