/** The clock of AT+CCLK (3GPP TS 27.007 section 8.15): `yy/MM/dd,hh:mm:ss±zz`, local time, zone in quarter hours. */

const MARCH_2000 = 951868800;

/** Unix seconds; 0 when the text is none or its year shows that the modem's clock was never set. Quotes are tolerated. */
export function unixTime(clock: string): number {
  const text = clock[0] === '"' ? clock.slice(1) : clock;
  const at = (index: number) => parseInt(text.substr(index, 2), 10);
  let year = at(0);
  let month = at(3);
  // clocks that were never set start between 1980 and 2004; recordings that are replayed may be some years old
  if (!(year > 9 && year < 80)) return 0;
  if (month < 3) {
    year--;
    month += 12;
  }
  const days = year * 365 + (year >> 2) + Math.floor((month * 153 - 457) / 5) + at(6) - 1;
  return (
    MARCH_2000 + days * 86400 + at(9) * 3600 + at(12) * 60 + at(15) - (parseInt(text.slice(17), 10) || 0) * 900 || 0
  );
}
