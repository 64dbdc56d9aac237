/** A title or a detail in the two languages the API speaks; `{name}` is replaced from the problem's params. */
export interface Bilingual {
  readonly es: string;
  readonly en: string;
}

/** One entry of the closed list: what HTTP status a code has and how it reads. */
export interface ProblemDefinition {
  readonly status: number;
  readonly title: Bilingual;
  /** default detail; a thrower may give its own */
  readonly detail?: Bilingual;
  /** seconds after which the same request may succeed */
  readonly retryAfter?: number;
}
