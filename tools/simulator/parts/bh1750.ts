/** Rohm BH1750FVI illuminance sensor: one opcode per transfer, two bytes of counts to read at any time. */
import type { PartContext } from "../hardware.ts";
import { facts } from "./bh1750-facts.ts";
import { createBody, freeRun } from "./body.ts";
import { between, clamp, type I2cWiring, type Part, within } from "./part.ts";

const { figures, addresses } = facts;

type Mode = "high" | "high2" | "low";

/** The low bits of an opcode 0x1_ or 0x2_. */
const modes: Readonly<Record<number, Mode>> = { 0: "high", 1: "high2", 3: "low" };

export function bh1750(context: PartContext, { name, address = addresses[0] }: I2cWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, { idle: figures.powerDownMicroamps, measuring: figures.activeMicroamps });
  const run = freeRun(clock);
  const gain = figures.countsPerLux.value * (1 + within(random, figures.gainTolerance.value));
  let counts = 0;
  let on = false;
  let mode: Mode = "high";
  let time: number = figures.usualTime.value;

  function convert(): number {
    const finer = mode === "high2" ? 2 : 1;
    const raw = clamp(Math.floor(world("illuminance") * gain * finer * (time / figures.usualTime.value)), 0, 0xffff);
    // A resolution of 4 lx: inferred to be the two lowest bits at zero.
    return mode === "low" ? raw & ~3 : raw;
  }

  function catchUp(): void {
    if (run.ended() > 0) counts = convert();
  }

  function stop(): void {
    catchUp();
    run.stop();
    body.abort();
  }

  function sleep(): void {
    stop();
    on = false;
    body.enter("idle");
  }

  function measure(next: Mode, once: boolean): void {
    stop();
    mode = next;
    on = true;
    const [typical, longest] =
      mode === "low" ? [figures.lowMs, figures.lowLongestMs] : [figures.highMs, figures.highLongestMs];
    const us = between(typical.value, longest.value, random.next()) * 1000 * (time / figures.usualTime.value);
    body.enter("measuring");
    if (!once) return run.start(us);
    body.occupy(us, () => {
      counts = convert();
      sleep();
    });
  }

  function execute(code: number): void {
    if (code === 0x00) return sleep();
    if (code === 0x01) {
      on = true;
      return body.enter("measuring");
    }
    if (code === 0x07) {
      catchUp();
      if (on) counts = 0;
    } else if (code >> 3 === 0x08) time = (time & 0x1f) | ((code & 7) << 5);
    else if (code >> 5 === 0x03) time = (time & 0xe0) | (code & 0x1f);
    else {
      const asked = modes[code & 0x0f];
      // Other opcodes are not defined: nothing happens.
      if (asked && (code >> 4 === 1 || code >> 4 === 2)) measure(asked, code >> 4 === 2);
    }
  }

  const i2c = body.i2c(address, {
    write(data) {
      if (data.length > 0) execute(data[0]!);
      return true;
    },
    read(count) {
      catchUp();
      const bytes = new Uint8Array(count).fill(0xff);
      bytes.set([counts >> 8, counts & 0xff].slice(0, count));
      return bytes;
    },
  });

  const start = (): void => {
    counts = 0;
    time = figures.usualTime.value;
    sleep();
  };
  return body.part({ i2c }, start, () => run.stop());
}
