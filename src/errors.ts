/** Something the user can mend: printed on stderr without a stack trace, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** There is no source to look at. */
export class NothingToRead extends UsageError {}
