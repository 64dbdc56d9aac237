/** The URL of another database of the same server; a socket URL (user@/name?host=...) has no host, which the URL class refuses. */
export function databaseUrl(server, database) {
  return server.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${database}`);
}
