import fc from "fast-check";
import { expect, it } from "vitest";
import { parseCommandLine } from "../../../tools/simulator/modems/at-syntax.ts";
import { dateTime, parseDateTime, zone } from "../../../tools/simulator/modems/modem-time.ts";
import { registered } from "./bench.ts";

it("splits a command line outside quotes, and drops the quotes", () => {
  expect(parseCommandLine('+CSOSEND=0,0,"a;b,c";+csq;E0;&W')).toEqual([
    { name: "+CSOSEND", form: "set", values: ["0", "0", "a;b,c"] },
    { name: "+CSQ", form: "run" },
    { name: "E", form: "set", values: ["0"] },
    { name: "&W", form: "run" },
  ]);
  expect(parseCommandLine('+CPSMS=1,,,"01011111","00000001"')).toEqual([
    { name: "+CPSMS", form: "set", values: ["1", undefined, undefined, "01011111", "00000001"] },
  ]);
  expect(parseCommandLine("+CSQ=?;+CREG?")).toEqual([
    { name: "+CSQ", form: "test" },
    { name: "+CREG", form: "read" },
  ]);
  for (const line of ["=1", "+", "+CSQ!", "1", ";"]) expect(parseCommandLine(line)).toBeUndefined();
});

it("writes and reads times in every zone", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 946_684_800, max: 4_102_444_799 - 50_000 }),
      fc.integer({ min: -47, max: 48 }),
      (unix, quarters) => {
        fc.pre(unix + quarters * 900 >= 946_684_800);
        expect(parseDateTime(dateTime(unix, quarters) + zone(quarters))).toEqual({ unix, zoneQuarters: quarters });
      },
    ),
  );
  expect(parseDateTime("24/01/02")).toBeUndefined();
});

it("survives any bytes on its UART, and answers AT after them", () => {
  const words = [
    "AT",
    "AT+CSOSEND=0,",
    "AT+CSOC=1,1,1",
    "AT+CPSMS=",
    "AT+CSOCON=0,",
    "=",
    "?",
    ",",
    ";",
    '"',
    "\r",
    "\n",
    "\0",
    "ÿ",
    "1",
    "A/",
  ];
  const noise = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: "binary", maxLength: 12 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(noise, (parts) => {
      const modem = registered({ saved: { baud: 115_200 } });
      modem.send(parts.join(""));
      modem.wait(0.1);
      modem.send("\r");
      // Long enough for a connection attempt that the noise may have started.
      modem.wait(30);
      modem.heard();
      // what asked for PSM has it
      if (modem.modem.state === "psm") {
        modem.press(1.2);
        modem.wait(5);
        modem.heard();
      }
      expect(modem.at("AT", 1)).toContain("OK\r\n");
    }),
    { numRuns: 300 },
  );
});
