/**
 * Maxim MAX30102 on skin: two LEDs, an 18-bit converter, a FIFO of 32 samples, shutdown, interrupt flags and die temperature.
 * The light is a stated model of pulse wave, breath and movement; ambient light is taken as cancelled.
 */
import type { Alarm } from "../clock.ts";
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { bloodVolume, facts, pulses, rates } from "./max30102-facts.ts";
import { accelerationAxes, METRES_PER_SECOND_SQUARED_PER_G } from "./motion-sampler.ts";
import { clamp, type I2cWiring, type Part } from "./part.ts";
import { byteRegisters } from "./registers.ts";

const { figures, addresses } = facts;

const [STATUS_1, STATUS_2, ENABLE_1, ENABLE_2] = [0x00, 0x01, 0x02, 0x03];
const [WRITE_POINTER, OVERFLOW, READ_POINTER, FIFO_DATA, FIFO_CONFIG] = [0x04, 0x05, 0x06, 0x07, 0x08];
const [MODE, CONVERSION, LED1, SLOTS, TEMPERATURE, TEMPERATURE_ON] = [0x09, 0x0a, 0x0c, 0x11, 0x1f, 0x21];
const [REVISION_ID, PART_ID] = [0xfe, 0xff];
const [ALMOST_FULL, READY, POWERED, TEMPERATURE_READY] = [0x80, 0x40, 0x01, 0x02];
const DEPTH = 32;
const FULL_SCALE = 2 ** 18;

