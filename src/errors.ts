/** Something the user can mend: printed on stderr without a stack trace, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
