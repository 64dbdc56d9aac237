/** What a rule holds for; all null: the whole company. */
export interface RuleScope {
  productId: string | null;
  storeId: string | null;
  categoryId: string | null;
}

/** A product in a store, and the category it hangs on. */
export interface RulePlace {
  productId: string;
  storeId: string;
  categoryId: string | null;
}

/** Categories with the one above each; a root has null. */
export type CategoryParents = ReadonlyMap<string, string | null>;

/**
 * Finds the rule in force for a product in a store among the active rules of one kind: the most specific wins - product and store,
 * product, the nearest category above it, store, the whole company. No rule of the kind: null.
 */
export class RuleBook<R extends RuleScope> {
  private readonly rules: ReadonlyMap<string, R>;

  constructor(
    rules: readonly R[],
    private readonly parents: CategoryParents = new Map(),
  ) {
    this.rules = new Map(rules.map((rule) => [keyOf(rule), rule]));
  }

  /** In no order; to look ahead at what they ask for. */
  all(): R[] {
    return [...this.rules.values()];
  }

  ruleFor({ productId, storeId, categoryId }: RulePlace): R | null {
    return (
      this.at({ productId, storeId }) ??
      this.at({ productId }) ??
      this.ofCategory(categoryId) ??
      this.at({ storeId }) ??
      this.at({}) ??
      null
    );
  }

  private ofCategory(categoryId: string | null): R | undefined {
    for (let id: string | null = categoryId; id !== null; id = this.parents.get(id) ?? null) {
      const rule = this.at({ categoryId: id });
      if (rule) return rule;
    }
    return undefined;
  }

  private at({ productId = null, storeId = null, categoryId = null }: Partial<RuleScope>): R | undefined {
    return this.rules.get(keyOf({ productId, storeId, categoryId }));
  }
}

function keyOf({ productId, storeId, categoryId }: RuleScope): string {
  return `${productId ?? ''}/${storeId ?? ''}/${categoryId ?? ''}`;
}
