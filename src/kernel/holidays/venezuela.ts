import type { HolidayRules } from './holiday-rules.js';

/**
 * Venezuela: article 184 of the labour law (Ley Organica del Trabajo, los Trabajadores y las Trabajadoras, LOTTT, 2012) names 1 January,
 * Monday and Tuesday of Carnival, Maundy Thursday and Good Friday, 1 May, 24, 25 and 31 December, and those of the law of national
 * holidays (Ley de Fiestas Nacionales): 19 April, 24 June, 5 July, 24 July, 12 October. Its Sundays are no calendar entries, and what a
 * state or municipality adds (at most three days a year) people enter themselves.
 */
export const VENEZUELA: HolidayRules = {
  source: 'LOTTT, art. 184; Ley de Fiestas Nacionales',
  timeZones: ['America/Caracas'],
  fixed: [
    ['01-01', 'Año Nuevo'],
    ['04-19', 'Declaración de la Independencia'],
    ['05-01', 'Día del Trabajador'],
    ['06-24', 'Batalla de Carabobo'],
    ['07-05', 'Día de la Independencia'],
    ['07-24', 'Natalicio del Libertador'],
    ['10-12', 'Día de la Resistencia Indígena'],
    ['12-24', 'Nochebuena'],
    ['12-25', 'Navidad'],
    ['12-31', 'Fin de Año'],
  ],
  fromEaster: [
    [-48, 'Lunes de Carnaval'],
    [-47, 'Martes de Carnaval'],
    [-3, 'Jueves Santo'],
    [-2, 'Viernes Santo'],
  ],
};
