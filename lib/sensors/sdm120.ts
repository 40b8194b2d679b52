/** Eastron SDM120, SDM220, SDM230: single-phase energy meters on Modbus RTU. Eastron SDM230Modbus Protocol V1.4. */
import type { Uart } from "../../boards/types.ts";
import { modbusMeter, type ModbusOptions } from "./modbus.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CURRENT, ENERGY, EXPORTED, FREQUENCY, LINE_VOLTAGE, POWER } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

/** @param options `baud` 2400 from the factory, 8 data bits, no parity */
export function sdm120(
  uart: Uart,
  options?: ModbusOptions,
): Sensor<"lineVoltage" | "current" | "power" | "frequency" | "energy" | "exported"> {
  return modbusMeter(
    uart,
    [
      [0x00, LINE_VOLTAGE],
      [0x06, CURRENT],
      [0x0c, POWER],
      [0x46, FREQUENCY],
      [0x48, ENERGY],
      [0x4a, EXPORTED],
    ],
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Eastron SDM120, SDM220, SDM230 behind an RS-485 transceiver (MAX3485 class)",
  measures: ["lineVoltage", "current", "power", "frequency", "energy", "exported"],
  datasheet: "Eastron SDM230Modbus Protocol V1.4; registers after four public drivers",
  bus: "RS-485",
  clockHertz: 9600,
  volts: [3.0, 3.6],
  startUpMs: figure(0, "the meter is fed by the mains", "inferred"),
  sleepMicroamps: figure(1, "transceiver shut down, with RE on a pin of its own; 300 with its receiver on", "memory"),
  measuringMicroamps: figure(1000, "transceiver idle; 25 mA while it drives 60 Ω", "memory"),
  measureMs: figure(400, "two requests at 2400 baud and 40 to 200 ms of delay each", "reported"),
  check: "CRC-16 per frame",
  accuracy: "class 1 (energy)",
  notes: ["Energy is a float: at 100000 kWh its step is 0.0078 kWh.", "SDM120 without the letter M has no Modbus."],
});
