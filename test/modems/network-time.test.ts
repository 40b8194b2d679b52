import fc from "fast-check";
import { expect, test } from "vitest";
import { unixTime } from "../../lib/modems/network-time.ts";

test.each([
  ["24/01/02,13:45:59+32", "2024-01-02T05:45:59Z"],
  ['"24/01/02,13:45:59+32"', "2024-01-02T05:45:59Z"],
  ["24/02/29,23:59:59-20", "2024-03-01T04:59:59Z"],
  ["26/12/31,00:00:00+00", "2026-12-31T00:00:00Z"],
  ["26/06/01,10:00:00", "2026-06-01T10:00:00Z"],
  ['26/06/01,10:00:00+08,"DST +1 in use"', "2026-06-01T08:00:00Z"],
])("reads %s as %s", (text, iso) => {
  expect(unixTime(text)).toBe(Date.parse(iso) / 1000);
});

test.each(["00/01/01,00:18:15+32", "80/01/06,00:00:10+00", "04/01/01,00:00:00+00", "", "no clock", "24/13"])(
  "takes a clock that was never set, or none, as unknown: %j",
  (text) => {
    expect(unixTime(text)).toBe(0);
  },
);

test("agrees with the calendar on every day until 2079", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("2024-01-01"), max: new Date("2079-12-31"), noInvalidDate: true }), (date) => {
      const iso = date.toISOString();
      expect(unixTime(`${iso.slice(2, 10).replaceAll("-", "/")},${iso.slice(11, 19)}+00`)).toBe(
        Math.floor(date.getTime() / 1000),
      );
    }),
    { numRuns: 2000 },
  );
});
