/**
 * Analog Devices ADXL345 accelerometer: a FIFO of 32 samples, activity, inactivity and free-fall detection with link and
 * auto-sleep, two interrupt pins. Taps are not modelled.
 */
import type { PartContext } from "../hardware.ts";
import { facts, lowPowerMicroamps, microamps } from "./adxl345-facts.ts";
import { createBody } from "./body.ts";
import { accelerationAxes, createSampler, METRES_PER_SECOND_SQUARED_PER_G } from "./motion-sampler.ts";
import { clamp, type I2cWiring, type Part, within } from "./part.ts";
import { byteRegisters } from "./registers.ts";

const { figures, addresses } = facts;

const [DEVID, OFSX, THRESH_ACT, THRESH_INACT, TIME_INACT, ACT_INACT_CTL] = [0x00, 0x1e, 0x24, 0x25, 0x26, 0x27];
const [THRESH_FF, TIME_FF, ACT_TAP_STATUS, BW_RATE, POWER_CTL, INT_ENABLE] = [0x28, 0x29, 0x2b, 0x2c, 0x2d, 0x2e];
const [INT_MAP, INT_SOURCE, DATA_FORMAT, DATAX0, DATAZ1, FIFO_CTL, FIFO_STATUS] = [
  0x2f, 0x30, 0x31, 0x32, 0x37, 0x38, 0x39,
];
const [DATA_READY, ACTIVITY, INACTIVITY, FREE_FALL, WATERMARK, OVERRUN] = [0x80, 0x10, 0x08, 0x04, 0x02, 0x01];
const [LINK, AUTO_SLEEP, MEASURE, SLEEP] = [0x20, 0x10, 0x08, 0x04];
const [LOW_POWER, FULL_RESOLUTION, LEFT_JUSTIFIED, INVERTED] = [0x10, 0x08, 0x04, 0x20];
const THRESHOLD_G = 0.0625;
const OFFSET_G = 0.0156;
const DEPTH = 32;
const [BYPASS, FIFO] = [0, 1];

