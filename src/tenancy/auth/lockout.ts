/** Wrong passwords in a row that cost nothing: people mistype. */
export const FREE_ATTEMPTS = 5;
const FIRST_LOCK_SECONDS = 30;
const LONGEST_LOCK_SECONDS = 15 * 60;

/**
 * Seconds for which an account takes no password after `failures` wrong ones in a row: none for the first four, 30 s at the
 * fifth, doubled by every further one, 15 minutes at most: about 100 guesses a day, and the owner waits a quarter of an hour at worst.
 */
export function lockSeconds(failures: number): number {
  if (failures < FREE_ATTEMPTS) return 0;
  return Math.min(LONGEST_LOCK_SECONDS, FIRST_LOCK_SECONDS * 2 ** Math.min(failures - FREE_ATTEMPTS, 10));
}
