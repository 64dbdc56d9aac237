/** The national holidays of a country as its law names them. */
export interface HolidayRules {
  /** the law */
  source: string;
  /** where its clocks are: a company in one of these zones keeps its holidays */
  timeZones: readonly string[];
  /** the same day every year: month and day, MM-DD */
  fixed: readonly (readonly [monthDay: string, name: string])[];
  /** days from Easter Sunday; negative: before */
  fromEaster: readonly (readonly [days: number, name: string])[];
}
