/** A wiring that cannot work is named, instead of readings that never come. */
import { expect, test } from "vitest";
import { loadSensors } from "../../../tools/sensors.ts";
import { Wires } from "../../../tools/simulator/espruino/wires.ts";
import { attach } from "../../../tools/simulator/parts/attach.ts";
import { catalogue, type CatalogueEntry, type CatalogueWiring } from "../../../tools/simulator/parts/catalogue.ts";
import { bench } from "../parts/bench.ts";
import { rig } from "./rig.ts";

const bus = { sda: "D21", scl: "D22", place: "here" } as const;

/** What is said after a program has run for a second beside these parts. */
function mistakes(program: string, ...parts: CatalogueWiring[]): string[] {
  const wires = new Wires();
  const { context } = bench({ temperature: 20, humidity: 50, pressure: 1000, objectTemperature: 20, voltage: 230 });
  parts.forEach((wiring, i) => attach({ name: `part${i}`, wiring, context, wires, railVolts: 3.3, unixAtStart: 0 }));
  rig(program, { wires }).until(1);
  return wires.mistakes;
}

const ask = (setup: string, address: number): string =>
  `I2C1.setup(${setup}); try { I2C1.writeTo(${address}, [0xfd]); } catch (e) {}`;

test.each([
  ["a part that is missing", ask("{sda:D21,scl:D22}", 0x44), [{ part: "bme280", ...bus }], /nothing answers at address 0x44 on D21\/D22 \(I2C1\): the scenario wires only 0x76 there/],
  ["a bus on other pins", ask("{sda:D25,scl:D26}", 0x76), [{ part: "bme280", ...bus }], /0x76 on D25\/D26 \(I2C1\): the scenario wires no part there/],
  ["a bus that is too fast", ask("{sda:D21,scl:D22,bitrate:400000}", 0x5a), [{ part: "mlx90614", ...bus }], /follows at most 100 kHz, and I2C1 runs at 400 kHz: set it up with \{ bitrate: 100000 \}/],
  ["a UART at another speed", "Serial3.setup(9600,{tx:D17,rx:D16}); Serial3.write('x')", [{ part: "modbus-meter", tx: "D17", rx: "D16", place: "here" }], /Serial3 sends at 9600 baud, and the part on TX D17 listens at 2400/],
  ["a UART with its lines crossed", "Serial3.setup(2400,{tx:D16,rx:D17}); Serial3.write('x')", [{ part: "modbus-meter", tx: "D17", rx: "D16", place: "here" }], /nothing is wired to Serial3, TX D16 and RX D17/],
  ["a 1-Wire part on another pin", "new OneWire(D5)", [{ part: "ds18b20", pin: "D4", place: "here" }], /no 1-Wire part is wired to D5/],
  ["a voltage that nobody gives", "analogRead(D35)", [], /nothing is wired to D35, whose voltage is measured/],
] as const)("%s", (_, program, parts, said) => {
  const found = mistakes(program, ...(parts as readonly CatalogueWiring[]));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(said);
}); // prettier-ignore

test("nothing is said of a wiring that works, also when a part does not acknowledge", () => {
  expect(mistakes(`${ask("{sda:D21,scl:D22}", 0x44)}try { I2C1.readFrom(0x44, 6); } catch (e) {}`, { part: "sht4x", ...bus })).toEqual([]);
}); // prettier-ignore

test("the fastest clock of each simulated part is what its driver's data say", async () => {
  for (const [sensor, { bus: kind, clockHertz }] of Object.entries(await loadSensors())) {
    const entry = (catalogue as Readonly<Record<string, CatalogueEntry>>)[sensor];
    if (kind === "I2C" && entry) expect(entry.maxHertz, sensor).toBe(clockHertz);
  }
});
