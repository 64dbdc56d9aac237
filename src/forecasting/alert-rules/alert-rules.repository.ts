import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { registerConstraints } from '../../kernel/errors/constraints.js';
import type { AlertRuleDto, AlertRulesQuery } from './alert-rules.dto.js';
import { RuleBook, type CategoryParents, type RuleScope } from './rule-book.js';
import { effectiveParameters, type RuleCode, type RuleParameters } from './rule-parameters.js';

registerConstraints({
  alert_rules_code_key: { code: 'alerts.rule_code_taken', pointer: '/code' },
  alert_rules_code_type_key: { code: 'alerts.rule_code_taken', pointer: '/code' },
  alert_rules_scope_key: { code: 'alerts.rule_scope_taken' },
  alert_rules_product_id_fkey: { code: 'http.validation_failed', pointer: '/productId' },
  alert_rules_store_id_fkey: { code: 'http.validation_failed', pointer: '/storeId' },
  alert_rules_category_id_fkey: { code: 'http.validation_failed', pointer: '/categoryId' },
});

const COLUMNS = `id, code, name, alert_type AS type, refines, product_id AS "productId", store_id AS "storeId", category_id AS "categoryId",
  priority, parameters, is_active AS "isActive", is_muted AS "isMuted", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** A rule as an assessment needs it. */
export interface ActiveRule<C extends RuleCode = RuleCode> extends RuleScope {
  id: string;
  code: string;
  isMuted: boolean;
  parameters: RuleParameters[C];
}

export type RuleBooks = { [C in RuleCode]: RuleBook<ActiveRule<C>> };

export type RuleFilter = Omit<AlertRulesQuery, 'cursor'> & { scope: string[] | null; afterCode?: string };

export interface NewRule extends RuleScope {
  code: string;
  name: string;
  refines: RuleCode;
  priority: string | null;
  parameters: object;
  isMuted: boolean;
}

@Injectable()
export class AlertRulesRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Rules by code; those of a store that the scope leaves out are not there. */
  list({ type, storeId, productId, categoryId, isActive, scope, afterCode, limit }: RuleFilter): Promise<AlertRuleDto[]> {
    return this.unit.query<AlertRuleDto>(
      `SELECT ${COLUMNS} FROM alert_rules
        WHERE ($1::text IS NULL OR alert_type = $1) AND ($2::uuid IS NULL OR store_id = $2) AND ($3::uuid IS NULL OR product_id = $3)
          AND ($4::uuid IS NULL OR category_id = $4) AND ($5::boolean IS NULL OR is_active = $5)
          AND ($6::uuid[] IS NULL OR store_id IS NULL OR store_id = ANY ($6)) AND ($7::text IS NULL OR code > $7)
        ORDER BY code LIMIT $8`,
      [type ?? null, storeId ?? null, productId ?? null, categoryId ?? null, isActive ?? null, scope, afterCode ?? null, limit],
    );
  }

  async find(id: string): Promise<AlertRuleDto | undefined> {
    const [row] = await this.unit.query<AlertRuleDto>(`SELECT ${COLUMNS} FROM alert_rules WHERE id = $1`, [id]);
    return row;
  }

  /**
   * Holds the company's rules of these codes until the transaction ends, in the order in which everybody does: who assesses by them or
   * by those that refine them, and who changes one of these, do it one after the other.
   */
  async hold(codes: readonly string[]): Promise<void> {
    await this.unit.execute('SELECT FROM alert_rules WHERE code = ANY ($1) ORDER BY code FOR NO KEY UPDATE', [codes]);
  }

  async insert(rule: NewRule): Promise<AlertRuleDto> {
    const { code, name, refines, productId, storeId, categoryId, priority, parameters, isMuted } = rule;
    const [row] = await this.unit.query<AlertRuleDto>(
      `INSERT INTO alert_rules (code, name, alert_type, refines, product_id, store_id, category_id, priority, parameters, is_muted)
       SELECT $1, $2, g.alert_type, g.code, $4, $5, $6, $7, $8, $9 FROM alert_rules g WHERE g.code = $3
       RETURNING ${COLUMNS}`,
      [code, name, refines, productId, storeId, categoryId, priority, parameters, isMuted],
    );
    return row!;
  }

  /** Writes what may change in a rule. */
  async update({
    id,
    name,
    priority,
    parameters,
    isActive,
    isMuted,
  }: Pick<AlertRuleDto, 'id' | 'name' | 'priority' | 'parameters' | 'isActive' | 'isMuted'>): Promise<AlertRuleDto> {
    const [row] = await this.unit.query<AlertRuleDto>(
      `UPDATE alert_rules SET name = $2, priority = $3, parameters = $4, is_active = $5, is_muted = $6 WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, name, priority, parameters, isActive, isMuted],
    );
    return row!;
  }

  /** Takes a rule away. Its alerts, all of them ended, count for the company's rule then. */
  async delete(id: string): Promise<void> {
    await this.unit.execute(
      `UPDATE alerts a SET rule_id = g.id FROM alert_rules r JOIN alert_rules g ON g.code = r.refines WHERE r.id = $1 AND a.rule_id = r.id`,
      [id],
    );
    await this.unit.execute('DELETE FROM alert_rules WHERE id = $1', [id]);
  }

  /** The active rules of some codes, each code's with those that refine it, to look up which holds where. */
  async books<C extends RuleCode>(codes: readonly C[]): Promise<Pick<RuleBooks, C>> {
    const rules = await this.unit.query<ActiveRule & { family: C }>(
      `SELECT id, code, coalesce(refines, code) AS family, product_id AS "productId", store_id AS "storeId", category_id AS "categoryId",
              is_muted AS "isMuted", parameters
         FROM alert_rules WHERE is_active AND coalesce(refines, code) = ANY ($1)`,
      [codes],
      'alert_rule_books',
    );
    const parents = rules.some((rule) => rule.categoryId !== null) ? await this.categories() : new Map<string, string | null>();
    const bookOf = (code: C) => {
      const own = rules.filter((rule) => rule.family === code);
      return new RuleBook(
        own.map((rule) => ({ ...rule, parameters: effectiveParameters(code, rule.parameters) })),
        parents,
      );
    };
    return Object.fromEntries(codes.map((code) => [code, bookOf(code)])) as unknown as Pick<RuleBooks, C>;
  }

  private async categories(): Promise<CategoryParents> {
    const rows = await this.unit.query<{ id: string; parentId: string | null }>(
      'SELECT category_id AS id, parent_id AS "parentId" FROM category_parents',
    );
    return new Map(rows.map((row) => [row.id, row.parentId]));
  }
}
