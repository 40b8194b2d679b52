/** The time from a server by SNTP (RFC 4330): one datagram of 48 bytes there, one back. */

export const SNTP_PORT = 123;

/** No leap warning, version 4, client; the rest may be zero (section 5). */
export const sntpRequest = "\x23" + "\0".repeat(47);

/** From 1900 to 1970. */
const NTP_EPOCH_S = 2208988800;

/** Unix seconds of the server's transmit time stamp; 0 for anything but the answer of a server that is in time itself. */
export function sntpTime(answer: string): number {
  const at = (i: number) => answer.charCodeAt(i);
  // mode 4, stratum 1 to 15, and not the leap indicator 3 of a clock that was never set
  if (answer.length < 48 || (at(0) & 7) !== 4 || at(0) > 0xbf || !at(1) || at(1) > 15) return 0;
  const seconds = ((at(40) * 256 + at(41)) * 256 + at(42)) * 256 + at(43) - NTP_EPOCH_S;
  // from 2036 on the count starts again (section 3)
  return seconds < 0 ? seconds + 4294967296 : seconds;
}
