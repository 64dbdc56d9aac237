import pg from 'pg';

const DATE = 1082;

/** pg's parsers, but a DATE stays the text YYYY-MM-DD: as a Date object it would move with the machine's time zone. */
export const plainTypes = {
  getTypeParser(oid: number, format?: string) {
    if (oid === DATE && format !== 'binary') return (text: string) => text;
    return (pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown)(oid, format);
  },
};
