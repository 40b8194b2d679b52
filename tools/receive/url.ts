/** A URL as it may be shown: without user and password. */
export const withoutLogin = (url: string): string => url.replace(/\/\/[^@/]*@/, "//");
