/**
 * ST LIS3DH and LIS2DH12 accelerometers: three power modes, a FIFO of 32 samples, a high-pass filter and two interrupt
 * generators. Clicks, the 6D detection and the activity function are not modelled.
 */
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { fullScales, lis3dhFacts, rates, unusedBits } from "./lis3dh-facts.ts";
import { accelerationAxes, createSampler, METRES_PER_SECOND_SQUARED_PER_G } from "./motion-sampler.ts";
import { type I2cWiring, type Part, within } from "./part.ts";
import { byteRegisters, int16 } from "./registers.ts";

const { figures, addresses } = lis3dhFacts;

export interface Lis3dhWiring extends I2cWiring {
  /** Counts at 1 g in the ±2 g range, left-justified. */
  readonly countsPerG?: number | undefined;
}

const [OUT_TEMP_L, OUT_TEMP_H, WHO_AM_I, CTRL_REG0, TEMP_CFG] = [0x0c, 0x0d, 0x0f, 0x1e, 0x1f];
const [CTRL_REG1, CTRL_REG2, CTRL_REG3, CTRL_REG4, CTRL_REG5, CTRL_REG6] = [0x20, 0x21, 0x22, 0x23, 0x24, 0x25];
const [REFERENCE, STATUS, OUT_X_L, OUT_Z_H, FIFO_CTRL, FIFO_SRC] = [0x26, 0x27, 0x28, 0x2d, 0x2e, 0x2f];
/** Configuration registers of the two interrupt generators; source, threshold and duration follow each. */
const [INT1_CFG, INT2_CFG] = [0x30, 0x34];
const DEPTH = 32;
const [BYPASS, FIFO] = [0, 1];
/** Share of the difference that the high-pass filter forgets with each sample, for each code of HPCF. */
const forgetting = [50, 100, 200, 400].map((divisor) => 1 - Math.exp((-2 * Math.PI) / divisor));

interface Generator {
  readonly config: number;
  /** The condition has held for this many samples. */
  held: number;
  active: boolean;
}

