/** Whatever hangs, the node sleeps, says why, and lives on: each fault with the days that a cell lasts under it. */
import { describe, expect, it } from "vitest";
import { capacitor } from "../../tools/simulator/energy/cells/rechargeable.ts";
import { steps } from "../../tools/simulator/world/sources.ts";
import type { Source } from "../../tools/simulator/world/sources.ts";
import type { Run } from "../../tools/simulator/run.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";
import { boots, coulombs, firmware, live, stillScenario, type FirmwareText, ownSettings } from "./schedule-firmware.ts";

/** What goes wrong is told by the settings, so that one bundle serves all. */
const mode = `const mode = ${ownSettings}.mode;`;
const told = (mode: string, more?: Partial<Scenario>): Scenario => ({
  ...stillScenario,
  ...more,
  settings: { ...stillScenario.settings, mode },
});
/** An endless loop that keeps a bus busy: the simulator's time goes on in it. */
const forEver = "SPI1.setup({ baud: 100000 }); for (;;) SPI1.send(new Uint8Array(8192));";
const badSensor: FirmwareText = {
  before: `${mode}
const loop = () => { ${forEver} };
const hangs = () => mode === "never comes back" || (mode === "one day" && getTime() > 86400 && getTime() < 172800);
const bad = {
  quantities: [["pressure", 5, 1, 4]] as const,
  start: () => {
    if (mode === "throws when it is started") throw new Error("bus");
    if (hangs()) loop();
    return mode === "asks to wait for ever" ? 1e9 : 5;
  },
  read: () => {
    if (mode === "throws when it is read") throw new Error("bus");
    return [1];
  },
};`,
  sensors: "cargo: sht4x(board.i2c.main), bad",
};
const badWork: FirmwareText = {
  imports: 'import { recurring, work } from "hibernode/schedule/work";',
  before: `${mode}
const loop = () => { ${forEver} };
const job = async (done: () => void) => {
  if (mode === "promises and never settles") await new Promise<void>(() => {});
  if (mode === "loops for ever") loop();
  if (mode === "calls done") done();
};
const hourly = mode === "throws" ? () => { throw new Error("x"); } : job;`,
  more: "use: work([recurring(every('1h'), hourly)]),",
};

const faultsOf = async (
  bundle: string,
  lasts: string,
  faults: readonly string[] = [],
  scenario: Scenario = stillScenario,
): Promise<{ lived: Run; words: Set<string> }> => {
  const words = new Set<string>();
  const lived = await live(bundle, {
    lasts,
    faults,
    scenario,
    received: ({ rows }) => rows.forEach(({ fault }) => fault !== undefined && words.add(fault)),
  });
  return { lived, words };
};

const perDay = (lived: Run): number => coulombs(lived) / (lived.seconds / 86400);
/** Days until an ER34615 (19 Ah, 2 C a day of its own) is empty, against those of a node that stays awake. */
function tell(name: string, lived: Run): void {
  const days = (a: number): string => (68400 / (a + 2)).toFixed(0);
  console.log(
    `${name}: ${perDay(lived).toFixed(1)} C/day, ${days(perDay(lived))} days; awake for good: ${days(AWAKE_PER_DAY)} days`,
  );
}
/** What a node of this kind draws that stays awake: 45 mA. */
const AWAKE_PER_DAY = 0.045 * 86400;

describe("a sensor that", () => {
  it.each([
    ["throws when it is started", "crashed", 12],
    ["throws when it is read", "crashed", 12],
    ["asks to wait for ever", "timeout", 12],
    ["never comes back", "restarted", 40],
  ])("%s: the broker hears `%s`, reports go on, the cell lives", async (name, word, most) => {
    const { lived, words } = await faultsOf(await firmware("bad-sensor", badSensor), "5d", [], told(name));
    expect(lived.broken).toEqual([]);
    expect([...words]).toContain(word);
    expect(lived.messages.count).toBeGreaterThan(10);
    tell(`a sensor that ${name}`, lived);
    expect(perDay(lived)).toBeLessThan(most);
    expect(perDay(lived)).toBeLessThan(AWAKE_PER_DAY / 80);
    expect(lived.longestWakeSeconds).toBeLessThan(100);
  });

  it("hangs for a day only is read again at its old rate afterwards", async () => {
    const times: number[] = [];
    const lived = await live(await firmware("bad-sensor", badSensor), {
      lasts: "5d",
      scenario: told("one day"),
      received: ({ rows, atUnix }) =>
        rows.forEach(({ quantity, value }) => quantity === "temperature" && value !== undefined && times.push(atUnix)),
    });
    expect(lived.broken).toEqual([]);
    expect(times.length).toBeGreaterThan(96 * 3.5);
  });
});

