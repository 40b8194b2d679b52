/**
 * What parts have in common behind their pins: a supply, states that draw current, work that takes time, and the faults
 * of a bus. Work ends by an alarm, or when the part is asked in that very microsecond.
 */
import type { Figure } from "../../../boards/types.ts";
import type { Alarm } from "../clock.ts";
import type { I2cTarget, PartContext } from "../hardware.ts";
import type { Part } from "./part.ts";

/** Each state's current in microamperes, and what else its energy rests on. */
export type States<State extends string> = Readonly<Record<State, Figure | readonly [Figure, ...Figure[]]>>;

export interface I2cProtocol {
  write(data: Uint8Array): boolean;
  read(count: number): Uint8Array | undefined;
  generalCall?(data: Uint8Array): boolean;
}

export interface Body<State extends string> {
  readonly powered: boolean;
  /** True while work is under way. */
  readonly busy: boolean;
  /** From now on the part draws the current of `state`, or `microamps` where that depends on more than the state. */
  enter(state: State, microamps?: number): void;
  /** Does `then` in `us` microseconds; work that was under way is forgotten. */
  occupy(us: number, then: () => void): void;
  /** Ends work whose time is over. */
  settle(): void;
  /** Forgets the work under way. */
  abort(): void;
  /** Holds the bus until the work under way is done, as a part that stretches the clock does. */
  stretch(): void;
  /** The part at its I2C address. The fault "crc" flips one bit of an answer. */
  i2c(address: number, protocol: I2cProtocol): I2cTarget;
  /** The finished part, switched on. `start` is what happens when the supply appears, `stop` when it goes. */
  part(ends: Omit<Part, "power" | "causes">, start: () => void, stop?: () => void): Part;
}

export function createBody<State extends string>(
  { clock, meter, trace, fault, random }: PartContext,
  name: string,
  states: States<State>,
): Body<State> {
  const figures = (state: State): readonly Figure[] => [states[state]].flat() as Figure[];
  const all = Object.keys(states) as State[];
  const causes = Object.fromEntries(all.map((state) => [state, `sensor: ${name} ${state}`])) as Record<State, string>;
  const typical = Object.fromEntries(all.map((state) => [state, figures(state)[0]!.value])) as Record<State, number>;
  let powered = false;
  let endUs = 0;
  let alarm: Alarm | undefined;
  let finish: (() => void) | undefined;

  function settle(): void {
    while (finish && clock.nowUs >= endUs) {
      const then = finish;
      finish = undefined;
      clock.cancel(alarm);
      then();
    }
  }

  function abort(): void {
    clock.cancel(alarm);
    finish = undefined;
  }

  return {
    get powered() { return powered; },
    get busy() { return finish !== undefined; },
    enter(state, microamps = typical[state]) {
      meter.set(microamps * 1e-6, causes[state]);
      trace("state", state);
    },
    occupy(us, then) {
      clock.cancel(alarm);
      finish = then;
      alarm = clock.after(us, settle);
      endUs = alarm.atUs;
    },
    settle,
    abort,
    stretch() {
      if (finish) clock.runUntil(endUs);
      settle();
    },
    i2c: (address, { write, read, generalCall }) => ({
      address,
      write(data) {
        settle();
        if (!powered || fault("nak")) return false;
        return fault("stuck") || write(data);
      },
      read(count) {
        settle();
        if (!powered || fault("nak")) return undefined;
        // A data line held low acknowledges everything and reads as zeros.
        if (fault("stuck")) return new Uint8Array(count);
        const bytes = read(count);
        if (bytes?.length && fault("crc")) flipBit(bytes, Math.floor(random.next() * bytes.length * 8));
        return bytes;
      },
      ...(generalCall && {
        generalCall(data: Uint8Array) {
          settle();
          return powered && !fault("nak") && generalCall(data);
        },
      }),
    }),
    part(ends, start, stop) {
      function power(on: boolean): void {
        if (on === powered) return;
        powered = on;
        abort();
        if (on) return start();
        stop?.();
        meter.set(0, causes[all[0]!]);
        trace("state", "off");
      }
      power(true);
      return { ...ends, power, causes: new Map(all.map((state) => [causes[state], figures(state)])) };
    },
  }; // prettier-ignore
}

/** Conversions that follow one another without end. Nothing happens until someone asks how many have ended meanwhile. */
export interface FreeRun {
  readonly running: boolean;
  /** The first conversion ends after `firstUs`, each further one `periodUs` later. */
  start(periodUs: number, firstUs?: number): void;
  stop(): void;
  /** Conversions that have ended since the last call. */
  ended(): number;
}

export function freeRun(clock: { readonly nowUs: number }): FreeRun {
  let firstAtUs = Infinity;
  let periodUs = 1;
  let seen = 0;
  return {
    get running() { return firstAtUs < Infinity; },
    start(period, firstUs = period) {
      firstAtUs = clock.nowUs + firstUs;
      periodUs = period;
      seen = 0;
    },
    stop() {
      firstAtUs = Infinity;
      seen = 0;
    },
    ended() {
      const total = clock.nowUs < firstAtUs ? 0 : 1 + Math.floor((clock.nowUs - firstAtUs) / periodUs);
      const fresh = total - seen;
      seen = total;
      return fresh;
    },
  }; // prettier-ignore
}

function flipBit(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3]! ^= 0x80 >> (bit & 7);
}
