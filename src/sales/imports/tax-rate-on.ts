/** A rate of a tax category from a day on. */
interface DatedRate {
  readonly taxCategoryId: string;
  readonly validFrom: string;
  readonly rate: string;
}

/**
 * The rate of a tax category that was in force on a day, in percent; '0' before the first.
 * @param rates oldest first
 */
export function taxRateOn(rates: readonly DatedRate[], taxCategoryId: string, date: string): string {
  let rate = '0';
  for (const dated of rates) if (dated.taxCategoryId === taxCategoryId && dated.validFrom <= date) ({ rate } = dated);
  return rate;
}
