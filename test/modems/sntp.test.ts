/** The time from a server, as RFC 4330 lays it out. */
import { expect, test } from "vitest";
import { sntpRequest, sntpTime } from "../../lib/modems/sntp.ts";

const answer = (head: readonly number[], stamp: number): string => {
  const bytes = Buffer.alloc(48);
  bytes.set(head);
  bytes.writeUInt32BE(stamp, 40);
  return bytes.toString("latin1");
};

test("asks as a client of version 4, with nothing else in the 48 bytes", () => {
  expect(Buffer.from(sntpRequest, "latin1").toString("hex")).toBe("23" + "00".repeat(47));
});

test.each([
  // RFC 868's table: 1 January 1970 is 2,208,988,800; RFC 4330 section 3: 2^32 is on 7 February 2036, 6:28:16
  ["the first second of 1970", 2_208_988_800, 0],
  ["23 November 2026", 2_208_988_800 + 1_795_435_200, 1_795_435_200],
  ["the last second of the first era", 2 ** 32 - 1, Date.UTC(2036, 1, 7, 6, 28, 15) / 1000],
  ["the first of the second", 0, Date.UTC(2036, 1, 7, 6, 28, 16) / 1000],
])("%s", (_, stamp, unix) => expect(sntpTime(answer([0x24, 2], stamp))).toBe(unix));

test.each([
  ["a clock that was never set", [0xe4, 2]],
  ["a kiss of death", [0x24, 0]],
  ["a stratum that is reserved", [0x24, 16]],
  ["another client's question", [0x23, 2]],
])("%s tells no time", (_, head) => expect(sntpTime(answer(head, 4_000_000_000))).toBe(0));

test("an answer that was cut short tells no time", () => {
  expect(sntpTime(answer([0x24, 2], 4_000_000_000).slice(0, 47))).toBe(0);
});