export function lis3dh(
  context: PartContext,
  { name, address = addresses[0], countsPerG = figures.countsPerG.value, lines }: Lis3dhWiring,
): Part {
  const { random, world } = context;
  const body = createBody(context, name, {
    "power-down": figures.powerDownMicroamps,
    measuring: [figures.highResolution10HzMicroamps, figures.lowPower10HzMicroamps],
  });
  const offsets = accelerationAxes.map(() => within(random, figures.offsetG.value));
  const registers = new Uint8Array(0x40);
  const generators: readonly Generator[] = [INT1_CFG, INT2_CFG].map((config) => ({ config, held: 0, active: false }));
  let booting = false;
  let output: readonly number[] = [0, 0, 0];
  let fifo: (readonly number[])[] = [];
  let overrun = false;
  let watermark = false;
  /** What the high-pass filter takes away, in g; undefined = the next sample. */
  let reference: readonly number[] | undefined;
  let fresh = false;
  let lost = false;

  const register = (at: number): number => registers[at]!;
  const mode = (): "low" | "normal" | "high" =>
    register(CTRL_REG1) & 8 ? "low" : register(CTRL_REG4) & 8 ? "high" : "normal";
  const scale = () => fullScales[(register(CTRL_REG4) >> 4) & 3]!;
  const fifoMode = (): number => (register(CTRL_REG5) & 0x40 ? register(FIFO_CTRL) >> 6 : BYPASS);

  function hertz(): number {
    const rate = rates[register(CTRL_REG1) >> 4];
    if (!rate) return 0;
    if (rate.hertz === 1620 && mode() !== "low") return 0;
    return "lowPowerHertz" in rate && mode() === "low" ? rate.lowPowerHertz : rate.hertz;
  }

  function take(): void {
    const enabled = register(CTRL_REG1) & 7;
    const noise = figures.noiseGPerRootHertz.value * Math.sqrt(hertz() / 2);
    const g = accelerationAxes.map((axis, index) =>
      enabled & (1 << index)
        ? world(axis) / METRES_PER_SECOND_SQUARED_PER_G + offsets[index]! + noise * random.normal()
        : 0,
    );
    const control = register(CTRL_REG2);
    const k = forgetting[(control >> 4) & 3]!;
    const before = reference ?? g;
    reference = before.map((value, axis) => value + k * (g[axis]! - value));
    const passed = g.map((value, axis) => value - reference![axis]!);
    if (fresh) lost = true;
    fresh = true;
    const drop = unusedBits[mode()];
    const counts = (value: number): number => (int16((value * countsPerG) / scale().coarser) >> drop) << drop;
    output = (control & 8 ? passed : g).map(counts);
    push(output);
    generators.forEach((generator, index) => judge(generator, control & (1 << index) ? passed : g));
    show();
  }

  function push(sample: readonly number[]): void {
    const kind = fifoMode();
    if (kind === BYPASS) return;
    if (fifo.length >= DEPTH) {
      overrun = true;
      if (kind === FIFO) return;
      fifo.shift();
    }
    fifo.push(sample);
    if (fifo.length >= (register(FIFO_CTRL) & 31)) watermark = true;
    if (fifo.length >= DEPTH) overrun = true;
  }

  function judge(generator: Generator, g: readonly number[]): void {
    const { config } = generator;
    const enable = register(config);
    const threshold = (register(config + 2) & 0x7f) * scale().thresholdG;
    let flags = 0;
    g.forEach((value, axis) => (flags |= (Math.abs(value) > threshold ? 2 : 1) << (2 * axis)));
    const events = flags & enable & 0x3f;
    const all = (enable & 0x80) !== 0;
    const met = (enable & 0x3f) !== 0 && (all ? events === (enable & 0x3f) : events !== 0);
    generator.held = met ? generator.held + 1 : 0;
    const active = met && generator.held > (register(config + 3) & 0x7f);
    const latched = (register(CTRL_REG5) & (config === INT1_CFG ? 0x08 : 0x02)) !== 0;
    if (active) registers[config + 1] = 0x40 | flags;
    else if (!latched) registers[config + 1] = 0;
    generator.active = active || (latched && generator.active);
  }

  function show(): void {
    const inverted = (register(CTRL_REG6) & 2) !== 0;
    const [first, second] = generators as [Generator, Generator];
    const route = register(CTRL_REG3);
    const other = register(CTRL_REG6);
    const one =
      (route & 0x40 && first.active) ||
      (route & 0x20 && second.active) ||
      (route & 0x10 && fresh) ||
      (route & 0x04 && watermark) ||
      (route & 0x02 && overrun);
    const two = (other & 0x40 && first.active) || (other & 0x20 && second.active);
    lines?.["int1"]?.drive(Boolean(one) === inverted ? 0 : 1);
    lines?.["int2"]?.drive(Boolean(two) === inverted ? 0 : 1);
  }

  const needed = (): boolean =>
    (fifoMode() !== BYPASS && !(fifoMode() === FIFO && fifo.length >= DEPTH)) ||
    generators.some(({ config }) => register(config) & 0x3f) ||
    (lines?.["int1"] !== undefined && (register(CTRL_REG3) & 0x10) !== 0);
  const sampler = createSampler(context, accelerationAxes, take, needed);

  function restart(): void {
    const rate = hertz();
    sampler.stop();
    if (rate === 0) return body.enter("power-down");
    const column = { low: 0, normal: 1, high: 2 }[mode()];
    body.enter("measuring", rates[register(CTRL_REG1) >> 4]!.microamps[column]);
    const periodUs = 1e6 / rate;
    sampler.start(periodUs, mode() === "high" ? 7 * periodUs : periodUs);
  }

  function emptyFifo(): void {
    fifo = [];
    overrun = watermark = false;
  }

  function write(at: number, value: number): void {
    if (at === CTRL_REG0 || (at >= TEMP_CFG && at <= REFERENCE) || at === FIFO_CTRL || (at >= INT1_CFG && at < 0x40)) {
      const before = register(at);
      if (at === INT1_CFG + 1 || at === INT2_CFG + 1 || at === 0x39) return;
      registers[at] = value;
      if (at === CTRL_REG5) registers[at]! &= 0x7f;
      if ((at === FIFO_CTRL || at === CTRL_REG5) && fifoMode() === BYPASS) emptyFifo();
      if ((at === CTRL_REG1 || at === CTRL_REG4) && before !== value) restart();
      if (at === INT1_CFG || at === INT2_CFG) generators[at === INT1_CFG ? 0 : 1]!.held = 0;
      sampler.reconsider();
      show();
    }
  }

  function outByte(at: number): number {
    const sample = fifoMode() === BYPASS ? output : (fifo[0] ?? output);
    const index = at - OUT_X_L;
    const word = sample[index >> 1]!;
    const byte = index % 2 ? (word >> 8) & 0xff : word & 0xff;
    if (at !== OUT_Z_H) return register(CTRL_REG4) & 0x40 ? swapped(word, index) : byte;
    fresh = lost = false;
    if (fifo.length > 0 && fifoMode() !== BYPASS) {
      fifo.shift();
      overrun = false;
      if (fifo.length <= (register(FIFO_CTRL) & 31)) watermark = false;
      sampler.reconsider();
    }
    show();
    return register(CTRL_REG4) & 0x40 ? swapped(word, index) : byte;
  }

  function read(at: number): number {
    if (at === WHO_AM_I) return 0x33;
    if (at === OUT_TEMP_L) return 0;
    // One digit per °C, as a difference to a reference that is taken to be 25 °C.
    if (at === OUT_TEMP_H) return register(TEMP_CFG) & 0x40 ? Math.round(world("temperature") - 25) & 0xff : 0;
    if (at === REFERENCE) {
      reference = undefined;
      return register(at);
    }
    if (at === STATUS) return (fresh ? 0x0f : 0) | (lost ? 0xf0 : 0);
    if (at >= OUT_X_L && at <= OUT_Z_H) return outByte(at);
    if (at === FIFO_SRC) {
      return (watermark ? 0x80 : 0) | (overrun ? 0x40 : 0) | (fifo.length === 0 ? 0x20 : 0) | Math.min(fifo.length, 31);
    }
    const generator = generators.find(({ config }) => at === config + 1);
    if (!generator) return registers[at] ?? 0;
    const source = register(at);
    generator.active = false;
    registers[at] = 0;
    show();
    return source;
  }

  let increments = false;
  const file = byteRegisters({
    // Bit 7 of the register's number asks for auto-increment.
    pointer(byte) {
      increments = (byte & 0x80) !== 0;
      return byte & 0x3f;
    },
    next(at) {
      if (!increments) return at;
      // Behind the last axis it goes on with the next sample of the FIFO.
      return at === OUT_Z_H && fifoMode() !== BYPASS ? OUT_X_L : (at + 1) & 0x3f;
    },
    read,
    write,
  });
  const i2c = body.i2c(address, {
    write: (data) => !booting && file.write(data),
    read(count) {
      if (booting) return undefined;
      sampler.catchUp();
      return file.read(count);
    },
  });

  function start(): void {
    registers.fill(0);
    registers[CTRL_REG0] = 0x10;
    registers[CTRL_REG1] = 0x07;
    emptyFifo();
    reference = undefined;
    output = [0, 0, 0];
    fresh = lost = false;
    booting = true;
    for (const generator of generators) Object.assign(generator, { held: 0, active: false });
    body.enter("power-down");
    body.occupy(figures.bootMs.value * 1000, () => (booting = false));
    show();
  }
  return body.part({ i2c }, start, () => sampler.stop());
}

const swapped = (word: number, index: number): number => (index % 2 ? word & 0xff : (word >> 8) & 0xff);
