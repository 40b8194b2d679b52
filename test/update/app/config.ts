/** The line that the stories change. */
export const report = "2h";
