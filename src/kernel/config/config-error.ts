/** The process cannot start as configured; `problems` names every reason at once. */
export class ConfigError extends Error {
  constructor(
    what: string,
    readonly problems: readonly string[],
  ) {
    super([`${what}:`, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'ConfigError';
  }
}
