export type DemandClass = 'smooth' | 'erratic' | 'intermittent' | 'lumpy' | 'dead';

export interface DemandProfile {
  class: DemandClass;
  /** average interval between periods with demand; Infinity without demand */
  adi: number;
  /** squared coefficient of variation of the demand sizes */
  cv2: number;
}

export const ADI_CUT = 1.32;
export const CV2_CUT = 0.49;

/**
 * Classifies demand by average demand interval and squared coefficient of variation of its sizes: smooth (ADI < 1.32, CV2 < 0.49),
 * erratic (CV2 >= 0.49), intermittent (ADI >= 1.32), lumpy (both); `dead` when nothing was ever sold.
 *
 * Source: Syntetos, Boylan & Croston (2005), "On the categorization of demand patterns", JORS 56.
 */
export function classifyDemand(y: Float64Array): DemandProfile {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    if (!(value > 0)) continue;
    count++;
    sum += value;
    squares += value * value;
  }
  if (count === 0) return { class: 'dead', adi: Infinity, cv2: 0 };
  const adi = y.length / count;
  const size = sum / count;
  const cv2 = Math.max(0, squares / count - size * size) / (size * size);
  const erratic = cv2 >= CV2_CUT;
  if (adi < ADI_CUT) return { class: erratic ? 'erratic' : 'smooth', adi, cv2 };
  return { class: erratic ? 'lumpy' : 'intermittent', adi, cv2 };
}

/** True for the classes whose many zeros make level-and-trend models pointless. */
export function isSparse(demand: DemandClass): boolean {
  return demand === 'intermittent' || demand === 'lumpy' || demand === 'dead';
}
