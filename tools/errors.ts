/** What a user can put right: printed without a stack trace, exit code 1. Anything else that escapes is a defect (70). */
export class UserError extends Error {
  /** File and line, flag or setting at fault. */
  readonly where: string | undefined;
  /** What to do about it. */
  readonly fix: string | undefined;

  constructor(message: string, { where, fix }: { where?: string | undefined; fix?: string | undefined } = {}) {
    super(message);
    this.name = "UserError";
    this.where = where;
    this.fix = fix;
  }
}
