/** Exit codes, the same for every verb. */
export const OK = 0;
/** The input is at fault: arguments, files, source code. */
export const USER_ERROR = 1;
/** The work was done, and what it checked does not hold (a promise of a scenario, a size budget). */
export const CHECK_FAILED = 2;
/** A defect of Hibernode itself. */
export const DEFECT = 70;
