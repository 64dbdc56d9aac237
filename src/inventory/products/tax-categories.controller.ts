import { Body, Controller, Get } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems } from '../../kernel/http/operations.js';
import { Id } from '../../kernel/http/parameters.js';
import { CreateTaxRateDto, TaxCategoriesDto, TaxCategoryDto } from './tax-categories.dto.js';
import { TaxCategoriesService } from './tax-categories.service.js';

@ApiTags('Products')
@Controller('tax-categories')
export class TaxCategoriesController {
  constructor(private readonly taxes: TaxCategoriesService) {}

  /** Lists tax categories with the rate in force today and every other one. */
  @Get()
  @Permission('catalog.read')
  @ApiOkResponse({ type: TaxCategoriesDto })
  listTaxCategories(): Promise<TaxCategoriesDto> {
    return this.taxes.list();
  }

  /** Adds a rate to a tax category, from today or a later day on. What was sold before keeps the rate of its day. */
  @IdempotentPost(':id/rates')
  @BodyExamples(CreateTaxRateDto, { planned: { rate: '16', validFrom: '2035-01-01' } })
  @Permission('settings.write')
  @Problems('catalog.tax_rate_taken', 'http.not_found')
  @ApiCreatedResponse({ type: TaxCategoryDto })
  addTaxRate(@Id() id: string, @Body() body: CreateTaxRateDto): Promise<TaxCategoryDto> {
    return this.taxes.addRate(id, body);
  }
}
