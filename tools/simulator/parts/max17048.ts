/** Maxim MAX17048 fuel gauge, fed by the cell it watches: voltage, state of charge and its rate in sixteen-bit registers. */
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { facts } from "./max17048-facts.ts";
import { clamp, type I2cWiring, type Part, within } from "./part.ts";
import { int16 } from "./registers.ts";

const { figures, addresses } = facts;

const VCELL = 0x02;
const SOC = 0x04;
const MODE = 0x06;
const VERSION = 0x08;
const HIBERNATE = 0x0a;
const CONFIG = 0x0c;
const LIMITS = 0x14;
const CRATE = 0x16;
const RESET_ID = 0x18;
const STATUS = 0x1a;
const COMMAND = 0xfe;
const POWER_ON_RESET = 0x5400;
const ENABLE_SLEEP = 0x2000;
const HIBERNATING = 0x1000;
const SLEEP = 0x0080;
const ALERT = 0x0020;
/** STATUS: reset, voltage too high, too low, charge too low. */
const [RESET_INDICATOR, TOO_HIGH, TOO_LOW, CHARGE_LOW] = [0x0100, 0x0200, 0x0400, 0x1000];
const VOLTS_PER_LIMIT = 0.02;
const atReset: readonly (readonly [number, number])[] = [
  [MODE, 0], [VERSION, 0x0012], [HIBERNATE, 0x8030], [CONFIG, 0x971c], [LIMITS, 0x00ff], [RESET_ID, 0x9600], [STATUS, RESET_INDICATOR],
]; // prettier-ignore
const writable = [MODE, HIBERNATE, CONFIG, LIMITS, RESET_ID, STATUS, COMMAND];

export function max17048(context: PartContext, { name, address = addresses[0], lines }: I2cWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    active: figures.activeMicroamps,
    hibernating: figures.hibernateMicroamps,
    sleeping: figures.sleepMicroamps,
  });
  const errorVolts = within(random, figures.accuracyVolts.value);
  let registers = new Map<number, number>();
  let pointer = 0;
  let startUs = 0;
  let updatedUs = -Infinity;
  /** Percent per hour, smoothed over minutes, and the charge from which it follows. */
  let rate = 0;
  let charge = NaN;

  const word = (register: number): number => registers.get(register) ?? 0;
  const state = (): "active" | "hibernating" | "sleeping" => {
    if (word(CONFIG) & SLEEP && word(MODE) & ENABLE_SLEEP) return "sleeping";
    const threshold = word(HIBERNATE);
    if (threshold === 0xffff) return "hibernating";
    const slow = Math.abs(rate) < (threshold >> 8) * figures.percentPerHourPerCount.value;
    // It hibernates after six minutes below the threshold.
    return threshold !== 0 && slow && clock.nowUs - startUs > 360e6 ? "hibernating" : "active";
  };

  /** Takes the updates that are due. They follow the chip's own period; between two of them nothing changes. */
  function catchUp(): void {
    const now = state();
    const voltageMs = figures.firstVoltageMs.value;
    if (now === "sleeping" || clock.nowUs - startUs < voltageMs * 1000) return;
    const periodMs = now === "active" ? figures.activePeriodMs.value : figures.hibernatePeriodMs.value;
    if (clock.nowUs - updatedUs < periodMs * 1000) return;
    const volts = world("voltage") + errorVolts;
    registers.set(VCELL, clamp(Math.round(volts / figures.voltsPerCount.value), 0, 0xffff));
    if (clock.nowUs - startUs < figures.firstChargeMs.value * 1000) {
      updatedUs = clock.nowUs;
      return;
    }
    const percent = world("charge");
    const hours = (clock.nowUs - updatedUs) / 3600e6;
    if (!Number.isNaN(charge)) rate += (1 - Math.exp(-hours * 10)) * ((percent - charge) / hours - rate);
    charge = percent;
    updatedUs = clock.nowUs;
    registers.set(SOC, clamp(Math.round(percent / figures.percentPerCount.value), 0, 0xffff));
    registers.set(CRATE, int16(rate / figures.percentPerHourPerCount.value));
    compare(volts, percent);
  }

  function compare(volts: number, percent: number): void {
    const limits = word(LIMITS);
    const flags =
      (volts < (limits >> 8) * VOLTS_PER_LIMIT ? TOO_LOW : 0) |
      (volts > (limits & 0xff) * VOLTS_PER_LIMIT ? TOO_HIGH : 0) |
      (percent < 32 - (word(CONFIG) & 0x1f) ? CHARGE_LOW : 0);
    if (!flags) return;
    registers.set(STATUS, word(STATUS) | flags);
    registers.set(CONFIG, word(CONFIG) | ALERT);
    lines?.["alert"]?.drive(0);
  }

  function start(): void {
    registers = new Map(atReset);
    startUs = clock.nowUs;
    updatedUs = -Infinity;
    rate = 0;
    charge = NaN;
    lines?.["alert"]?.drive(1);
    watch();
  }

  /** The current of the state that holds, and the next look at it. An alert pin that is connected needs every update. */
  function watch(): void {
    catchUp();
    const now = state();
    body.enter(now);
    if (now === "sleeping") return body.abort();
    const wait =
      now === "active" ? (lines?.["alert"] ? figures.activePeriodMs.value : 60_000) : figures.hibernatePeriodMs.value;
    body.occupy(wait * 1000, watch);
  }

  function store(register: number, value: number): void {
    if (!writable.includes(register)) return;
    if (register === STATUS) registers.set(STATUS, value & 0x7f00);
    else registers.set(register, value);
    if (register === CONFIG && !(value & ALERT)) lines?.["alert"]?.drive(1);
    if (register !== STATUS && register !== LIMITS) watch();
  }

  const i2c = body.i2c(address, {
    write(data) {
      if (data.length === 0) return true;
      pointer = data[0]!;
      for (let index = 1; index + 1 < data.length; index += 2) {
        const value = data[index]! * 256 + data[index + 1]!;
        if (pointer === COMMAND && value === POWER_ON_RESET) {
          // The reset comes before the acknowledge.
          start();
          return false;
        }
        store(pointer & 0xfe, value);
        pointer += 2;
      }
      return true;
    },
    read(count) {
      catchUp();
      return Uint8Array.from({ length: count }, (_, index) => {
        const at = (pointer + index) & 0xff;
        if ((at & 0xfe) === MODE) return at & 1 ? 0 : state() === "hibernating" ? HIBERNATING >> 8 : 0;
        if ((at & 0xfe) === COMMAND) return 0xff;
        return (word(at & 0xfe) >> (at & 1 ? 0 : 8)) & 0xff;
      });
    },
  });

  return body.part({ i2c }, start);
}
