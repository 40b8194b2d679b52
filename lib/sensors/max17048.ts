/** Maxim MAX17048: charge and voltage of a lithium-ion cell. Data sheet: 19-6171 revision 7; scaling after five drivers. */
import type { I2cBus } from "../../boards/types.ts";
import { be16, i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CHARGE, VOLTAGE } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

/** The gauge runs by itself, and hibernates when the cell rests. */
export function max17048(bus: I2cBus, options?: I2cOptions): Sensor<"voltage" | "charge"> {
  return i2cSensor(
    bus,
    0x36,
    {
      quantities: [VOLTAGE, CHARGE],
      script: [0.1, [2]], // VCELL and SOC
      count: 4,
      // 78.125 µV and 1/256 %; right after the cell was connected VCELL is 0
      decode: (answer) => [within(be16(answer, 0) / 12800, 2, 5.12), within(be16(answer, 2) / 256, 0, 110)],
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Maxim MAX17048",
  measures: ["voltage", "charge"],
  datasheet: "19-6171 revision 7 (only its first page and register summary were at hand)",
  bus: "I2C",
  addresses: [0x36],
  clockHertz: 4e5,
  volts: [2.5, 4.5],
  startUpMs: figure(1000, "charge valid after the cell is connected", "memory"),
  sleepMicroamps: figure(3, "page 1, hibernate"),
  measuringMicroamps: figure(23, "page 1, active"),
  measureMs: figure(0, "the gauge measures by itself, every 250 ms or 45 s"),
  check: "none (range only)",
  accuracy: "7.5 mV",
  notes: ["Always on the cell: it cannot be gated without losing its model."],
});
