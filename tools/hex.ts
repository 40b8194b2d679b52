/** Addresses as data sheets print them. */

/** "0x4A" */
export const hex = (address: number): string => `0x${address.toString(16).toUpperCase()}`;
