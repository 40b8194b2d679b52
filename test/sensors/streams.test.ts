/** Parts on a UART: whatever the pieces in which their bytes arrive, and whatever noise lies between. */
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { MODEM_SILENT, STUCK, TIMEOUT } from "../../lib/faults.ts";
import { gnss, UBLOX } from "../../lib/sensors/gnss.ts";
import { fixOf } from "../../lib/sensors/nmea.ts";
import { newestFrame, pms7003 } from "../../lib/sensors/pms7003.ts";
import { fixOfReport, sim7080Gnss } from "../../lib/sensors/sim7080-gnss.ts";
import { fakeEspruino, type FakeEspruino } from "../twins/espruino.ts";
import { run } from "./run.ts";
import { UART } from "./wiring.ts";

let espruino: FakeEspruino;
beforeEach(() => {
  espruino = fakeEspruino();
});

const text = (bytes: readonly number[]): string => String.fromCharCode(...bytes);
const garbage = fc.uint8Array({ maxLength: 200 }).map((bytes) => text([...bytes]));
const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

function frame(words: readonly number[]): string {
  const bytes = [0x42, 0x4d, 0, 28, ...words.flatMap((word) => [word >> 8, word & 255])];
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  return text([...bytes, sum >> 8, sum & 255]);
}
const PARTICLES = [5, 12, 15, 5, 11, 14, 900, 250, 60, 8, 2, 0, 0x9700];

describe("PMS7003", () => {
  it("wakes it, waits for stable air, reads the atmospheric values and sends it to sleep", () => {
    const { serial } = espruino;
    const done = run(pms7003(UART), (ms) => {
      if (ms === 1000) serial.arrive(frame(PARTICLES), [7]);
    });
    expect(done).toEqual({ result: [5, 11, 14], waits: [30000, 1000] });
    expect(serial.written).toEqual([text([0x42, 0x4d, 0xe4, 0, 1, 1, 0x74]), text([0x42, 0x4d, 0xe4, 0, 0, 1, 0x73])]);
    expect(serial.listening).toBe(false);
  });

  it("finds its frame in any pieces and any noise", () => {
    fc.assert(
      fc.property(
        garbage,
        garbage,
        pieces,
        fc.array(fc.nat(0xffff), { minLength: 13, maxLength: 13 }),
        (before, after, cut, words) => {
          const done = run(pms7003(UART), (ms, nth) => {
            if (ms === 1000 && nth === 2) espruino.serial.arrive(before + frame(words) + after.slice(0, 31), cut);
          });
          expect(done.result).toEqual(words.slice(3, 6));
        },
      ),
    );
  });

  it("takes any wrong byte for no frame at all", () => {
    const good = [...frame(PARTICLES)].map((char) => char.charCodeAt(0));
    for (let at = 0; at < 32; at++)
      for (let flip = 1; flip < 256; flip++)
        expect(newestFrame(text(good.map((byte, i) => (i === at ? byte ^ flip : byte))))).toBeUndefined();
  });

  it("gives up after three of its intervals, and lets it sleep", () => {
    expect(run(pms7003(UART)).result).toBe(TIMEOUT);
    expect(espruino.serial.written.at(-1)).toBe(text([0x42, 0x4d, 0xe4, 0, 0, 1, 0x73]));
  });
});

const GGA = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";
const sentence = (body: string): string =>
  `$${body}*${[...body]
    .reduce((sum, char) => sum ^ char.charCodeAt(0), 0)
    .toString(16)
    .toUpperCase()
    .padStart(2, "0")}\r\n`;

describe("GNSS", () => {
  it.each([
    [GGA, [48.1173, 11.516667, 545.4]],
    ["$GNGGA,000000,3345.600,S,15112.300,W,4,12,0.5,-3.2,M,0,M,,", [-33.76, -151.205, -3.2]],
  ])("reads %s", (line, expected) => {
    const fix = fixOf(line.includes("*") ? line : sentence(line.slice(1)))!;
    expected.forEach((value, i) => expect(fix[i]).toBeCloseTo(value, 5));
  });

  it.each([
    ["without a fix", "GPGGA,123519,,,,,0,00,99.9,,M,,M,,"],
    ["estimated", "GPGGA,123519,4807.038,N,01131.000,E,6,08,0.9,545.4,M,46.9,M,,"],
    ["without altitude", "GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,,M,46.9,M,,"],
    ["beyond the pole", "GPGGA,123519,9107.038,N,01131.000,E,1,08,0.9,1,M,46.9,M,,"],
    ["of another kind", "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W"],
  ])("takes a sentence %s for none", (_, body) => expect(fixOf(sentence(body))).toBeUndefined());

  it("takes a sentence with any wrong byte for none", () => {
    for (let at = 0; at < GGA.length; at++)
      for (let flip = 1; flip < 256; flip++) {
        const bad = GGA.slice(0, at) + String.fromCharCode(GGA.charCodeAt(at) ^ flip) + GGA.slice(at + 1);
        const fix = fixOf(bad);
        // the checksum's hexadecimal digits may be of either case
        if (fix) expect(bad.toUpperCase()).toBe(GGA);
      }
  });

  it("stops at the first fix, in any pieces and any noise", () => {
    fc.assert(
      fc.property(garbage, pieces, (noise, cut) => {
        const done = run(gnss(UART), (_ms, nth) => {
          if (nth === 2) espruino.serial.arrive(sentence("GPGGA,123519,,,,,0,00,99.9,,M,,M,,"), cut);
          if (nth === 3) espruino.serial.arrive(`${noise}\r\n${GGA}\r\n`, cut);
        });
        expect(done.waits).toHaveLength(3);
        expect((done.result as number[])[0]).toBeCloseTo(48.1173, 5);
        expect(espruino.serial.listening).toBe(false);
      }),
    );
  });

  it("gives up after its limit, and tells a silent receiver from one without a view of the sky", () => {
    const blind = run(gnss(UART, { ...UBLOX, limitSeconds: 20 }), () =>
      espruino.serial.arrive(sentence("GPGGA,,,,,,0,,,,M,,M,,")),
    );
    expect(blind.result).toBe(TIMEOUT);
    expect(blind.waits).toHaveLength(20);
    expect(espruino.serial.written).toEqual(["\xff", UBLOX.sleep]);
    expect(run(gnss(UART, { limitSeconds: 5 })).result).toBe(STUCK);
  });
});

