import { easterSunday } from './easter.js';
import { countryOf, nationalHolidays } from './national-holidays.js';

describe('easterSunday', () => {
  it('should be the published dates, the earliest and latest possible ones included', () => {
    const published = {
      1818: '1818-03-22',
      1943: '1943-04-25',
      1954: '1954-04-18',
      1961: '1961-04-02',
      1981: '1981-04-19',
      2000: '2000-04-23',
      2008: '2008-03-23',
      2019: '2019-04-21',
      2024: '2024-03-31',
      2025: '2025-04-20',
      2026: '2026-04-05',
      2027: '2027-03-28',
      2038: '2038-04-25',
      2285: '2285-03-22',
    };
    for (const [year, date] of Object.entries(published)) expect(easterSunday(Number(year))).toBe(date);
  });

  it('should be a Sunday between 22 March and 25 April of every year', () => {
    for (let year = 1900; year <= 2200; year++) {
      const date = easterSunday(year);
      expect(new Date(`${date}T00:00:00Z`).getUTCDay()).toBe(0);
      expect(date >= `${year}-03-22` && date <= `${year}-04-25`).toBe(true);
    }
  });
});

describe('nationalHolidays', () => {
  it('should be those of Venezuelan law, by date', () => {
    expect(nationalHolidays('VE', 2026).map(({ date, name }) => `${date} ${name}`)).toEqual([
      '2026-01-01 Año Nuevo',
      '2026-02-16 Lunes de Carnaval',
      '2026-02-17 Martes de Carnaval',
      '2026-04-02 Jueves Santo',
      '2026-04-03 Viernes Santo',
      '2026-04-19 Declaración de la Independencia',
      '2026-05-01 Día del Trabajador',
      '2026-06-24 Batalla de Carabobo',
      '2026-07-05 Día de la Independencia',
      '2026-07-24 Natalicio del Libertador',
      '2026-10-12 Día de la Resistencia Indígena',
      '2026-12-24 Nochebuena',
      '2026-12-25 Navidad',
      '2026-12-31 Fin de Año',
    ]);
  });

  it('should name both where two fall on one day', () => {
    const [, , , , friday] = nationalHolidays('VE', 2019);
    expect(friday).toEqual({ date: '2019-04-19', name: 'Declaración de la Independencia / Viernes Santo' });
    expect(nationalHolidays('VE', 2019)).toHaveLength(13);
  });

  it('should be known by the time zone of a company', () => {
    expect([countryOf('America/Caracas'), countryOf('Europe/Madrid')]).toEqual(['VE', null]);
  });
});
