/** Card readers, against small models of their registers and frames. */
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { CRC, NAK, RANGE, REFUSED, TIMEOUT } from "../../lib/faults.ts";
import { mfrc522 } from "../../lib/sensors/mfrc522.ts";
import { FRAMES, pn532 } from "../../lib/sensors/pn532.ts";
import { cardNumber } from "../../lib/sensors/rfid.ts";
import { fakeEspruino } from "../twins/espruino.ts";
import { isFault, run } from "./run.ts";
import { BUS } from "./wiring.ts";

beforeEach(() => void fakeEspruino());

const card = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }).filter((uid) => uid[0] !== 0x88),
  fc.uint8Array({ minLength: 7, maxLength: 7 }).filter((uid) => uid[3] !== 0x88),
);
/** What the receiver of a reading makes of its two numbers. */
const numberOf = (result: readonly number[] | number): bigint => {
  const [high, low] = result as [number, number];
  return (BigInt(high) << 28n) | BigInt(low);
};
const asNumber = (uid: Uint8Array): bigint => BigInt(`0x${Buffer.from(uid).toString("hex")}`);

describe("a card's number", () => {
  it("survives in two numbers that fit a record", () => {
    fc.assert(
      fc.property(card, (uid) => {
        const numbers = cardNumber(uid, 0, uid.length);
        expect(numberOf(numbers)).toBe(asNumber(uid));
        expect(Math.max(...numbers)).toBeLessThan(2 ** 28);
      }),
    );
  });
});