describe("the SIM7080's own receiver", () => {
  const REPORT = "+CGNSINF: 1,1,20240115123519.000,48.117300,11.516667,545.400,0.00,,0,,1.0,1.3,0.9,,8,,5.0,6.0";
  /** Virtual time: the timers that the driver set run in order while it waits. */
  function modem(answer: (command: string) => string | undefined) {
    let now = 0;
    let timers: { id: number; at: number; run: () => void }[] = [];
    let ids = 0;
    vi.stubGlobal("setTimeout", (done: () => void, ms: number) => {
      timers.push({ id: ++ids, at: now + ms, run: done });
      return ids;
    });
    vi.stubGlobal("clearTimeout", (id: number) => (timers = timers.filter((timer) => timer.id !== id)));
    let heard = 0;
    return (ms: number) => {
      const end = now + ms;
      for (;;) {
        while (heard < espruino.serial.written.length) {
          const line = answer(espruino.serial.written[heard++]!.trim());
          if (line) espruino.serial.arrive(line, [5]);
        }
        timers.sort((a, b) => a.at - b.at);
        if (!timers[0] || timers[0].at > end) break;
        now = timers[0].at;
        timers.shift()!.run();
      }
      now = end;
    };
  }

  it("is switched on, asked until it has a fix, and switched off", () => {
    let asked = 0;
    const waiting = modem((command) => {
      if (command !== "AT+CGNSINF") return "\r\nOK\r\n";
      return ++asked < 3 ? "\r\n+CGNSINF: 1,0,,,,,,,0,,,,,,,,,\r\n\r\nOK\r\n" : `\r\n${REPORT}\r\n\r\nOK\r\n`;
    });
    const done = run(sim7080Gnss(UART), waiting);
    expect(done.result).toEqual([48.1173, 11.516667, 545.4]);
    expect(espruino.serial.written.at(0)).toBe("ATE0\r");
    expect(espruino.serial.written.at(-1)).toBe("AT+CGNSPWR=0\r");
    vi.unstubAllGlobals();
  });

  it("presses the key of a modem that does not answer, and gives up when that does not help", () => {
    const waiting = modem(() => undefined);
    let pressed = 0;
    espruino.pins.changed = (pin) => void (pressed += pin === "D4" ? 1 : 0);
    const done = run(sim7080Gnss(UART, { powerKey: "D4" }), waiting);
    expect(done.result).toBe(MODEM_SILENT);
    expect(pressed).toBe(1);
    expect(espruino.pins.modes["D4"]).toBe("input");
    vi.unstubAllGlobals();
  });

  it("takes a report with a wrong byte for none, or for a place on the globe: the report has no checksum", () => {
    for (let at = 0; at < REPORT.length; at++)
      for (let flip = 1; flip < 256; flip++) {
        const bad = REPORT.slice(0, at) + String.fromCharCode(REPORT.charCodeAt(at) ^ flip) + REPORT.slice(at + 1);
        const fix = fixOfReport(bad);
        if (fix) expect(Math.abs(fix[0]!) <= 90 && Math.abs(fix[1]!) <= 180 && Number.isFinite(fix[2]), bad).toBe(true);
      }
  });

  it("takes a report without a fix, or beyond the globe, for none", () => {
    expect(fixOfReport("+CGNSINF: 1,0,20240115,48.1,11.5,545,")).toBeUndefined();
    expect(fixOfReport("+CGNSINF: 1,1,20240115,98.1,11.5,545,")).toBeUndefined();
    expect(fixOfReport("+CGNSINF: 1,1,20240115,48.1,11.5,,")).toBeUndefined();
  });
});
