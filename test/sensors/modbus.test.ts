import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { CRC, RANGE, REFUSED, TIMEOUT } from "../../lib/faults.ts";
import { crc16 } from "../../lib/sensors/modbus.ts";
import { sdm120 } from "../../lib/sensors/sdm120.ts";
import { fakeEspruino, type FakeEspruino } from "../twins/espruino.ts";
import { isFault, run } from "./run.ts";
import { UART } from "./wiring.ts";

let espruino: FakeEspruino;
beforeEach(() => {
  espruino = fakeEspruino();
});

const hex = (text: string): string => Buffer.from(text.replaceAll(" ", ""), "hex").toString("latin1");
const toHex = (text: string): string =>
  Buffer.from(text, "latin1")
    .toString("hex")
    .replace(/(..)(?=.)/g, "$1 ");

describe("the CRC of Modbus", () => {
  // the first from MODBUS over Serial Line V1.02, the others computed by other implementations
  it.each([
    ["02 07", "41 12"],
    ["01 04 00 00 00 02", "71 cb"],
    ["01 04 00 0c 00 02", "b1 c8"],
    ["01 04 00 46 00 02", "90 1e"],
    ["01 04 00 48 00 02", "f1 dd"],
    ["01 04 01 56 00 02", "90 27"],
    ["01 04 04 43 66 33 33", "5a fa"],
    ["01 84 02", "c2 c1"],
    ["01 04 00 00 00 26", "71 d0"],
  ])("of %s is %s", (body, crc) => expect(toHex(crc16(hex(body)))).toBe(crc));
});

/** A meter that answers from a table of floats; `change` alters what it sends. */
function meter(
  registers: Readonly<Record<number, number>>,
  change: (answer: string, request: string) => string = (a) => a,
) {
  let heard = espruino.serial.written.length;
  return () => {
    const { serial } = espruino;
    while (heard < serial.written.length) {
      const request = serial.written[heard++]!;
      const first = request.charCodeAt(2) * 256 + request.charCodeAt(3);
      const count = request.charCodeAt(5);
      const data = Buffer.alloc(count * 2);
      for (const [register, value] of Object.entries(registers)) {
        const offset = (Number(register) - first) * 2;
        if (offset >= 0 && offset + 4 <= data.length) data.writeFloatBE(value, offset);
      }
      const body = `\x01\x04${String.fromCharCode(count * 2)}${data.toString("latin1")}`;
      serial.arrive(change(body + crc16(body), request), [11]);
    }
  };
}
const TRUE = { 0: 230.2, 6: 4.5, 12: -1035.9, 0x46: 50.01, 0x48: 12345.678, 0x4a: 0.25 };

describe("SDM120", () => {
  it("asks for two blocks and drives the line only while it sends", () => {
    const levels: (number | undefined)[] = [];
    const answer = meter(TRUE);
    const done = run(sdm120(UART, { enable: "D4" }), (ms) => {
      levels.push(espruino.pins.levels["D4"]);
      if (ms === 20) answer();
    });
    expect(espruino.serial.written.map(toHex)).toEqual(["01 04 00 00 00 0e 71 ce", "01 04 00 46 00 06 91 dd"]);
    expect(done.waits).toEqual([39, 20, 17, 39, 20]);
    expect(levels).toEqual([1, 0, 0, 1, 0]);
    Object.values(TRUE).forEach((value, i) => expect((done.result as number[])[i]! / value).toBeCloseTo(1, 6));
    expect(espruino.serial.listening).toBe(false);
  });

  it("finds the answer behind an echo of its request and behind noise", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.uint8Array({ maxLength: 30 }), (echo, noise) => {
        const clean = String.fromCharCode(...noise).replaceAll("\x01", "");
        const done = run(
          sdm120(UART),
          meter(TRUE, (answer, request) => (echo ? request : "") + clean + answer),
        );
        expect((done.result as number[])[0]).toBeCloseTo(230.2, 4);
      }),
    );
  });

  it("takes any wrong byte for a fault", () => {
    for (const block of [0, 1])
      for (let at = 0; at < 17; at++)
        for (let flip = 1; flip < 256; flip++) {
          let nth = 0;
          const wrong = (answer: string): string =>
            nth++ === block
              ? answer.slice(0, at) + String.fromCharCode(answer.charCodeAt(at) ^ flip) + answer.slice(at + 1)
              : answer;
          const { result } = run(sdm120(UART), meter(TRUE, wrong));
          expect(isFault(result), `block ${block}, byte ${at} ^ ${flip}: ${String(result)}`).toBe(true);
        }
  });

  it("tells silence, a wrong CRC, a refusal and what is no number", () => {
    expect(run(sdm120(UART)).result).toBe(TIMEOUT);
    expect(
      run(
        sdm120(UART),
        meter(TRUE, (answer) => answer.slice(0, -1) + "\x00"),
      ).result,
    ).toBe(CRC);
    expect(
      run(
        sdm120(UART),
        meter(TRUE, () => hex("01 84 02 c2 c1")),
      ).result,
    ).toBe(REFUSED);
    expect(run(sdm120(UART), meter({ ...TRUE, 6: NaN })).result).toBe(RANGE);
    expect(run(sdm120(UART), meter({ ...TRUE, 6: Infinity })).result).toBe(RANGE);
    expect(
      run(
        sdm120(UART),
        meter(TRUE, (answer) => answer.replace("\x01", "\x02")),
      ).result,
    ).toBe(TIMEOUT);
  });
});
