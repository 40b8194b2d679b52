import { describe, expect, it } from "vitest";
import { Clock } from "../../tools/simulator/clock.ts";
import { Timeline } from "../../tools/simulator/timeline.ts";

function timeline(limit?: number): Timeline {
  const clock = new Clock();
  const lines = new Timeline(clock, limit === undefined ? {} : { limit });
  lines.trace("mcu", "boot");
  lines.trace("D4", 0);
  clock.runUntil(1500);
  lines.trace("D4", 1);
  lines.trace("cargo temperature", 4.25);
  clock.runUntil(2_000_000);
  lines.trace("mcu", 'deep sleep, "long"');
  lines.trace("cargo temperature", Number.NaN);
  clock.runUntil(3_000_000);
  return lines;
}

describe("a timeline", () => {
  it("is a table of seconds, signals and values", () => {
    expect(timeline().csv()).toBe(
      [
        "time_s,signal,value",
        "0.000000,mcu,boot",
        "0.000000,D4,0",
        "0.001500,D4,1",
        "0.001500,cargo temperature,4.25",
        '2.000000,mcu,"deep sleep, ""long"""',
        "2.000000,cargo temperature,NaN",
        "",
      ].join("\n"),
    );
  });

  it("is a value change dump of wires, reals and texts", () => {
    expect(timeline().vcd().split("\n")).toEqual([
      "$comment Hibernode timeline $end",
      "$timescale 1 us $end",
      "$scope module node $end",
      "$var string 1 ! mcu $end",
      '$var wire 1 " D4 $end',
      "$var real 64 # cargo_temperature $end",
      "$upscope $end",
      "$enddefinitions $end",
      "#0",
      "r4.25 #",
      "sboot !",
      '0"',
      "#1500",
      '1"',
      "r4.25 #",
      "#2000000",
      'sdeep_sleep,_"long" !',
      "#3000000",
      "",
    ]);
  });

  it("keeps the first lines of a long run and says what it left out", () => {
    const short = timeline(3);
    expect(short.dropped).toBe(3);
    expect(short.csv().trim().split("\n").at(-1)).toBe(
      "0.001500,timeline,cut off here: 3 more lines were not kept (limit 3)",
    );
    expect(short.vcd()).toContain("$comment cut off here: 3 more lines were not kept (limit 3) $end");
  });

  it("has identifiers for more signals than there are printable characters", () => {
    const clock = new Clock();
    const many = new Timeline(clock);
    for (let i = 0; i < 300; i++) many.trace(`s${i}`, 0);
    const ids = [...many.vcd().matchAll(/\$var wire 1 (\S+) /g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(300);
  });
});
