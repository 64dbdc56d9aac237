/**
 * What nobody can read any more is dropped: a reader that has left (`| head`) or a full disk behind a redirection must not end the shop.
 * Without a listener the stream's error would be uncaught.
 */
export function dropUnreadOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
