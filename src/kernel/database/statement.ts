/** What an answer and a refusal mean to whoever made the statement. */
interface Meaning<T> {
  answer: (rows: never[]) => T;
  /** the error to throw for the database's */
  refusal?: (error: unknown) => unknown;
}

/** A statement of the tenant that is not sent yet. */
export class Statement<T> {
  constructor(
    readonly text: string,
    readonly values: unknown[],
    /** makes it a prepared statement */
    readonly name: string | undefined,
    private readonly meaning: Meaning<T>,
  ) {}

  answer(rows: unknown[]): T {
    return this.meaning.answer(rows as never[]);
  }

  refusal(error: unknown): unknown {
    return this.meaning.refusal ? this.meaning.refusal(error) : error;
  }

  /** The same, whose refusals are explained further. */
  refusedAs(explain: (error: unknown) => unknown): Statement<T> {
    const { text, values, name, meaning } = this;
    return new Statement(text, values, name, { answer: meaning.answer, refusal: (error) => explain(this.refusal(error)) });
  }
}
