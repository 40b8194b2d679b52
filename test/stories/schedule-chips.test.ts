/** Wake pins on the other chips: an ESP32-C3 has six of them and a cause of its own; what no chip has is refused at build. */
import { describe, expect, it } from "vitest";
import * as sim7080g from "../../boards/lilygo-t-sim7080g-s3.ts";
import * as xiao from "../../boards/xiao-esp32c3.ts";
import { UserError } from "../../tools/errors.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";
import { steps } from "../../tools/simulator/world/sources.ts";
import { firmware, live, stillScenario, type FirmwareText } from "./schedule-firmware.ts";

const contact = (pin: string, cause: string): FirmwareText => ({
  sensors: "cargo: sht4x(board.i2c.main)",
  imports: `import { onPin } from "hibernode/schedule/wake-pin";\nimport { ${cause} } from "hibernode/schedule/extensions";`,
  more: `use: onPin("${pin}", { level: 1, alarm: "none" }), sendNow: (_, woke) => woke === ${cause},`,
});

describe("onPin on an ESP32-C3", () => {
  it("wakes by GPIO3, and the firmware is told", async () => {
    const text = { ...contact("D3", "PIN_C3"), boardFile: "xiao-esp32c3" };
    const door = steps([
      ["0s", 1],
      ["10h", 0],
      ["10h5s", 1],
    ]);
    const scenario: Scenario = {
      ...stillScenario,
      board: xiao,
      cell: "li-ion-18650",
      parts: {
        cargo: { part: "sht4x", sda: "D6", scl: "D7", place: "cargo" },
        modem: { part: "sim7020", tx: "D21", rx: "D20", powerKey: "D4", powerKeyWiring: "npn" },
        door: { part: "contact", pin: "D3", quantity: "contact", place: "door" },
      },
      world: { ...stillScenario.world, door: { contact: door } },
    };
    const at: number[] = [];
    const lived = await live(await firmware("pin-c3", text), {
      lasts: "2d",
      scenario,
      received: ({ atUnix }) => void at.push(atUnix),
    });
    expect(lived.broken).toEqual([]);
    const hours = at.map((unix) => (unix - lived.startsAtUnix) / 3600);
    expect(hours.some((hour) => hour > 10 && hour < 10.05)).toBe(true);
    expect(lived.wakes).toBeLessThan(12);
  });

  it("is refused at build on GPIO10, with the pins that can", async () => {
    const text = { ...contact("D10", "PIN_C3"), boardFile: "xiao-esp32c3" };
    const failure: unknown = await firmware("pin-c3-refused", text).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toContain("D10 cannot end a deep sleep");
    expect((failure as UserError).fix).toContain("D3");
  });
});

describe("onPin on an ESP32-S3", () => {
  it("is refused at build on a pin beyond the real-time domain", async () => {
    expect(sim7080g.facts().deepSleepWakePins).toContain("D21");
    const text = contact("D33", "PIN");
    const failure: unknown = await firmware("pin-s3-refused", {
      ...text,
      boardFile: "lilygo-t-sim7080g-s3",
      uart: '{ port: "Serial3", tx: "D17", rx: "D18" }',
      sensors: "cargo: sht4x(board.i2c.qwiic)",
    }).catch((error: unknown) => error);
    expect(String((failure as Error).message)).toMatch(/D33/);
  });
});