describe("PN532", () => {
  it("frames its commands as User Manual 6.2.1 says", () => {
    for (const frame of FRAMES) {
      const [length, complement, ...rest] = [...frame].map((char) => char.charCodeAt(0));
      const [sum, end] = rest.slice(-2);
      const content = rest.slice(0, -2);
      expect([content.length, (length! + complement!) & 255, end, content[0]]).toEqual([length, 0, 0, 0xd4]);
      expect((content.reduce((a, b) => a + b) + sum!) & 255).toBe(0);
    }
  });

  const ACK = [0, 0, 0xff, 0, 0xff, 0];
  const response = (code: number, data: readonly number[]): number[] => {
    const body = [0xd5, code, ...data];
    return [0, 0, 0xff, body.length, -body.length & 255, ...body, -body.reduce((a, b) => a + b) & 255, 0];
  };
  /** Answers each command after `slow` polls, first with ACK, then with its response. */
  function reader(
    uid: readonly number[] | undefined,
    { slow = 0, silent = false, ats = [] as readonly number[], change = (bytes: number[], _nth: number) => bytes } = {},
  ) {
    const log: number[] = [];
    let queue: number[][] = [];
    let polls = 0;
    let nth = 0;
    vi.stubGlobal("I2C1", {
      setup() {},
      writeTo(_address: number, data: string) {
        expect(data.slice(0, 3)).toBe("\0\0\xff");
        const command = data.charCodeAt(6);
        log.push(command);
        const answers: Record<number, number[]> = {
          0x14: [],
          0x32: [],
          0x4a: uid ? [1, 1, 0x00, 0x04, 0x08, uid.length, ...uid, ...ats] : [0],
          0x16: [0],
        };
        queue = silent && command !== 0x16 ? [] : [ACK, response(command + 1, answers[command]!)];
        polls = 0;
      },
      readFrom(_address: number, count: number) {
        if (!queue.length || polls++ < slow) {
          if (polls % 2) throw new Error("jshI2CRead: slave doesn't ACK the transfer");
          return new Uint8Array(count);
        }
        if (count === 1) return Uint8Array.of(1);
        polls = 0;
        const bytes = change([1, ...queue.shift()!], nth++);
        return Uint8Array.from({ length: count }, (_, i) => bytes[i] ?? 0);
      },
    });
    return log;
  }

  it("gives the number of any card, or none, and powers down", () => {
    fc.assert(
      fc.property(fc.option(card, { nil: undefined }), fc.integer({ min: 0, max: 5 }), (uid, slow) => {
        const log = reader(uid && [...uid], { slow });
        const { result } = run(pn532(BUS));
        expect(numberOf(result)).toBe(uid ? asNumber(uid) : 0n);
        expect(log).toEqual([0x14, 0x32, 0x4a, 0x16]);
      }),
    );
  });

  it("gives up on a silent reader, and tells it to power down", () => {
    const log = reader([1, 2, 3, 4], { silent: true });
    expect(run(pn532(BUS)).result).toBe(TIMEOUT);
    expect(log).toEqual([0x14, 0x16]);
  });

  it("takes any wrong byte of a frame for a fault", () => {
    const lengths = [6, 9, 6, 9, 6, 19, 6, 10];
    lengths.forEach((length, which) => {
      // the postamble carries nothing
      for (let at = 1; at < length; at++)
        for (let flip = 1; flip < 256; flip++) {
          reader([1, 2, 3, 4], {
            change: (bytes, nth) => (nth === which ? bytes.map((b, i) => (i === at ? b ^ flip : b)) : bytes),
          });
          expect(isFault(run(pn532(BUS)).result), `read ${which}, byte ${at} ^ ${flip}`).toBe(true);
        }
    });
  });

  it("reads a card whose answer to select follows its number, as those with ISO 14443-4 have it", () => {
    const uid = [0x04, 1, 2, 3, 4, 5, 6];
    const ats = [20, 0x78, 0x77, 0x71, 2, ...new Array<number>(15).fill(0x41)];
    reader(uid, { ats });
    expect(numberOf(run(pn532(BUS)).result)).toBe(asNumber(Uint8Array.from(uid)));
  });

  it("tells a longer number, an error frame and a missing part", () => {
    reader([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(run(pn532(BUS)).result).toBe(RANGE);
    reader([1, 2, 3, 4], { change: (bytes, nth) => (nth === 1 ? [1, 0, 0, 0xff, 1, 0xff, 0x7f, 0x81, 0] : bytes) });
    expect(run(pn532(BUS)).result).toBe(REFUSED);
    fakeEspruino();
    expect(run(pn532(BUS)).result).toBe(NAK);
  });
});

describe("MFRC522", () => {
  const SPI = { bus: "SPI1", sck: "D18", miso: "D19", mosi: "D23" } as const;
  interface Chip {
    readonly registers: number[];
    fifo: number[];
    readonly sent: number[][];
  }
  /** Registers, FIFO and a card before the antenna. */
  function reader(
    uid: readonly number[] | undefined,
    { version = 0x92, change = (bytes: number[], _nth: number) => bytes } = {},
  ): Chip {
    const chip: Chip = { registers: new Array<number>(64).fill(0), fifo: [], sent: [] };
    const { registers } = chip;
    const level = (part: readonly number[]) => [...part, part.reduce((a, b) => a ^ b)];
    const first = uid && (uid.length === 4 ? level(uid) : level([0x88, ...uid.slice(0, 3)]));
    const answer = (out: readonly number[]): number[] | undefined => {
      // no answer without a field, nor to a short frame that is not 7 bits
      if (!uid || (registers[0x14]! & 3) !== 3) return undefined;
      if (out[0] === 0x26) return registers[0x0d]! & 7 ? [0x04, 0x00] : undefined;
      if (out[0] === 0x93 && out[1] === 0x20) return first;
      // selected with the CRC that the chip itself adds
      if (out[0] === 0x93 && out[1] === 0x70 && registers[0x12]! & registers[0x13]! & 0x80) return [0x04];
      return out[0] === 0x95 && uid.length === 7 ? level(uid.slice(3)) : undefined;
    };
    const write = (register: number, value: number): void => {
      registers[register] = value;
      if (register === 9) chip.fifo.push(value);
      if (register === 0x0a && value & 0x80) chip.fifo = [];
      if (register === 4 && !(value & 0x80)) registers[4] = 0;
      if (register === 0x0d && value & 0x80) {
        const out = chip.fifo;
        chip.sent.push(out);
        const back = answer(out);
        chip.fifo = back ? change([...back], chip.sent.length - 1) : [];
        registers[4] = back ? 0x30 : 0x01;
      }
    };
    vi.stubGlobal("SPI1", {
      setup() {},
      send([head = 0, ...values]: number[]) {
        const register = (head >> 1) & 63;
        if (!(head & 0x80)) {
          for (const value of values) write(register, value);
          return new Uint8Array(1 + values.length);
        }
        const read = register === 9 ? chip.fifo.shift() : register === 0x0a ? chip.fifo.length : registers[register];
        return Uint8Array.of(0, register === 0x37 ? version : (read ?? 0));
      },
    });
    return chip;
  }
  const sensor = () => mfrc522(SPI, "D5");
  const isAsleep = ({ registers }: Chip) => registers[1] === 0x10 && (registers[0x14]! & 3) === 0;

  it("gives the number of any card, or none, and powers down with the field off", () => {
    fc.assert(
      fc.property(fc.option(card, { nil: undefined }), (uid) => {
        const chip = reader(uid && [...uid]);
        expect(numberOf(run(sensor()).result)).toBe(uid ? asNumber(uid) : 0n);
        expect(isAsleep(chip)).toBe(true);
      }),
    );
  });

  it("sets ModeReg, timer and modulation as the data sheet says, and starts with a request of 7 bits", () => {
    const chip = reader([1, 2, 3, 4]);
    run(sensor());
    const { registers } = chip;
    expect([0x11, 0x15, 0x2a, 0x2b, 0x2c, 0x2d].map((register) => registers[register])).toEqual([
      0x3d, 0x40, 0x8d, 0x3e, 0, 50,
    ]);
    expect(chip.sent).toEqual([[0x26], [0x93, 0x20]]);
  });

  it("takes any wrong byte of a number for a fault", () => {
    for (const [uid, nth] of [
      [[1, 2, 3, 4], 1],
      [[4, 2, 3, 4, 5, 6, 7], 1],
      [[4, 2, 3, 4, 5, 6, 7], 3],
    ] as const)
      for (let at = 0; at < 5; at++)
        for (let flip = 1; flip < 256; flip++) {
          const chip = reader(uid, {
            change: (bytes, i) => (i === nth ? bytes.map((b, k) => (k === at ? b ^ flip : b)) : bytes),
          });
          expect(isFault(run(sensor()).result)).toBe(true);
          expect(isAsleep(chip)).toBe(true);
        }
  });

  it("tells a missing chip, an error that the chip reports, and a card that leaves", () => {
    for (const version of [0, 255]) {
      reader(undefined, { version });
      expect(run(sensor()).result).toBe(NAK);
    }
    const chip = reader([1, 2, 3, 4]);
    chip.registers[6] = 0x08;
    expect(run(sensor()).result).toBe(CRC);
    let left = false;
    reader([1, 2, 3, 4], { change: (bytes) => (left ? bytes : ((left = true), bytes.slice(0, 1))) });
    expect(run(sensor()).result).toBe(CRC);
  });
});
