import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { AlertRuleDto, AlertRulesQuery, CreateAlertRuleDto, UpdateAlertRuleDto } from './alert-rules.dto.js';
import { AlertRulesService } from './alert-rules.service.js';

@ApiTags('Alerts')
@Controller('alert-rules')
export class AlertRulesController {
  constructor(private readonly rules: AlertRulesService) {}

  /** Lists the rules by which alerts are raised, by code: those of the whole company and those for a part of it. */
  @Get()
  @Permission('alerts.read')
  @ApiOkResponse({ type: pageOf(AlertRuleDto) })
  listAlertRules(@Query() query: AlertRulesQuery): Promise<Page<AlertRuleDto>> {
    return this.rules.list(query);
  }

  /** Reads one rule with all its parameters. */
  @Get(':id')
  @Permission('alerts.read')
  @Tagged()
  @ApiOkResponse({ type: AlertRuleDto })
  getAlertRule(@Id() id: string): Promise<AlertRuleDto> {
    return this.rules.get(id);
  }

  /**
   * Adds a rule for a product, a store, a product in a store, or a category with everything below it. It replaces there what it refines:
   * the most specific active rule holds. Alerts are reviewed by it at once.
   */
  @IdempotentPost()
  @BodyExamples(CreateAlertRuleDto, {
    store: { refines: 'overstock', name: 'Tienda pequeña: a lo sumo un mes', storeId: EXAMPLE_ID, parameters: { coverDays: 30 } },
    silence: { refines: 'slow_moving', name: 'Producto de temporada', productId: EXAMPLE_ID, isMuted: true },
  })
  @Permission('alerts.configure')
  @Problems('alerts.rule_scope_taken', 'alerts.rule_code_taken', 'auth.all_stores_required')
  @ApiCreatedResponse({ type: AlertRuleDto })
  createAlertRule(@Body() body: CreateAlertRuleDto): Promise<AlertRuleDto> {
    return this.rules.create(body);
  }

  /** Changes the fields that are given. What a rule is for does not change: add another one. */
  @Patch(':id')
  @BodyExamples(UpdateAlertRuleDto, { example: { priority: 'high' } })
  @Permission('alerts.configure')
  @Tagged()
  @Problems('auth.all_stores_required')
  @ApiOkResponse({ type: AlertRuleDto })
  updateAlertRule(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: UpdateAlertRuleDto): Promise<AlertRuleDto> {
    return this.rules.update(id, ifMatch, body);
  }

  /** Deletes a rule for a part of the company; its open alerts end as obsolete. A rule of the whole company can only be switched off. */
  @Delete(':id')
  @HttpCode(204)
  @Permission('alerts.configure')
  @Problems('alerts.system_rule', 'auth.all_stores_required')
  @ApiNoContentResponse()
  deleteAlertRule(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    return this.rules.delete(id, ifMatch);
  }
}
