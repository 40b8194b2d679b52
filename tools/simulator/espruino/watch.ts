/** `setWatch`: callbacks on the edges of a pin, debounced if asked for. */
import { toFloat } from "./data.ts";
import { adopt } from "./events.ts";
import type { Machine, Peripheral } from "./machine.ts";
import type { Pins } from "./pins.ts";
import type { Timer, Timers } from "./timers.ts";

interface Watch {
  readonly id: number;
  readonly pin: number;
  readonly run: unknown;
  readonly repeat: boolean;
  readonly edge: -1 | 0 | 1;
  readonly debounceUs: number;
  state: boolean;
  lastTime: number | undefined;
  timer: Timer | undefined;
}

/** The flash chip's own pins, and D12 with them: targets/esp32 does not watch them. */
const unwatchable = (pin: number): boolean => pin >= 6 && pin <= 12;

export interface Watches extends Peripheral {
  /** An edge on the wire. */
  edge(pin: number, level: 0 | 1): void;
}

export function watches(machine: Machine, pins: Pins, timers: Timers): Watches {
  const { realm, pins: bank, clock } = machine;
  let all: Watch[] = [];

  const wanted = ({ edge }: Watch, high: boolean): boolean => edge === 0 || (high ? edge > 0 : edge < 0);

  function fire(watch: Watch, high: boolean, time: number): void {
    const { lastTime } = watch;
    watch.lastTime = time;
    if (!wanted(watch, high)) return;
    if (!watch.repeat) all = all.filter((other) => other !== watch);
    machine.call(watch.run, undefined, [adopt(machine, { state: high, lastTime, time, pin: pins.pin(watch.pin) })]);
  }

  /** What the loop does with an edge that happened at `atUs`. */
  function handle(pin: number, high: boolean, atUs: number): void {
    const time = machine.time - (clock.nowUs - atUs) / 1e6;
    for (const watch of [...all]) {
      if (watch.pin !== pin || !all.includes(watch)) continue;
      if (watch.debounceUs <= 0) {
        watch.state = high;
        fire(watch, high, time);
        continue;
      }
      if (!watch.timer && high === watch.state) continue;
      if (watch.timer) timers.cancel(watch.timer);
      watch.timer = timers.after(Math.max(0, atUs - clock.nowUs + watch.debounceUs), () => {
        watch.timer = undefined;
        if (high === watch.state) return;
        watch.state = high;
        fire(watch, high, machine.time - watch.debounceUs / 1e6);
      });
    }
  }

  function setWatch(run: unknown, which: unknown, options: unknown): number | undefined {
    machine.check();
    const pin = pins.numberOf(which);
    if (pin === undefined) {
      machine.print("ERROR: Invalid pin\n");
      return undefined;
    }
    if (unwatchable(pin)) {
      machine.print(
        "WARNING: Unable to set watch. You may already have a watch on a pin with the same number (eg. A0 and B0),\nor this pin cannot be used with watch\n",
      );
      return undefined;
    }
    const given = (typeof options === "object" && options !== null ? options : { repeat: options }) as Record<
      string,
      unknown
    >;
    const button = bank.isNegated(pin);
    const names: Record<string, -1 | 0 | 1> = { rising: 1, falling: -1, both: 0 };
    const { edge: asked } = given;
    const edge =
      asked === undefined
        ? button
          ? 1
          : 0
        : typeof asked === "number"
          ? (Math.sign(asked) as -1 | 0 | 1)
          : names[asked as string];
    if (edge === undefined)
      throw new realm.TypeError("'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'");
    if (given["irq"]) throw new realm.Error("irq=true set, but function is not a native function");
    if (typeof run !== "function" && typeof run !== "string") throw new realm.Error("Function or String not supplied!");
    const debounce = given["debounce"] === undefined ? (button ? 25 : 0) : toFloat(given["debounce"]);
    const before = pins.input(pin) === 1;
    // The port forces input with pull-up on a pin that it starts to watch.
    if (!all.some((watch) => watch.pin === pin)) bank.setMode(pin, button ? "input_pulldown" : "input_pullup");
    const id = (all.at(-1)?.id ?? 0) + 1;
    all.push({
      id, pin, run, repeat: Boolean(given["repeat"]), edge, debounceUs: debounce > 0 ? debounce * 1000 : 0,
      state: before, lastTime: undefined, timer: undefined,
    }); // prettier-ignore
    return id;
  }

  function clearWatch(...ids: unknown[]): void {
    machine.check();
    if (ids.length === 0) {
      for (const { timer } of all) if (timer) timers.cancel(timer);
      all = [];
      return;
    }
    if (ids[0] === undefined) throw new realm.Error("clearWatch(undefined) not allowed. Use clearWatch() instead");
    const watch = all.find(({ id }) => id === ids[0]);
    if (!watch) throw new realm.Error(`Unknown Watch ${String(ids[0])}`);
    if (watch.timer) timers.cancel(watch.timer);
    all = all.filter((other) => other !== watch);
  }

  return {
    globals: { setWatch, clearWatch },
    drop: () => (all = []),
    edge(pin, level) {
      if (!all.some((watch) => watch.pin === pin)) return;
      const atUs = clock.nowUs;
      machine.post(() => handle(pin, (level === 1) !== bank.isNegated(pin), atUs));
    },
  };
}
