/** The scheduler's extensions and its way out of restarts on the real interpreter: the same wakes and bytes as on the fast engine. */
import { describe, expect, it } from "vitest";
import { capacitor } from "../../tools/simulator/energy/cells/rechargeable.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import type { Run, RunOptions } from "../../tools/simulator/run.ts";
import { firmware, live, stillScenario, type FirmwareText } from "./schedule-firmware.ts";
import { solar } from "./schedule-harvest.ts";

const program = process.env["ESPRUINO"];

const lived = async (
  bundle: string,
  options: Partial<RunOptions>,
): Promise<{ run: Run; uplink: readonly string[] }> => {
  const uplink: string[] = [];
  const result = await live(bundle, {
    ...options,
    server: (nowUs, onMessage) =>
      createSink({
        nowUs,
        onMessage: (message) => {
          uplink.push(`${message.atUs} ${Buffer.from(message.payload).toString("hex")}`);
          onMessage(message);
        },
      }),
  });
  return { run: result, uplink };
};

const stories: readonly [string, FirmwareText, Partial<RunOptions>][] = [
  ["brown-outs at every transmission", {}, { lasts: "2d", faults: ["brown-out@2h..1d"] }],
  [
    "hours beyond the timer, and power cuts",
    { sample: 'every("3h")', report: 'every("1d")' },
    { lasts: "4d", faults: ["power-cut@30h"] },
  ],
  [
    "work of the author's own, one of which never ends",
    {
      imports: 'import { once, recurring, work } from "hibernode/schedule/work";',
      more: `use: work([recurring(every("5h", { slack: "1h" }), (done) => done()), recurring(every("8h"), async (done) => { await new Promise<void>((settle) => { setTimeout(settle, 1e9); }); done(); }), once("1h", "5m", () => { throw new Error("x"); })]),`,
    },
    { lasts: "2d" },
  ],
  [
    "battery bands",
    {
      imports: 'import { batteryBands, never } from "hibernode/schedule/battery-bands";',
      more: `use: batteryBands((r) => r.battery.voltage, { sample: every("15m"), report: every("6h"),
        bands: [{ below: 3.75, sample: every("1h"), report: every("12h") }, { below: 3.7, sample: every("6h"), report: never() }] }),`,
    },
    {
      lasts: "4d",
      scenario: {
        ...stillScenario,
        world: { ...stillScenario.world, sun: { power: solar(0) } },
        cell: capacitor({ farads: 100, fullVolts: 4.2, emptyVolts: 3.3, restartVolts: 3.6 }),
        charge: 0.67,
        harvester: "sun",
      },
    },
  ],
  [
    "energy-neutral operation",
    {
      imports: 'import { energyNeutral } from "hibernode/schedule/energy-neutral";',
      more: `use: energyNeutral((r) => r.battery.voltage, { emptyVolts: 3.5, fullVolts: 4.2, farads: 100, sampleCoulombs: 0.032, reportCoulombs: 1.15,
        dayCoulombs: 3.5, slowest: [every("2h"), every("1d")], fastest: [every("5m"), every("1h")] }),`,
    },
    {
      lasts: "3d",
      scenario: {
        ...stillScenario,
        world: { ...stillScenario.world, sun: { power: solar(0.01) } },
        cell: capacitor({ farads: 100, fullVolts: 4.2, emptyVolts: 3.3, restartVolts: 3.6 }),
        charge: 0.78,
        harvester: "sun",
      },
    },
  ],
  [
    "light sleep while the modem searches, and a budget of energy",
    {
      board: "board, { draw }",
      imports: `import { pause } from "hibernode/schedule/light-sleep";
import { energyBudget } from "hibernode/schedule/energy-budget";`,
      modem: "pause",
      more: "use: energyBudget({ joules: 12, draw }),",
    },
    { lasts: "2d", scenario: { ...stillScenario, lightSleep: true }, faults: ["no-coverage@1d..1d12h"] },
  ],
  [
    "a clock part's alarm in place of hops",
    {
      sample: 'every("6h", { slack: "5m" })',
      report: 'every("1d", { slack: "1h" })',
      imports: `import { onPin } from "hibernode/schedule/wake-pin";
import { pcf8563 } from "hibernode/schedule/pcf8563";`,
      more: 'use: onPin("D27", { level: 0, alarm: pcf8563(board.i2c.main) }),',
    },
    {
      lasts: "5d",
      scenario: {
        ...stillScenario,
        parts: {
          ...stillScenario.parts,
          rtc: { part: "pcf8563", sda: "D21", scl: "D22", int: "D27", place: "cargo" },
        },
      },
      faults: ["nak:rtc@2d..3d"],
    },
  ],
  [
    "work with costs and deadlines",
    {
      board: "board, { draw }",
      imports: `import { recurring, work } from "hibernode/schedule/work";
import { energyBudget } from "hibernode/schedule/energy-budget";
import { all } from "hibernode/schedule/extensions";`,
      more: `use: all([work([recurring(every("6h"), (done) => done(), { joules: 3 }), recurring(every("6h"), (done) => done(), { joules: 4 }),
        recurring(every("12h"), () => { throw new Error("x"); }, { deadline: "1h" })]), energyBudget({ joules: 6, draw })]),`,
    },
    { lasts: "2d" },
  ],
];

describe.skipIf(!program)("on the real interpreter (set ESPRUINO to run it)", () => {
  it.each(stories)("%s", async (name, text, options) => {
    const bundle = await firmware(`engines-${name.replace(/\W/g, "-")}`, text);
    const fast = await lived(bundle, options);
    const real = await lived(bundle, { ...options, interpreter: findInterpreter(program!), measureMemory: true });
    expect(fast.run.broken).toEqual([]);
    expect(real.run.broken).toEqual([]);
    expect(real.uplink).toEqual(fast.uplink);
    expect(real.run.wakes).toBe(fast.run.wakes);
    expect(real.run.energy.joules).toBeCloseTo(fast.run.energy.joules, 6);
    console.log(
      `${name}: ${real.run.wakes} wakes, ${real.uplink.length} messages, JsVars ${real.run.memory!.loaded} loaded, ${real.run.memory!.peak} peak`,
    );
    expect(real.run.memory!.peak).toBeLessThan(2200);
  });
});
