/** Files that a person gave to a start are not what they have to be: told line by line, without a stack; what runs goes on. */
export class FilesRefusedError extends Error {
  override readonly name = 'FilesRefusedError';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}
