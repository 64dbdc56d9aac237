export function databaseUrl(server: string, database: string): string;
