/** Exit codes, the same for every verb. */
export const OK = 0;
/** The input is at fault: arguments, files, source code, a bundle over its budget. */
export const USER_ERROR = 1;
/** The work was done, and what it checked does not hold, for instance a reading that was lost. */
export const CHECK_FAILED = 2;
/** A defect of Hibernode itself. */
export const DEFECT = 70;

export function describeExitCodes(): string {
  return [
    "Exit codes:",
    `  ${OK}   done`,
    `  ${USER_ERROR}   the input is at fault: arguments, files, source code`,
    `  ${CHECK_FAILED}   done, but something that must hold does not`,
    `  ${DEFECT}  a defect of hibernode`,
  ].join("\n");
}
