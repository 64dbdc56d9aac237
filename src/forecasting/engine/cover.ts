/** When stock runs out, by the expected demand. */
export interface Cover {
  /** periods that the stock lasts (a part of a period counts in proportion); Infinity when nothing is expected to sell */
  periods: number;
  /** index of the forecast's period in which it runs out, null when it lasts beyond the horizon */
  stockOutIndex: number | null;
}

/**
 * Cover of a stock: the number of periods until the cumulated mean demand reaches it. Beyond the horizon the mean of the whole forecast
 * goes on.
 *
 * @param mean expected demand per period
 * @param available units on hand; 0 or less is out of stock now
 */
export function coverOf(mean: Float64Array, available: number): Cover {
  if (available <= 0) return { periods: 0, stockOutIndex: 0 };
  let left = available;
  let total = 0;
  for (let h = 0; h < mean.length; h++) {
    const demand = Math.max(0, mean[h]!);
    if (demand >= left) return { periods: h + left / demand, stockOutIndex: h };
    left -= demand;
    total += demand;
  }
  const rate = mean.length > 0 ? total / mean.length : 0;
  return { periods: rate > 0 ? mean.length + left / rate : Infinity, stockOutIndex: null };
}