describe("work that", () => {
  it.each([
    ["promises and never settles", 60],
    ["throws", 11],
    ["never calls done", 60],
    ["loops for ever", 40],
  ])("%s is retried later each time; sampling and reporting go on", async (name, most) => {
    const { lived } = await faultsOf(await firmware("bad-work", badWork), "10d", [], told(name));
    expect(lived.broken).toEqual([]);
    expect(lived.stored!.stored).toBeGreaterThan(10 * 96 * 0.95);
    expect(lived.messages.count).toBeGreaterThanOrEqual(38);
    tell(`work that ${name}`, lived);
    expect(perDay(lived)).toBeLessThan(most);
    expect(lived.longestWakeSeconds).toBeLessThan(196);
  });
});

describe("a cell that breaks down under the transmitter", () => {
  it("restarts the chip less often each time, and samples go on; afterwards everything arrives", async () => {
    const bundle = await firmware("plain");
    const { lived } = await faultsOf(bundle, "30d", ["brown-out@1d..20d"]);
    const healthy = await live(bundle, { lasts: "30d" });
    tell("brown-out at every transmission for 19 of 30 days", lived);
    expect(lived.broken).toEqual([]);
    expect(lived.stored!.stored).toBeGreaterThanOrEqual(healthy.stored!.stored - 2);
    expect(lived.collected.readings).toBeGreaterThan(30 * 96 - 30);
    // at most five tries a day, each of which costs less than the report that it cuts off
    expect(lived.wakes - healthy.wakes).toBeLessThan(19 * 5);
    expect(coulombs(lived)).toBeLessThan(coulombs(healthy));
  });

  it("and loses its clock each time, backs off as well", async () => {
    // every report from 3 h on is cut off a second after the modem was switched on
    const cuts = Array.from({ length: 40 }, (_, i) => `power-cut@${3 * 3600 + i * 20}s`);
    const { lived } = await faultsOf(await firmware("plain"), "3d", cuts);
    expect(lived.broken).toEqual([]);
    expect(lived.awakeSeconds).toBeLessThan(40 * 20 + 3 * 4 * 40 + 3 * 96 * 2);
    expect(lived.stored!.stored).toBeGreaterThan(280);
  });
});

describe("a report", () => {
  it("cut off at any moment loses nothing that was stored", async () => {
    const bundle = await firmware("plain");
    const calm = await live(bundle, { lasts: "1d", timeline: true });
    const at = boots(calm)[10]!;
    // the second report of the day: the longest wake after the first hour
    const lines = calm.timeline!.lines.filter(({ signal }) => signal === "mcu");
    const longest = lines
      .map(({ atUs, value }, i) => ({ from: atUs / 1e6, value, seconds: ((lines[i + 1]?.atUs ?? atUs) - atUs) / 1e6 }))
      .filter(({ from, value }) => from > 3600 && value === "awake")
      .sort((a, b) => b.seconds - a.seconds)[0]!;
    expect(at).toBeGreaterThan(0);
    for (let moment = 0; moment < longest.seconds; moment += longest.seconds / 25) {
      const cut = await live(bundle, { lasts: "2d", faults: [`power-cut@${(longest.from + moment).toFixed(3)}s`] });
      expect(cut.broken, `cut ${moment} s into the report`).toEqual([]);
      expect(cut.stored!.stored - cut.stored!.released).toBeLessThan(30);
    }
  });
});

/** Changes `perSecond` times a second between two times, open otherwise. */
const bouncing = (from: number, until: number, perSecond: number): Source => ({
  start: () => ({
    at: (s) => (s >= from && s < until ? Math.floor((s - from) * perSecond) % 2 : 0),
    nextChange: (s) =>
      s < from
        ? from
        : s >= until
          ? Infinity
          : Math.min(until, from + (Math.floor((s - from) * perSecond + 1e-6) + 1) / perSecond),
  }),
});

