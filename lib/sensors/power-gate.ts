/** A sensor behind a load switch, for parts that have no sleep state of their own. */
import type { PinName } from "../../boards/types.ts";
import { setPin } from "../platform/espruino.ts";
import type { Sensor } from "./sensor.ts";

export interface PowerGateOptions {
  /** Pin of the load switch: not one that the chip pulls up at boot. */
  readonly pin: PinName;
  /** Level that closes the switch. Default 1. */
  readonly on?: 0 | 1;
  /** From power to the first command. Default 5. */
  readonly settleMs?: number;
}

/** The bus must be pulled up to the gated supply, or the part stays fed through its pins. */
export function powerGate<Name extends string>(gate: PowerGateOptions, sensor: Sensor<Name>): Sensor<Name> {
  const on = gate.on === 0 ? 0 : 1;
  let started = false;
  return {
    quantities: sensor.quantities,
    start() {
      started = false;
      setPin(gate.pin, on);
      return gate.settleMs || 5;
    },
    read() {
      let result: readonly number[] | number = 0;
      if (!started) {
        started = true;
        result = -sensor.start();
      }
      if (!result) result = sensor.read();
      if (typeof result !== "number" || result > 0) setPin(gate.pin, on ? 0 : 1);
      return result;
    },
  };
}
