import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseNotifications } from '../../../src/kernel/database/notifications.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

let lab: MediumDatabase;
let sut: DatabaseNotifications;

beforeAll(async () => {
  lab = await openMediumDatabase('notifications');
  sut = new DatabaseNotifications(lab.topology);
});
afterAll(async () => {
  await sut.end();
  await lab.close();
});

describe('DatabaseNotifications', () => {
  it('should take a payload that a listener cannot read for changes that went unheard, and go on', async () => {
    const told: string[] = [];
    const notified = (payload: string): void => {
      told.push(JSON.parse(payload));
    };
    await sut.listen('medium_told', { notified, reset: () => told.push('reset') });
    expect(told).toEqual(['reset']);
    // NOTIFY needs no privilege
    for (const payload of ['nonsense', '"sense"']) await lab.root.query(`NOTIFY medium_told, '${payload}'`);
    while (told.length < 3) await delay(5);
    expect(told).toEqual(['reset', 'reset', 'sense']);
    expect(sut.isListening('medium_told')).toBe(true);
  });

  it('should listen again after its connection was ended', async () => {
    const told: string[] = [];
    await sut.listen('medium_again', { notified: (payload) => told.push(payload), reset: () => told.push('reset') });
    await lab.root.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fluxion notifications' AND datname = current_database()`,
    );
    while (sut.isListening('medium_again')) await delay(1);
    while (!sut.isListening('medium_again')) await delay(5);
    await lab.root.query(`NOTIFY medium_again, 'heard'`);
    while (told.at(-1) !== 'heard') await delay(5);
    expect(told.slice(0, -1).every((text) => text === 'reset')).toBe(true);
  });
});
