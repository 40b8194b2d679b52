/** The clock of AT+CCLK (3GPP TS 27.007 section 8.15): `yy/MM/dd,hh:mm:ss±zz`, local time, zone in quarter hours. */

/**
 * Unix seconds; 0 when the text is none, or shows that the modem's clock was never set: such clocks start between 1980
 * and 2004, and recordings that are replayed may be some years old. A quote before it is tolerated.
 */
export function unixTime(clock: string): number {
  const text = clock.replace('"', "");
  const iso = "20" + text.slice(0, 17).split("/").join("-").replace(",", "T") + "Z";
  const unix = Date.parse(iso) / 1000 - (parseInt(text.slice(17), 10) || 0) * 900;
  return unix > 1262e6 && unix < 3471292800 ? unix : 0;
}
