import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { AcceptService } from './accept.service.js';
import {
  AcceptedSuggestionsDto,
  AcceptSuggestionsDto,
  StartedSuggestionsDto,
  SuggestionDto,
  SuggestionsQuery,
  SupplierGroupDto,
  SupplierGroupsQuery,
} from './suggestions.dto.js';
import { SuggestionsService } from './suggestions.service.js';

@ApiTags('Replenishment')
@Controller('replenishment')
export class SuggestionsController {
  constructor(
    private readonly suggestions: SuggestionsService,
    private readonly acceptance: AcceptService,
  ) {}

  /** Lists what to order and to bring from other stores, what runs out first coming first; each with its reason. */
  @Get('suggestions')
  @Permission('purchasing.read')
  @ApiOkResponse({ type: pageOf(SuggestionDto) })
  listSuggestions(@Query() query: SuggestionsQuery): Promise<Page<SuggestionDto>> {
    return this.suggestions.list(query);
  }

  /** Sums up the open purchases by supplier: lines and amount of each store's order, and what is missing to the supplier's least amount. */
  @Get('suggestions/by-supplier')
  @Permission('purchasing.read')
  @ApiOkResponse({ type: pageOf(SupplierGroupDto) })
  listSuggestionsBySupplier(@Query() query: SupplierGroupsQuery): Promise<Page<SupplierGroupDto>> {
    return this.suggestions.bySupplier(query);
  }

  /** Computes all suggestions of the company again, as it happens after each forecast run and every night. */
  @IdempotentPost('suggestions/refresh', 202)
  @Permission('purchasing.write')
  @ApiAcceptedResponse({ type: StartedSuggestionsDto })
  refreshSuggestions(): Promise<StartedSuggestionsDto> {
    return this.suggestions.refresh();
  }

  /** Reads one suggestion. */
  @Get('suggestions/:id')
  @Permission('purchasing.read')
  @Tagged()
  @ApiOkResponse({ type: SuggestionDto })
  getSuggestion(@Id() id: string): Promise<SuggestionDto> {
    return this.suggestions.get(id);
  }

  /** Ends a suggestion as not wanted: the like is not suggested again until stock has recovered. */
  @Post('suggestions/:id/dismiss')
  @HttpCode(200)
  @Permission('purchasing.write')
  @Problems('replenishment.not_open')
  @ApiOkResponse({ type: SuggestionDto })
  dismissSuggestion(@Id() id: string): Promise<SuggestionDto> {
    return this.suggestions.dismiss(id);
  }

  /**
   * Makes drafts of suggestions: one purchase order for each supplier and store, one stock transfer for each two stores. All or nothing,
   * and each suggestion once.
   */
  @IdempotentPost('accept')
  @BodyExamples(AcceptSuggestionsDto, { example: { suggestionIds: [EXAMPLE_ID] } })
  @Permission('purchasing.write')
  @Problems(
    'replenishment.not_open',
    'replenishment.invalid_quantity',
    'replenishment.no_supplier',
    'catalog.product_inactive',
    'catalog.store_inactive',
    'catalog.supplier_inactive',
    'http.not_found',
  )
  @ApiCreatedResponse({ type: AcceptedSuggestionsDto })
  acceptSuggestions(@Body() body: AcceptSuggestionsDto): Promise<AcceptedSuggestionsDto> {
    return this.acceptance.accept(body);
  }
}
