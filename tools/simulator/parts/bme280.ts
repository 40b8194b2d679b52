/** Bosch BME280 and BMP280: the same part with and without humidity, forced or free-running, raw counts and calibration. */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { fineTemperature, humidity, invert, pressure } from "./bme280-compensation.ts";
import { bme280Facts, bmp280Facts, exampleCalibration, standbyMs, timing, type Calibration } from "./bme280-facts.ts";
import { between, clamp, type I2cWiring, type Part, within } from "./part.ts";
import { byteRegisters } from "./registers.ts";

export interface Bme280Wiring extends I2cWiring {
  /** The words that the factory has burnt into the part; those of the datasheet's example unless stated. */
  readonly calibration?: Calibration | undefined;
}

const ID = 0xd0;
const RESET = 0xe0;
const HUMIDITY_CONTROL = 0xf2;
const STATUS = 0xf3;
const CONTROL = 0xf4;
const CONFIG = 0xf5;
const RESULTS = 0xf7;
const SOFT_RESET = 0xb6;
const [SLEEP, NORMAL] = [0, 3];
const [MEASURING, UPDATING] = [0x08, 0x01];

/** Samples for each code of an oversampling field. */
const samplesOf = (code: number): number => (code === 0 ? 0 : Math.min(16, 2 ** (code - 1)));

export const bme280 = (context: PartContext, wiring: Bme280Wiring): Part => create(context, wiring, true);
export const bmp280 = (context: PartContext, wiring: Bme280Wiring): Part => create(context, wiring, false);

