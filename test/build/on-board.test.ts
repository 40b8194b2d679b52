/** What a board cannot do is refused when the firmware is built: what, where, and what to do instead. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkAddresses } from "../../tools/build/addresses.ts";
import { checkDialect } from "../../tools/build/dialect.ts";
import { checkOnBoard } from "../../tools/build/on-board.ts";
import { UserError } from "../../tools/errors.ts";
import { packageFolder } from "../../tools/package-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "hibernode-on-board-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const board = (name: string): string => `${packageFolder}/boards/${name}.ts`;
const firebeetle = board("firebeetle2-esp32-e");

async function refusal(run: () => Promise<unknown>): Promise<UserError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("pins", () => {
  test.each([
    [
      "a voltage on a pin without converter",
      firebeetle,
      "analogRead('D25')",
      /D25 cannot measure a voltage/,
      /one of D34, D35, D36, D39/,
    ],
    [
      "any voltage on an ESP32-S3",
      board("lilygo-t-sim7080g-s3"),
      "analogRead('D5')",
      /D5 cannot measure a voltage/,
      /a converter on I2C .*ads1115/,
    ],
    [
      "a wake by a pin that cannot",
      firebeetle,
      "ESP32.deepSleepExt0('D17',0)",
      /D17 cannot end a deep sleep/,
      /use one of D0, D2, D4/,
    ],
    [
      "a wake by several pins, one of which cannot",
      firebeetle,
      "ESP32.deepSleepExt1(['D4','D5'],1)",
      /D5 cannot end/,
      /use one of/,
    ],
    ["an output on an input", firebeetle, "digitalWrite('D34',1)", /D34 cannot drive a line/, /use another pin than/],
    ["a bus on an input", firebeetle, "I2C1.setup({sda:'D35',scl:'D22'})", /D35 cannot drive a line/, /another pin/],
    [
      "a UART on an input",
      firebeetle,
      "Serial3.setup(9600,{tx:'D36',rx:'D16'})",
      /D36 cannot drive a line/,
      /another pin/,
    ],
    [
      "a pin that the board does not lead out",
      firebeetle,
      "digitalWrite('D32',1)",
      /unknown pin of the FireBeetle/,
      /D/,
    ],
    [
      "what happens only later",
      firebeetle,
      "setTimeout(function(){analogRead('D25')},9e4)",
      /D25 cannot measure/,
      /one of/,
    ],
  ])("%s", async (_, from, code, message, fix) => {
    const error = await refusal(() => checkOnBoard(code, [from]));
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
  });

  test("the place is where the author names the pin", async () => {
    const own = file("node.ts", 'const a = 1;\nexport default probe({ pin: "D25" });\n');
    const { where } = await refusal(() => checkOnBoard("analogRead('D25')", [own, firebeetle]));
    expect(where).toMatch(/node\.ts:2:29$/);
  });

  test("a board of the author's own is checked too, the battery's pin first", async () => {
    const own = file(
      "board.ts",
      `import { espruinoEsp32 } from "hibernode/boards/espruino-esp32";
import type { BoardFacts } from "hibernode/boards/types";
export default { id: "mine", i2c: {}, uart: {}, battery: { pin: "D4", ratio: 2 } };
export const facts = (): BoardFacts => ({ ...espruinoEsp32, name: "Mine", pins: { D4: "x", D35: "y" } }) as never;`,
    );
    const error = await refusal(() => checkOnBoard("", [own]));
    expect(error).toMatchObject({ where: "board mine, battery.pin", fix: "use one of D35" });
  });

  test.each([
    [
      "esp32c3",
      'i2c: { second: { bus: "I2C2", sda: "D4", scl: "D5" } }, uart: {}',
      "i2c.second",
      /no I2C2/,
      "use I2C1",
    ],
    [
      "esp32c3",
      'i2c: {}, uart: { gps: { port: "Serial3", tx: "D4", rx: "D5" } }',
      "uart.gps",
      /no Serial3/,
      "use Serial2",
    ],
    [
      "esp32c3",
      'i2c: {}, uart: {}, spi: { card: { bus: "SPI2", sck: "D4", miso: "D5", mosi: "D5" } }',
      "spi.card",
      /no SPI2/,
      "use SPI1",
    ],
    [
      "esp32",
      'i2c: { a: { bus: "I2C1", sda: "D4", scl: "D5" }, b: { bus: "I2C1", sda: "D5", scl: "D4" } }, uart: {}',
      "i2c.b",
      /i2c.a and i2c.b are both I2C1/,
      "give one of them another of I2C1, I2C2, or let the parts share the bus",
    ],
    [
      "esp32",
      'i2c: {}, uart: {}, spi: { card: { bus: "SPI2", sck: "D4", miso: "D5", mosi: "D35" } }',
      "spi.card.mosi",
      /D35 cannot drive/,
      "use another pin than D35",
    ],
  ])("a bus that the %s cannot have: %s", async (chip, buses, at, message, fix) => {
    const own = file(
      `board-${at}.ts`,
      `import { espruino${chip.replace("e", "E")} as chip } from "hibernode/boards/espruino-${chip}";
import type { BoardFacts } from "hibernode/boards/types";
export default { id: "mine", ${buses} };
export const facts = (): BoardFacts => ({ ...chip, name: "Mine", pins: { D4: "x", D5: "y", D35: "z" } }) as never;`,
    );
    const error = await refusal(() => checkOnBoard("", [own]));
    expect(error).toMatchObject({ where: `board mine, ${at}`, fix });
    expect(error.message).toMatch(message);
  });

  test("what a pin can do is let through, also by a program that never ends", async () => {
    expect(
      await checkOnBoard("analogRead('D34');digitalWrite('D4',1);ESP32.deepSleepExt0('D4',0)", [firebeetle]),
    ).toMatch(/^2 pins of the FireBeetle/);
    expect(await checkOnBoard("digitalWrite('D4',1)", [])).toMatch(/not checked/);
  });
});

describe("sensors on one bus", () => {
  const node = (sensors: string): string =>
    file(
      "sensors.ts",
      `import { sht4x } from "hibernode/sensors/sht4x";
import { sht3x } from "hibernode/sensors/sht3x";
import { ds18b20 } from "hibernode/sensors/ds18b20";
import { scd4x } from "hibernode/sensors/scd4x";
import { powerGate } from "hibernode/sensors/power-gate";
export default node({ sensors: { ${sensors} } });`,
    );

  test.each([
    [
      "two of a kind",
      "a: sht4x(board.i2c.main), b: sht4x(board.i2c.main)",
      /a and b are both at address 0x44/,
      /address: 0x45/,
    ],
    ["two kinds", "a: sht4x(board.i2c.main), b: sht3x(board.i2c.main)", /both at address 0x44/, /address: 0x45/],
    [
      "behind a load switch",
      'a: sht4x(board.i2c.main), b: powerGate({ pin: "D4" }, sht3x(board.i2c.main))',
      /both at/,
      /0x45/,
    ],
    [
      "with one address only",
      "a: scd4x(board.i2c.main), b: scd4x(board.i2c.main)",
      /both at address 0x62/,
      /another bus/,
    ],
    [
      "at an address that it cannot have",
      "a: sht3x(board.i2c.main, { address: 0x46 })",
      /cannot have the address 0x46/,
      /0x44, 0x45/,
    ],
  ])("%s are refused, with what to do", async (_, sensors, message, fix) => {
    const error = await refusal(() => checkAddresses(node(sensors)));
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
    expect(error.where).toMatch(/sensors\.ts:6:\d+$/);
  });

  test.each([
    ["a: sht4x(board.i2c.main), b: sht4x(board.i2c.main, { address: 0x45 })", 2],
    ["a: sht4x(board.i2c.main), b: sht4x(board.i2c.second)", 2],
    ['a: ds18b20("D4"), b: ds18b20("D5")', 0],
  ])("%s", async (sensors, count) => expect(await checkAddresses(node(sensors))).toBe(count));
});

describe("supplies", () => {
  const node = (sensors: string): string =>
    file(
      "supplies.ts",
      `import { pms7003 } from "hibernode/sensors/pms7003";
import { sht4x } from "hibernode/sensors/sht4x";
import { powerGate } from "hibernode/sensors/power-gate";
import { suppliedWith } from "hibernode/sensors/supplied-with";
export default node({ sensors: { ${sensors} } });`,
    );
  const check = (sensors: string): Promise<string> => checkOnBoard("", [firebeetle], node(sensors));

  test.each([
    [
      "a 5 V part on 3.3 V",
      "dust: pms7003(board.uart.second)",
      /PMS7003 takes 4.5 to 5.5 V, and the rail of the FireBeetle 2 ESP32-E has 3.3 V/,
      /boost converter .*suppliedWith\(5, pms7003\(board.uart.second\)\).*level shifter/,
    ],
    [
      "the same behind a load switch",
      'dust: powerGate({ pin: "D4" }, pms7003(board.uart.second))',
      /has 3.3 V/,
      /suppliedWith/,
    ],
    [
      "a 3.3 V part on 5 V",
      "air: suppliedWith(5, sht4x(board.i2c.main))",
      /takes 1.08 to 3.6 V, and is to be supplied with 5 V/,
      /what it takes/,
    ],
  ])("%s is refused, with what to do", async (_, sensors, message, fix) => {
    const error = await refusal(() => check(sensors));
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
    expect(error.where).toMatch(/supplies\.ts:5:\d+$/);
  });

  test.each([
    "dust: suppliedWith(5, pms7003(board.uart.second))",
    'dust: powerGate({ pin: "D4" }, suppliedWith(5, pms7003(board.uart.second)))',
    'dust: suppliedWith(5, powerGate({ pin: "D4" }, pms7003(board.uart.second))), air: sht4x(board.i2c.main)',
  ])("%s is let through", async (sensors) => expect(await check(sensors)).toMatch(/FireBeetle/));
});

test("a timer and a pin for one sleep are refused, with the way that works", () => {
  const both = "function sleep(){ESP32.deepSleepExt0(D4,0);ESP32.deepSleep(1e6)}sleep()";
  const [found] = checkDialect(both);
  expect(found).toMatchObject({ rule: "two-wake-sources", position: { line: 1 } });
  expect(found!.instead).toMatch(/ds3231/);
  expect(checkDialect("if(1)ESP32.deepSleepExt0(D4,0);else ESP32.deepSleep(1e6)").map(({ rule }) => rule)).toEqual([]);
});