export function adxl345(context: PartContext, { name, address = addresses[0], lines }: I2cWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    standby: figures.standbyMicroamps,
    measuring: [figures.active100HzMicroamps, figures.lowPower12HzMicroamps],
    sleeping: figures.sleepMicroamps,
  });
  const offsets = accelerationAxes.map(() => within(random, figures.offsetG.value));
  const registers = new Uint8Array(0x40);
  let fifo: (readonly number[])[] = [];
  let output: readonly number[] = [0, 0, 0];
  /** Latched sources: activity, inactivity, free fall. */
  let latched = 0;
  let ready = false;
  let overrun = false;
  let asleep = false;
  let reference: { activity: readonly number[]; inactivity: readonly number[] } | undefined;
  let quietSinceUs = Infinity;
  let fallingSinceUs = Infinity;
  /** With link, the detectors take turns; activity comes first. */
  let awaiting: "activity" | "inactivity" = "activity";

  const register = (at: number): number => registers[at]!;
  const fifoMode = (): number => register(FIFO_CTL) >> 6;
  const level = (at: number): number => register(at) * THRESHOLD_G;

  function take(): void {
    const g = accelerationAxes.map((axis, index) => {
      const trim = ((register(OFSX + index) << 24) >> 24) * OFFSET_G;
      const noise = (index === 2 ? figures.deviationZCounts : figures.deviationCounts).value / figures.countsPerG.value;
      return world(axis) / METRES_PER_SECOND_SQUARED_PER_G + offsets[index]! + trim + noise * random.normal();
    });
    const format = register(DATA_FORMAT);
    const range = format & 3;
    const full = (format & FULL_RESOLUTION) !== 0;
    const coarser = full ? 1 : 1 << range;
    const bits = full ? 10 + range : 10;
    const limit = 2 ** (bits - 1);
    output = g.map((value) => {
      const counts = clamp(Math.round((value * figures.countsPerG.value) / coarser), -limit, limit - 1);
      return format & LEFT_JUSTIFIED ? counts << (16 - bits) : counts;
    });
    push(output);
    detect(g);
    show();
  }

  function push(sample: readonly number[]): void {
    if (ready && fifoMode() === BYPASS) overrun = true;
    ready = true;
    if (fifoMode() === BYPASS) return;
    if (fifo.length >= DEPTH) {
      overrun = true;
      if (fifoMode() === FIFO) return;
      fifo.shift();
    }
    fifo.push(sample);
  }

  function detect(g: readonly number[]): void {
    const control = register(ACT_INACT_CTL);
    const enable = register(INT_ENABLE);
    const linked = (register(POWER_CTL) & LINK) !== 0;
    reference ??= { activity: g, inactivity: g };
    const size = (axis: number, coupled: boolean, from: readonly number[]): number =>
      Math.abs(g[axis]! - (coupled ? from[axis]! : 0));
    const mask = (shift: number): number[] => [0, 1, 2].filter((axis) => control & ((4 << shift) >> axis));
    const active = mask(4).filter(
      (axis) => size(axis, (control & 0x80) !== 0, reference!.activity) > level(THRESH_ACT),
    );
    const still = mask(0);
    const quiet =
      still.length > 0 &&
      still.every((axis) => size(axis, (control & 0x08) !== 0, reference!.inactivity) < level(THRESH_INACT));
    if (enable & ACTIVITY && active.length > 0 && (!linked || awaiting === "activity")) {
      latched |= ACTIVITY;
      registers[ACT_TAP_STATUS] = active.reduce((flags, axis) => flags | (0x40 >> axis), 0);
      turn("inactivity", g);
      if (asleep) wake();
    }
    quietSinceUs = quiet ? Math.min(quietSinceUs, clock.nowUs) : Infinity;
    const quietUs = clock.nowUs - quietSinceUs;
    if (
      enable & INACTIVITY &&
      quiet &&
      quietUs >= register(TIME_INACT) * 1e6 &&
      (!linked || awaiting === "inactivity")
    ) {
      latched |= INACTIVITY;
      turn("activity", g);
      if (linked && register(POWER_CTL) & AUTO_SLEEP) doze();
    }
    const falling = g.every((value) => Math.abs(value) < level(THRESH_FF));
    fallingSinceUs = falling ? Math.min(fallingSinceUs, clock.nowUs) : Infinity;
    if (enable & FREE_FALL && falling && clock.nowUs - fallingSinceUs >= register(TIME_FF) * 5000) latched |= FREE_FALL;
  }

  function turn(next: typeof awaiting, g: readonly number[]): void {
    awaiting = next;
    reference = { activity: g, inactivity: g };
    quietSinceUs = Infinity;
  }

  function doze(): void {
    asleep = true;
    restart();
  }

  function wake(): void {
    asleep = false;
    restart();
  }

  const entries = (): number => (fifoMode() === BYPASS ? Number(ready) : fifo.length);
  const source = (): number =>
    latched |
    (entries() > 0 ? DATA_READY : 0) |
    (fifoMode() !== BYPASS && entries() >= (register(FIFO_CTL) & 31) ? WATERMARK : 0) |
    (overrun ? OVERRUN : 0);

  function show(): void {
    const active = source() & register(INT_ENABLE);
    const inverted = (register(DATA_FORMAT) & INVERTED) !== 0;
    const map = register(INT_MAP);
    lines?.["int1"]?.drive(((active & ~map) !== 0) === inverted ? 0 : 1);
    lines?.["int2"]?.drive(((active & map) !== 0) === inverted ? 0 : 1);
  }

  const needed = (): boolean =>
    (fifoMode() !== BYPASS && !(fifoMode() === FIFO && fifo.length >= DEPTH)) ||
    (register(INT_ENABLE) & (ACTIVITY | INACTIVITY | FREE_FALL)) !== 0 ||
    ((register(INT_ENABLE) & DATA_READY) !== 0 && lines !== undefined);
  const sampler = createSampler(context, accelerationAxes, take, needed);

  function restart(): void {
    const power = register(POWER_CTL);
    sampler.stop();
    if (!(power & MEASURE)) return body.enter("standby");
    const code = register(BW_RATE) & 15;
    if (power & SLEEP || asleep) {
      body.enter("sleeping");
      const periodUs = 1e6 / [8, 4, 2, 1][power & 3]!;
      return sampler.start(periodUs);
    }
    const low = register(BW_RATE) & LOW_POWER ? lowPowerMicroamps[code] : undefined;
    body.enter("measuring", low ?? microamps[code]!);
    const periodUs = 1e6 / (3200 / 2 ** (15 - code));
    sampler.start(periodUs, periodUs + figures.turnOnMs.value * 1000);
  }

  function write(at: number, value: number): void {
    const readOnly = at < 0x1d || at === ACT_TAP_STATUS || at === INT_SOURCE || (at >= DATAX0 && at <= DATAZ1);
    if (readOnly || at >= FIFO_STATUS) return;
    const before = register(at);
    registers[at] = value;
    if (at === FIFO_CTL && fifoMode() === BYPASS) {
      fifo = [];
      overrun = false;
    }
    if (at === POWER_CTL || at === BW_RATE) {
      if (!(value & LINK)) awaiting = "activity";
      asleep = false;
      if (before !== value) restart();
    }
    if (at === ACT_INACT_CTL || at === INT_ENABLE) reference = undefined;
    sampler.reconsider();
    show();
  }

  /** Reading any data byte takes its sample: the rest of it is gone when the transfer ends. */
  let taken: readonly number[] | undefined;

  function dataByte(at: number): number {
    if (!taken) {
      taken = fifoMode() === BYPASS ? output : (fifo.shift() ?? output);
      ready = overrun = false;
      sampler.reconsider();
      show();
    }
    const word = taken[(at - DATAX0) >> 1]!;
    return (at - DATAX0) % 2 ? (word >> 8) & 0xff : word & 0xff;
  }

  function read(at: number): number {
    if (at === DEVID) return 0xe5;
    if (at >= DATAX0 && at <= DATAZ1) return dataByte(at);
    if (at === FIFO_STATUS) return fifo.length;
    if (at === ACT_TAP_STATUS) return register(at) | (asleep ? 0x08 : 0);
    if (at !== INT_SOURCE) return registers[at] ?? 0;
    const value = source();
    latched = 0;
    show();
    return value;
  }

  const file = byteRegisters({ read, write, next: (at) => (at + 1) & 0x3f });
  const i2c = body.i2c(address, {
    write: file.write.bind(file),
    read(count) {
      sampler.catchUp();
      taken = undefined;
      return file.read(count);
    },
  });

  function start(): void {
    registers.fill(0);
    registers[BW_RATE] = 0x0a;
    fifo = [];
    output = [0, 0, 0];
    latched = 0;
    ready = overrun = asleep = false;
    reference = undefined;
    quietSinceUs = fallingSinceUs = Infinity;
    awaiting = "activity";
    body.enter("standby");
    show();
  }
  return body.part({ i2c }, start, () => sampler.stop());
}
