export const MOVEMENT_TYPES = ['in', 'out', 'transfer', 'adjustment'] as const;
export type MovementType = (typeof MOVEMENT_TYPES)[number];

/** What a movement was; `type` says only which way it went. */
export const MOVEMENT_KINDS = [
  'opening',
  'received',
  'sold',
  'returned',
  'adjusted',
  'counted',
  'transferred_out',
  'transferred_in',
  'written_off',
  'reversed',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** Reasons that say more than the type does. */
const BY_REASON: ReadonlyMap<string, Partial<Record<MovementType, MovementKind>>> = new Map([
  ['sale', { out: 'sold' }],
  ['return', { in: 'returned' }],
  ['supplier_return', { out: 'returned' }],
  ['count', { adjustment: 'counted' }],
  ['opening', { in: 'opening', adjustment: 'opening' }],
]);

/** The kind of a movement that a person records by hand. Only `sold` counts as demand. */
export function manualKind(type: Exclude<MovementType, 'transfer'>, reason: string): MovementKind {
  const said = BY_REASON.get(reason.toLowerCase())?.[type];
  if (said) return said;
  return type === 'in' ? 'received' : type === 'out' ? 'written_off' : 'adjusted';
}
