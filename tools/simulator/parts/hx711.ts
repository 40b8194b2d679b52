/**
 * Avia HX711 load-cell converter on two wires: DOUT falls when a value is ready, each pulse of PD_SCK shifts one bit out,
 * and the number of pulses chooses input and gain of the next conversion.
 */
import type { Alarm } from "../clock.ts";
import type { SpiTarget } from "../espruino/wires.ts";
import type { Level, PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { facts } from "./hx711-facts.ts";
import { clamp, type Part, type Wired } from "./part.ts";

const { figures } = facts;

export interface Hx711Wiring extends Wired {
  /** The load cell: output at full load by excitation, in volts per volt. */
  readonly voltsPerVolt?: number | undefined;
  /** Load at which it gives that, in kg. */
  readonly fullScaleKg?: number | undefined;
  /** Output without load, as a share of full scale. */
  readonly zeroShare?: number | undefined;
  /** Supply of converter and bridge. */
  readonly volts?: number | undefined;
  /** RATE pin high: 80 values per second. */
  readonly fast?: boolean | undefined;
}

/** By the number of pulses: the gain, and whether the load cell is at that input. */
const inputs: Readonly<Record<number, { readonly gain: number; readonly cell: boolean }>> = {
  25: { gain: 128, cell: true },
  26: { gain: 32, cell: false },
  27: { gain: 64, cell: true },
};

export function hx711(
  context: PartContext,
  { name, lines, voltsPerVolt = 0.002, fullScaleKg = 5, zeroShare = 0, volts = 3.3, fast = false }: Hx711Wiring,
): Part {
  const { clock, random, world, fault } = context;
  const body = createBody(context, name, {
    "power-down": figures.powerDownMicroamps,
    measuring: [figures.activeMicroamps, figures.bridgeOhms],
  });
  const run = freeRun(clock);
  const [periodUs, settlingUs, noiseVolts] = fast
    ? [1e6 / figures.fastHertz.value, figures.fastSettlingMs.value * 1000, figures.fastNoiseVolts.value]
    : [1e6 / figures.slowHertz.value, figures.slowSettlingMs.value * 1000, figures.slowNoiseVolts.value];
  let pulses = 0;
  let selected = 25;
  let value = 0;
  let ready = false;
  let asleep = false;
  let dout: 0 | 1 = 1;
  let clockHigh = false;
  let sleepAlarm: Alarm | undefined;
  let choiceAlarm: Alarm | undefined;

  function show(level: 0 | 1): void {
    dout = fault("stuck") ? 0 : level;
    lines?.["dout"]?.drive(dout);
  }

  function convert(): void {
    const { gain, cell } = inputs[selected]!;
    const load = cell ? world("mass") / fullScaleKg + zeroShare : 0;
    const input = load * voltsPerVolt * volts + (noiseVolts * 128 * random.normal()) / gain;
    value = clamp(Math.round((input * gain * 2 ** 23) / (volts / 2)), -(2 ** 23), 2 ** 23 - 1) & 0xffffff;
    ready = true;
    show(0);
  }

  function done(): void {
    if (pulses >= 25) choose();
    pulses = 0;
    if (body.busy) return;
    convert();
    run.start(periodUs);
  }

  /** Values come without end; an unread one is replaced in place, so that only the first has to be waited for. */
  function settle(us: number): void {
    ready = false;
    show(1);
    run.stop();
    body.enter("measuring", figures.activeMicroamps.value + (volts / figures.bridgeOhms.value) * 1e6);
    body.occupy(us, done);
  }

  function rise(): void {
    body.settle();
    clockHigh = true;
    clock.cancel(sleepAlarm);
    sleepAlarm = clock.after(figures.powerDownUs.value, sleep);
    if (asleep || fault("nak")) return;
    if (pulses === 0 && ready && run.ended() > 0) convert();
    pulses++;
    // Without a value that is ready the line stays high (inferred).
    show(pulses <= 24 && ready ? (((value >> (24 - pulses)) & 1) as 0 | 1) : 1);
    if (pulses === 24 && ready) {
      ready = false;
      run.stop();
      body.occupy(periodUs, done);
    }
    if (pulses < 25) return;
    // How many pulses it will be is known when no more come.
    clock.cancel(choiceAlarm);
    choiceAlarm = clock.after(figures.powerDownUs.value, choose);
  }

  function choose(): void {
    clock.cancel(choiceAlarm);
    // The pulse that never ends is no choice but the way to power-down.
    if (asleep) return;
    const count = clamp(pulses, 25, 27);
    pulses = 0;
    if (count === selected) return;
    selected = count;
    settle(settlingUs);
  }

  function sleep(): void {
    asleep = true;
    body.abort();
    run.stop();
    show(1);
    body.enter("power-down");
  }

  function fall(): void {
    clockHigh = false;
    clock.cancel(sleepAlarm);
    if (!asleep) return;
    // It wakes with channel A and the gain of 128 (the datasheet: "reset"), and needs time to settle.
    asleep = false;
    start();
  }

  function start(): void {
    pulses = 0;
    selected = 25;
    settle(settlingUs);
  }

  const sck = {
    changed(level: Level) {
      if (!body.powered) return;
      if (level === 1 && !clockHigh) rise();
      else if (level !== 1 && clockHigh) fall();
    },
  };

  /** The trick of a software SPI: MOSI is wired to PD_SCK, so that two bits make one pulse. */
  const spi: SpiTarget = {
    transfer: (out) =>
      Uint8Array.from(out, (byte) => {
        let back = 0;
        for (let bit = 7; bit >= 0; bit--) {
          sck.changed(((byte >> bit) & 1) as 0 | 1);
          back = (back << 1) | dout;
        }
        return back;
      }),
  };

  return body.part({ pins: { sck }, spi }, start, () => {
    run.stop();
    clock.cancel(sleepAlarm);
    clock.cancel(choiceAlarm);
    asleep = clockHigh = false;
    dout = 1;
  });
}
