import type { Assessment } from './assessment.js';
import type { Parameters } from './parameters.js';
import type { CalculationDto, ParametersDto } from './calculation.dto.js';
import { fixed } from './replenishment-plan.js';
import { orderQuantity, round4 } from './reorder-policy.js';

/** What comes of an assessment that has levels, as it is answered. */
export function calculationOf(assessment: Assessment): CalculationDto {
  const { item, levels, parameters, position, isShort, daysOfCover, stockOutDate, limits } = assessment;
  const { reorderPoint, orderUpTo, safetyStock, meanDemand } = levels!;
  const order = orderQuantity(position, orderUpTo, {
    packSize: item.packSize,
    minOrder: item.minOrderQuantity,
    maxStock: item.maxStock,
  });
  return {
    parameters: parametersDto(parameters),
    reorderPoint: fixed(reorderPoint),
    orderUpTo: fixed(orderUpTo),
    safetyStock: fixed(safetyStock),
    meanDemand: fixed(meanDemand),
    position: fixed(position),
    quantity: fixed(isShort ? order.quantity : 0),
    daysOfCover,
    stockOutDate,
    notes: [...new Set([...limits, ...(isShort ? order.notes : [])])],
  };
}

/** Parameters as they are answered: the lead time by its mean, with its distribution. */
export function parametersDto({ leadTime, ...parameters }: Parameters): ParametersDto {
  const { value, source } = leadTime;
  return {
    ...parameters,
    leadTimeDays: {
      value: round4(value.mean),
      source,
      deliveries: value.deliveries,
      distribution: value.days.map(({ length, probability }) => ({ days: length, probability: round4(probability) })),
    },
  };
}