describe("a pin that wakes the chip", () => {
  const door = (source: Source, pin = "D27") => ({
    ...stillScenario,
    parts: {
      ...stillScenario.parts,
      door: { part: "contact" as const, pin: pin as "D27", quantity: "contact", place: "door" },
    },
    world: { ...stillScenario.world, door: { contact: source } },
  });
  const onPin: FirmwareText = {
    imports:
      'import { onPin } from "hibernode/schedule/wake-pin";\nimport { PIN } from "hibernode/schedule/extensions";',
    more: 'use: onPin("D27", { level: 0, alarm: "none" }), sendNow: (_, woke) => woke === PIN,',
  };
  const pollPin: FirmwareText = {
    imports: 'import { pollPin } from "hibernode/schedule/wake-pin";',
    more: 'use: pollPin("D27", { level: 0, every: "60s" }),',
  };

  it("is told to the firmware, which reports at once", async () => {
    const at: number[] = [];
    const lived = await live(await firmware("on-pin", onPin), {
      lasts: "3d",
      scenario: door(
        steps([
          ["0s", 0],
          ["10h", 1],
          ["10h5s", 0],
          ["40h", 1],
          ["40h5s", 0],
        ]),
      ),
      received: ({ atUnix }) => void at.push(atUnix),
    });
    expect(lived.broken).toEqual([]);
    const since = at.map((unix) => (unix - lived.startsAtUnix) / 3600);
    for (const hour of [10, 40]) expect(since.some((time) => time > hour && time < hour + 0.05)).toBe(true);
    // nothing else wakes it, but for re-arming after an event
    expect(lived.wakes).toBeLessThan(12);
  });

  it("and is stuck there costs a few boots a day", async () => {
    const lived = await live(await firmware("on-pin", onPin), {
      lasts: "30d",
      scenario: door(
        steps([
          ["0s", 0],
          ["1d", 1],
        ]),
      ),
    });
    expect(lived.broken).toEqual([]);
    tell("a pin stuck at its wake level", lived);
    expect(lived.wakes).toBeLessThan(30 * 110);
    expect(perDay(lived)).toBeLessThan(11);
  });

  it("a thousand times a second for ten minutes wakes it a few times", async () => {
    const lived = await live(await firmware("on-pin", onPin), {
      lasts: "1d",
      scenario: door(bouncing(3600, 4200, 1000)),
    });
    expect(lived.broken).toEqual([]);
    tell("1000 bounces a second for ten minutes", lived);
    expect(lived.wakes).toBeLessThan(15);
    expect(coulombs(lived)).toBeLessThan(8);
  });

  it("is looked at every minute where the chip cannot be woken by it", async () => {
    const lived = await live(await firmware("poll-pin", pollPin), {
      lasts: "2d",
      timeline: true,
      scenario: door(
        steps([
          ["0s", 0],
          ["10h", 1],
          ["12h", 0],
        ]),
      ),
    });
    expect(lived.broken).toEqual([]);
    expect(lived.wakes).toBeGreaterThan(2 * 1440 - 60);
    expect(lived.wakes).toBeLessThan(2 * 1440 * 1.2);
    expect(lived.stored!.stored).toBeLessThan(2 * 96 + 5);
  });

  it("and cannot do so falls back to the timer", async () => {
    const text = { ...onPin, more: onPin.more!.replace('"D27"', '"D23" as "D27"') };
    const lived = await live(await firmware("on-bad-pin", text), {
      lasts: "1d",
      scenario: door(steps([["0s", 0]]), "D23"),
    });
    expect(lived.broken).toEqual([]);
    expect(lived.stored!.stored).toBeGreaterThan(90);
  });
});

describe("a battery that runs low", () => {
  it("slows the node down in bands, and it says a last word before it falls silent", async () => {
    const at: number[] = [];
    const lived = await live(
      await firmware("bands", {
        imports: 'import { batteryBands, never } from "hibernode/schedule/battery-bands";',
        more: `use: batteryBands((r) => r.battery.voltage, {
          sample: every("15m"), report: every("6h"),
          bands: [{ below: 3.7, sample: every("1h"), report: every("1d") }, { below: 3.55, sample: every("1d"), report: never() }],
        }),`,
      }),
      {
        lasts: "25d",
        received: ({ atUnix }) => void at.push(atUnix),
        // without harvest the capacitor runs down
        scenario: {
          ...stillScenario,
          cell: capacitor({ farads: 300, fullVolts: 4.2, emptyVolts: 3.3, restartVolts: 3.6 }),
          charge: 0.7 / 0.9,
        },
      },
    );
    expect(lived.broken).toEqual([]);
    expect(lived.battery.deaths).toBe(0);
    const days = at.map((unix) => (unix - lived.startsAtUnix) / 86400);
    const last = Math.max(...days);
    expect(last).toBeLessThan(22);
    expect(days.filter((day) => day < 3).length).toBeGreaterThanOrEqual(12);
    expect(days.filter((day) => day > last - 3 && day < last - 0.1).length).toBeLessThanOrEqual(4);
  });
});
