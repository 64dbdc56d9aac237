import type pg from 'pg';

export function assertLedgers(client: Pick<pg.Client, 'query'>): Promise<void>;
