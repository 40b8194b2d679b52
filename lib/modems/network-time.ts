/** The clock of AT+CCLK (3GPP TS 27.007 section 8.15): `yy/MM/dd,hh:mm:ss±zz`, local time, zone in quarter hours. */

/** Unix seconds; 0 when the text is none or its year shows that the modem's clock was never set. Quotes are tolerated. */
export function unixTime(clock: string): number {
  const text = clock[0] === '"' ? clock.slice(1) : clock;
  const year = parseInt(text, 10);
  // clocks that were never set start between 1980 and 2004; recordings that are replayed may be some years old
  if (!(year > 9 && year < 80)) return 0;
  const iso = "20" + text.slice(0, 17).split("/").join("-").replace(",", "T") + "Z";
  return Date.parse(iso) / 1000 - (parseInt(text.slice(17), 10) || 0) * 900 || 0;
}
