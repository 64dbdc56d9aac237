import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { etagOfContent } from '../../kernel/http/etag.js';
import { Tagged } from '../../kernel/http/operations.js';
import { Id } from '../../kernel/http/parameters.js';
import { DrawingQuery, HistoryQuery, ProductForecastDto, ReportQuery } from './charts.dto.js';
import { ChartsService, type Drawn } from './charts.service.js';

const LONGEST = 8_000_000;

@ApiTags('Forecasts')
@Controller()
export class ChartsController {
  constructor(private readonly charts: ChartsService) {}

  /** Reads what is known of a product in a store: days of history, the forecast in force, the projected stock and when it runs out. */
  @Get('products/:productId/stores/:storeId/forecast')
  @Permission('forecasts.read')
  @Tagged()
  @ApiOkResponse({ type: ProductForecastDto })
  getProductForecast(
    @Id('productId') productId: string,
    @Id('storeId') storeId: string,
    @Query() query: HistoryQuery,
  ): Promise<ProductForecastDto> {
    return this.charts.get(productId, storeId, query);
  }

  /**
   * Draws the forecast of a product in a store as SVG: sales, expected demand with its ranges, promotions, holidays, closed days and
   * stock-outs; below it the stock, its projection and the day on which it runs out. In the language of Accept-Language (es, en).
   *
   * An img element cannot send a token: fetch the drawing, and give the element `URL.createObjectURL(await answer.blob())`. Shown so,
   * a drawing runs nothing and loads nothing; it holds no script in the first place.
   */
  @Get('products/:productId/stores/:storeId/forecast.svg')
  @Permission('forecasts.read')
  @Tagged()
  @ApiProduces('image/svg+xml')
  @ApiOkResponse({ description: 'An SVG drawing.', schema: { type: 'string', maxLength: LONGEST } })
  async drawForecast(
    @Id('productId') productId: string,
    @Id('storeId') storeId: string,
    @Query() query: DrawingQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return sent(reply, 'image/svg+xml; charset=utf-8', await this.charts.draw(productId, storeId, query));
  }

  /**
   * Prints what runs out first as a page for paper: a line for each product and store with what to do about it, and charts of the first
   * lines. One HTML document without scripts, in the language of Accept-Language (es, en); open it as the drawing's description says.
   */
  @Get('forecasts/report')
  @Permission('forecasts.read')
  @Tagged()
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'An HTML page.', schema: { type: 'string', maxLength: LONGEST } })
  async printForecasts(@Query() query: ReportQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return sent(reply, 'text/html; charset=utf-8', await this.charts.report(query));
  }
}

/** Sends a text that a browser shows, under its own policy; tagged by what it says. */
function sent(reply: FastifyReply, type: string, { text, contentPolicy }: Drawn): string {
  reply
    .header('content-type', type)
    .header('content-security-policy', contentPolicy)
    .header('etag', etagOfContent({ text }))
    .header('cache-control', 'private, no-cache');
  return text;
}
