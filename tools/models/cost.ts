/**
 * What a decision costs: time from the number of outputs and products, energy from the time. The interpreter's figures
 * are measured on Linux; an ESP32 runs the same interpreter slower, by a factor that nobody has measured on a board.
 */
import type { Plan } from "./steps.ts";

/** Microseconds on the interpreter for Linux, shaped like the chip: for each output of a row, each product, each step. */
const OUTPUT_US = 11;
const PRODUCT_US = 0.057;
const STEP_US = 60;
/**
 * How much slower an ESP32 is: inferred from TensorFlow's person detection (4.1 s on an ESP32 without ESP-NN by its own
 * README, 0.11 s in C on the Linux machine). Within a factor of 3 either way.
 */
export const ESP32_FACTOR = 37;
/** An awake ESP32, at 3.3 V; confidence "reported". */
const AWAKE_AMPS = 0.05;
const VOLTS = 3.3;

export interface Cost {
  readonly operators: readonly {
    readonly name: string;
    readonly step: string;
    readonly outputs: number;
    readonly products: number;
    readonly dataBytes: number;
    readonly ms: number;
  }[];
  /** On the interpreter for Linux. */
  readonly linuxMs: number;
  readonly esp32Ms: number;
  readonly esp32Millijoules: number;
}

export function costOf(plan: Plan): Cost {
  const operators = plan.steps.map(({ origin, kind, outputs, products, data }) => ({
    name: origin,
    step: kind,
    outputs,
    products,
    dataBytes: data.length,
    ms: (STEP_US + outputs * OUTPUT_US + products * PRODUCT_US) / 1000,
  }));
  const linuxMs = operators.reduce((sum, { ms }) => sum + ms, 0);
  return { operators, ...onEsp32(linuxMs) };
}

/** A tree of five levels from the table: 1.0 ms for twenty of them by `npm run bench classify`. */
const TREE_US = 50;

/** Of a forest in table form. */
export const costOfTrees = (trees: number) => onEsp32((STEP_US + trees * TREE_US) / 1000);

function onEsp32(linuxMs: number): Pick<Cost, "linuxMs" | "esp32Ms" | "esp32Millijoules"> {
  const esp32Ms = linuxMs * ESP32_FACTOR;
  return { linuxMs, esp32Ms, esp32Millijoules: (esp32Ms / 1000) * AWAKE_AMPS * VOLTS * 1000 };
}
