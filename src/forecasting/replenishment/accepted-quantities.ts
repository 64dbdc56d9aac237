import type { FieldError } from '../../kernel/errors/field-errors.js';
import { fixed } from './replenishment-plan.js';
import { leastOrder, quantityFault } from './reorder-policy.js';
import { isInPieces } from './supply-item.js';
import type { SuggestionRow } from './suggestions.repository.js';

/** A suggestion with what is wanted of it. */
export interface Chosen {
  row: Pick<
    SuggestionRow,
    | 'id'
    | 'kind'
    | 'status'
    | 'productId'
    | 'storeId'
    | 'fromStoreId'
    | 'supplierId'
    | 'quantity'
    | 'packSize'
    | 'minOrderQuantity'
    | 'unitType'
  >;
  /** place in the request */
  index: number;
  quantity: string;
  /** who is to blame for a quantity that cannot be */
  pointer: string;
}

/** Quantities that belong to none of the suggestions, or twice to one. */
export function chosenFaults({
  suggestionIds,
  quantities = [],
}: {
  suggestionIds: readonly string[];
  quantities?: readonly { suggestionId: string }[];
}): FieldError[] {
  return quantities.flatMap(({ suggestionId }, index): FieldError[] => {
    const pointer = `/quantities/${index}/suggestionId`;
    if (!suggestionIds.includes(suggestionId)) return [{ pointer, code: 'field.not_allowed' }];
    const isFirst = quantities.findIndex((other) => other.suggestionId === suggestionId) === index;
    return isFirst ? [] : [{ pointer, code: 'field.duplicate' }];
  });
}

/**
 * What cannot be ordered: of a purchase less than the supplier's minimum or a part of a pack, of a transfer more than was suggested, which is
 * what the other store can spare, or a part of a piece.
 */
export function quantityFaults(chosen: readonly Chosen[]): FieldError[] {
  return chosen.flatMap(({ row, quantity, pointer }): FieldError[] => {
    const wanted = Number(quantity);
    if (row.kind === 'transfer') {
      if (wanted > Number(row.quantity)) return [{ pointer, code: 'field.max', max: row.quantity }];
      return isInPieces(row) && !Number.isInteger(wanted) ? [{ pointer, code: 'field.multiple', multiple: '1.0000' }] : [];
    }
    const terms = { packSize: Number(row.packSize), minOrder: Number(row.minOrderQuantity) };
    const fault = quantityFault(wanted, terms);
    if (fault === null) return [];
    return fault === 'minimum'
      ? [{ pointer, code: 'field.min', min: fixed(leastOrder(terms)) }]
      : [{ pointer, code: 'field.multiple', multiple: fixed(terms.packSize) }];
  });
}