export function max30102(context: PartContext, { name, address = addresses[0], lines }: I2cWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    shutdown: figures.shutdownMicroamps,
    measuring: [figures.supplyMicroamps, figures.ledMilliampsPerStep],
  });
  const registers = new Uint8Array(256);
  const ring: (readonly number[])[] = Array.from({ length: DEPTH }, () => [0]);
  let isFull = false;
  /** The sample that is being read, as bytes, and how many of them have been. */
  let leaving: readonly number[] = [];
  let left = 0;
  let averaging: number[][] = [];
  let beats = random.next();
  let alarm: Alarm | undefined;

  const register = (at: number): number => registers[at]!;
  const hertz = (): number => rates[(register(CONVERSION) >> 2) & 7]!;
  const pulse = () => pulses[register(CONVERSION) & 3]!;

  /** The LEDs that light up in each sample, 0 = red, in order. */
  function channels(): number[] {
    if (register(MODE) & 0x80) return [];
    const mode = register(MODE) & 7;
    if (mode === 2) return [0];
    if (mode === 3) return [0, 1];
    const slots = [0, 1].flatMap((at) => [register(SLOTS + at) & 7, (register(SLOTS + at) >> 4) & 7]);
    return mode === 7 ? slots.filter((slot) => slot === 1 || slot === 2).map((slot) => slot - 1) : [];
  }
  const milliamps = (led: number): number => register(LED1 + led) * figures.ledMilliampsPerStep.value;

  /** The share of the light of a still skin without blood that comes back now. */
  function reflected(): number {
    const rate = world("heartRate");
    beats += rate / 60 / hertz();
    if (!(rate > 0)) return figures.crosstalk.value;
    const [x, y, z] = accelerationAxes.map((axis) => world(axis)) as [number, number, number];
    const movement = Math.hypot(x, y, z) - METRES_PER_SECOND_SQUARED_PER_G;
    const breath = Math.sin((2 * Math.PI * figures.breathsPerMinute.value * clock.now) / 60);
    const blood = figures.perfusion.value * bloodVolume(beats % 1);
    return 1 - blood + figures.respiration.value * breath + figures.artefact.value * movement;
  }

  function convert(): void {
    const light = reflected() * figures.nanoampsPerMilliamp.value;
    const { bits } = pulse();
    const nanoampsPerCount = (2048 << ((register(CONVERSION) >> 5) & 3)) / FULL_SCALE;
    averaging.push(
      channels().map((led) => {
        const noise = milliamps(led) > 0 ? figures.noiseCounts.value * random.normal() : 0;
        const counts = (light * milliamps(led)) / nanoampsPerCount + noise;
        return (clamp(Math.round(counts), 0, FULL_SCALE - 1) >> (18 - bits)) << (18 - bits);
      }),
    );
    const needed = Math.min(1 << (register(FIFO_CONFIG) >> 5), 32);
    if (averaging.length < needed) return;
    const sample = averaging[0]!.map((_, i) => Math.floor(averaging.reduce((sum, one) => sum + one[i]!, 0) / needed));
    averaging = [];
    push(sample);
  }

  const unread = (): number => (isFull ? DEPTH : (register(WRITE_POINTER) - register(READ_POINTER)) & 31);
  const forward = (at: number): void => void (registers[at] = (register(at) + 1) & 31);

  function push(sample: readonly number[]): void {
    if (isFull) {
      registers[OVERFLOW] = Math.min(31, register(OVERFLOW) + 1);
      if (!(register(FIFO_CONFIG) & 0x10)) return;
      forward(READ_POINTER);
    }
    ring[register(WRITE_POINTER)] = sample;
    forward(WRITE_POINTER);
    isFull = register(WRITE_POINTER) === register(READ_POINTER);
    registers[STATUS_1]! |= READY | (unread() >= DEPTH - (register(FIFO_CONFIG) & 15) ? ALMOST_FULL : 0);
    show();
  }

  function show(): void {
    const asked =
      (register(STATUS_1) & (register(ENABLE_1) | POWERED)) |
      (register(STATUS_2) & register(ENABLE_2) & TEMPERATURE_READY);
    lines?.["int"]?.drive(asked ? 0 : 1);
  }

  function restart(): void {
    clock.cancel(alarm);
    averaging = [];
    const leds = channels();
    if (leds.length === 0)
      return body.enter("shutdown", register(MODE) & 0x80 ? undefined : figures.supplyMicroamps.value);
    const light = leds.reduce((sum, led) => sum + milliamps(led) * pulse().us * hertz() * 1e-3, 0);
    body.enter("measuring", figures.supplyMicroamps.value + light);
    const next = (): void => {
      alarm = clock.after(1e6 / hertz(), () => {
        convert();
        next();
      });
    };
    next();
  }

  function reset(): void {
    registers.fill(0);
    registers[REVISION_ID] = 3;
    registers[PART_ID] = 0x15;
    isFull = false;
    left = 0;
    restart();
  }

  function write(at: number, value: number): void {
    if (at <= STATUS_2 || at >= REVISION_ID || at === TEMPERATURE || at === TEMPERATURE + 1) return;
    if (at === MODE && value & 0x40) return reset();
    registers[at] = value;
    if (at >= WRITE_POINTER && at <= READ_POINTER) {
      registers[at]! &= 31;
      isFull = false;
      left = 0;
    }
    if (at === MODE && value & 0x80) registers[STATUS_1] = registers[STATUS_2] = 0;
    if (at === TEMPERATURE_ON && value & 1) body.occupy(figures.temperatureMs.value * 1000, measureTemperature);
    if (at === MODE || at === CONVERSION || (at >= LED1 && at < SLOTS + 2)) restart();
    show();
  }

  function measureTemperature(): void {
    const sixteenths = Math.round(world("temperature") * 16);
    registers[TEMPERATURE] = sixteenths >> 4;
    registers[TEMPERATURE + 1] = sixteenths & 15;
    registers[TEMPERATURE_ON] = 0;
    registers[STATUS_2]! |= TEMPERATURE_READY;
    show();
  }

  function fifoByte(): number {
    if (left === 0) {
      const sample = ring[register(READ_POINTER)]!;
      leaving = sample.flatMap((counts) => [counts >> 16, (counts >> 8) & 0xff, counts & 0xff]);
      left = leaving.length;
      // the pointer moves on with the first byte of a sample
      if (unread() > 0) {
        forward(READ_POINTER);
        isFull = false;
        registers[OVERFLOW] = 0;
      }
      registers[STATUS_1]! &= ~READY;
      show();
    }
    return leaving[leaving.length - left--] ?? 0;
  }

  function read(at: number): number {
    if (at === FIFO_DATA) return fifoByte();
    const value = register(at);
    if (at <= STATUS_2) {
      registers[at] = 0;
      show();
    }
    return value;
  }

  const file = byteRegisters({ read, write, next: (at) => (at === FIFO_DATA ? at : (at + 1) & 0xff) });
  return body.part(
    { i2c: body.i2c(address, file) },
    () => {
      reset();
      registers[STATUS_1] = POWERED;
      show();
    },
    () => clock.cancel(alarm),
  );
}
