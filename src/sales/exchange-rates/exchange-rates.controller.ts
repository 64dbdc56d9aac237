import { Body, Controller, Get, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { BodyExamples, IdempotentPost, Problems } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { CreateExchangeRateDto, ExchangeRateDto, ExchangeRatesQuery } from './exchange-rates.dto.js';
import { ExchangeRatesRepository } from './exchange-rates.repository.js';

const LIST = 'listExchangeRates';

@ApiTags('Exchange rates')
@Controller('exchange-rates')
export class ExchangeRatesController {
  constructor(
    private readonly rates: ExchangeRatesRepository,
    private readonly cursors: CursorCodec,
  ) {}

  /** Lists the exchange rates, newest first. */
  @Get()
  @Permission('sales.read')
  @ApiOkResponse({ type: pageOf(ExchangeRateDto) })
  async listExchangeRates(
    @Query() { baseCurrency, quoteCurrency, limit, cursor }: ExchangeRatesQuery,
  ): Promise<Page<ExchangeRateDto>> {
    const [validFrom, id] = (this.cursors.after(LIST, cursor) ?? []) as [string?, string?];
    const rows = await this.rates.list({
      ...(baseCurrency ? { base: baseCurrency } : {}),
      ...(quoteCurrency ? { quote: quoteCurrency } : {}),
      ...(validFrom && id ? { before: { validFrom, id } } : {}),
      limit: limit + 1,
    });
    return this.cursors.page(LIST, rows, limit, (last) => [last.validFrom.toISOString(), last.id]);
  }

  /** Records the rate that holds from an instant on. Rates are history: a wrong one is corrected by a newer one. */
  @IdempotentPost()
  @BodyExamples(CreateExchangeRateDto, { fromNow: { baseCurrency: 'USD', quoteCurrency: 'VES', rate: '36.5', source: 'BCV' } })
  @Permission('sales.approve')
  @Problems('http.duplicate')
  @ApiCreatedResponse({ type: ExchangeRateDto })
  createExchangeRate(@Body() body: CreateExchangeRateDto): Promise<ExchangeRateDto> {
    return this.rates.insert(body);
  }
}