function create(
  context: PartContext,
  { name, address = 0x76, calibration = exampleCalibration }: Bme280Wiring,
  wet: boolean,
): Part {
  const { clock, random, world } = context;
  const { figures } = wet ? bme280Facts : bmp280Facts;
  const moisture = wet ? bme280Facts.figures : undefined;
  const pauses = standbyMs[wet ? "bme280" : "bmp280"];
  const { startMicrocoulombs, temperatureMicroamps, pressureMicroamps } = figures;
  const body = createBody(context, name, {
    sleeping: figures.sleepMicroamps,
    "start-up": figures.standbyMicroamps,
    measuring: [
      temperatureMicroamps,
      pressureMicroamps,
      startMicrocoulombs,
      ...(moisture ? [moisture.humidityMicroamps] : []),
    ],
    normal: [figures.standbyMicroamps, temperatureMicroamps, pressureMicroamps],
  });
  const run = freeRun(clock);
  const constants = calibrationBytes(calibration, wet);
  const errorCelsius = within(random, figures.accuracyCelsius.value);
  const errorHectopascal = within(random, figures.accuracyHectopascal.value);
  const errorPercent = moisture ? within(random, moisture.accuracyPercent.value) : 0;
  const pace = random.next();
  const registers = new Uint8Array(256);
  /** ctrl_hum as last written; it counts from the next write to ctrl_meas on. */
  let nextHumidity = 0;
  let filtered: { temperature: number; pressure: number } | undefined;
  /** Writes during a measurement, done at its end. */
  let delayed: [number, number][] = [];

  const settings = () => {
    const control = registers[CONTROL]!;
    return {
      t: samplesOf(control >> 5),
      p: samplesOf((control >> 2) & 7),
      h: wet ? samplesOf(registers[HUMIDITY_CONTROL]! & 7) : 0,
      mode: control & 3,
      filter: [1, 2, 4, 8, 16, 16, 16, 16][(registers[CONFIG]! >> 2) & 7]!,
    };
  };

  function measureMs(): number {
    const { t, p, h } = settings();
    const at = ({ start, sample, channel }: (typeof timing)["typical" | "longest"]): number =>
      start + sample * t + (p ? sample * p + channel : 0) + (h ? sample * h + channel : 0);
    return between(at(timing.typical), at(timing.longest), pace);
  }

  /** Charge of one measurement (section 9.5). */
  function microcoulombs(): number {
    const { t, p, h } = settings();
    const phase = (samples: number, microamps: number, fixedMs: number): number =>
      samples ? (microamps * (2 * samples + fixedMs)) / 1000 : 0;
    const wetPhase = moisture ? phase(h, moisture.humidityMicroamps.value, 0.5) : 0;
    return (
      startMicrocoulombs.value +
      phase(t, temperatureMicroamps.value, 0) +
      phase(p, pressureMicroamps.value, 0.5) +
      wetPhase
    );
  }

  function convert(): void {
    const { t, p, h, filter } = settings();
    const noisy = (value: number, deviation: number, samples: number): number =>
      value + (deviation / Math.sqrt(Math.max(samples, 1))) * random.normal();
    const celsius = noisy(world("temperature") + errorCelsius, figures.deviationCelsius.value, t);
    const exactT = invert((counts) => fineTemperature(calibration, counts), celsius * 5120, 2 ** 20 - 1);
    const fine = fineTemperature(calibration, exactT);
    const pascal = noisy(world("pressure") + errorHectopascal, figures.deviationHectopascal.value, p) * 100;
    const exactP = p ? invert((counts) => pressure(calibration, counts, fine), pascal, 2 ** 20 - 1) : 0;
    const before = filter > 1 ? filtered : undefined;
    const smooth = (last: number | undefined, now: number): number =>
      last === undefined ? now : (last * (filter - 1) + now) / filter;
    filtered = { temperature: smooth(before?.temperature, exactT), pressure: smooth(before?.pressure, exactP) };
    // 20 bits behind the filter; without it 16, and one more for each step of oversampling.
    const put = (at: number, counts: number, samples: number): void => {
      const step = filter > 1 ? 1 : 16 / samples;
      const word = samples ? clamp(Math.round(counts / step) * step, 0, 2 ** 20 - 1) : 0x80000;
      registers.set([word >> 12, (word >> 4) & 0xff, (word & 15) << 4], at);
    };
    put(RESULTS, filtered.pressure, p);
    put(RESULTS + 3, filtered.temperature, t);
    if (!moisture) return;
    const percent = clamp(noisy(world("humidity") + errorPercent, moisture.deviationPercent.value, h), 0, 100);
    const wetCounts = h ? Math.round(invert((counts) => humidity(calibration, counts, fine), percent, 0xffff)) : 0x8000;
    registers.set([wetCounts >> 8, wetCounts & 0xff], RESULTS + 6);
  }

  function catchUp(): void {
    const ended = run.ended();
    // The filter needs the last few samples one by one; what came before them has faded.
    for (let sample = Math.min(ended, 64); sample > 0; sample--) convert();
  }

  function control(value: number): void {
    catchUp();
    run.stop();
    body.abort();
    registers[HUMIDITY_CONTROL] = nextHumidity;
    registers[CONTROL] = value;
    const { mode } = settings();
    if (mode === SLEEP) return body.enter("sleeping");
    const ms = measureMs();
    if (mode === NORMAL) {
      const periodMs = ms + pauses[registers[CONFIG]! >> 5]!;
      const pause = figures.standbyMicroamps.value * (1 - ms / periodMs);
      body.enter("normal", (microcoulombs() * 1000) / periodMs + pause);
      return run.start(periodMs * 1000, ms * 1000);
    }
    registers[STATUS] = MEASURING;
    body.enter("measuring", (microcoulombs() * 1000) / ms);
    body.occupy(ms * 1000, () => {
      convert();
      registers[STATUS] = 0;
      registers[CONTROL]! &= ~3;
      body.enter("sleeping");
      const writes = delayed;
      delayed = [];
      for (const [register, late] of writes) write(register, late);
    });
  }

  function write(register: number, value: number): void {
    if (register === RESET) {
      if (value === SOFT_RESET) start();
    } else if (register === CONTROL || (wet && register === HUMIDITY_CONTROL)) {
      if (body.busy) delayed.push([register, value]);
      else if (register === CONTROL) control(value);
      else nextHumidity = value & 7;
    } else if (register === CONFIG) {
      // "Writes to config in normal mode may be ignored": this part ignores them.
      if (settings().mode === NORMAL) return;
      registers[CONFIG] = value;
      filtered = undefined;
    }
  }

  function start(): void {
    run.stop();
    registers.fill(0);
    registers.set(constants.low, 0x88);
    if (wet) registers.set(constants.high, 0xe1);
    registers[ID] = wet ? 0x60 : 0x58;
    registers.set([0x80, 0, 0, 0x80, 0, 0], RESULTS);
    if (wet) registers.set([0x80, 0], RESULTS + 6);
    registers[STATUS] = UPDATING;
    nextHumidity = 0;
    filtered = undefined;
    delayed = [];
    body.enter("start-up");
    body.occupy(figures.startUpMs.value * 1000, () => {
      registers[STATUS] = 0;
      body.enter("sleeping");
    });
  }

  const file = byteRegisters({
    pairs: true,
    read(register) {
      // ctrl_hum reads as written, also before it counts.
      return wet && register === HUMIDITY_CONTROL ? nextHumidity : registers[register]!;
    },
    write,
  });
  const starting = (): boolean => (registers[STATUS]! & UPDATING) !== 0;
  const i2c = body.i2c(address, {
    // Until its memory is copied it does not answer.
    write: (data) => !starting() && file.write(data),
    read(count) {
      if (starting()) return undefined;
      catchUp();
      return file.read(count);
    },
  });
  return body.part({ i2c }, start, () => run.stop());
}

function calibrationBytes(
  { t, p, h: [h1, h2, h3, h4, h5, h6] }: Calibration,
  wet: boolean,
): { low: number[]; high: number[] } {
  const words = [...t, ...p].flatMap((word) => [word & 0xff, (word >> 8) & 0xff]);
  return {
    low: wet ? [...words, 0, h1] : words,
    high: [
      h2 & 0xff,
      (h2 >> 8) & 0xff,
      h3,
      (h4 >> 4) & 0xff,
      (h4 & 15) | ((h5 & 15) << 4),
      (h5 >> 4) & 0xff,
      h6 & 0xff,
    ],
  };
}
