import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../../tools/errors.ts";
import { loadTrace, parseTrace, type TraceOptions } from "../../../tools/simulator/world/trace.ts";

const errorOf = (run: () => unknown): UserError => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("no error");
};

const read = (text: string, options: Partial<TraceOptions> = {}) =>
  parseTrace(text, { column: "value", unit: "°C", ...options, file: "room.csv" });

describe("a recording", () => {
  test("is read with its times as seconds since the first sample", () => {
    const trace = read("timestamp,value\n2013-07-04 00:00:00,20\n2013-07-04 01:30:00,21.5\n");
    expect([...trace.seconds]).toEqual([0, 5400]);
    expect([...trace.values]).toEqual([20, 21.5]);
    expect(trace.startsAt).toBe(Date.UTC(2013, 6, 4) / 1000);
    expect(trace.unit).toBe("°C");
  });

  test.each([
    ["ISO with T and Z", "2024-02-29T23:59:30Z", "2024-03-01T00:00:30Z", Date.UTC(2024, 1, 29, 23, 59, 30) / 1000],
    ["ISO with a zone", "2024-01-01T02:00:00+02:00", "2024-01-01T00:01:00Z", Date.UTC(2024, 0, 1) / 1000],
    ["ISO without zone: UTC", "2024-01-01T00:00:00", "2024-01-01T00:01:00", Date.UTC(2024, 0, 1) / 1000],
    ["date and time without seconds", "2024-01-01 00:00", "2024-01-01 00:01", Date.UTC(2024, 0, 1) / 1000],
    ["fractions of a second", "2024-01-01 00:00:00.500000", "2024-01-01 00:01:00.5", Date.UTC(2024, 0, 1) / 1000 + 0.5],
    ["Unix seconds", "1700000000", "1700000060", 1_700_000_000],
    ["Unix milliseconds", "1700000000000", "1700000060000", 1_700_000_000],
    ["elapsed seconds", "0.5", "60.5", undefined],
  ])("may have its times as %s", (_, first, second, startsAt) => {
    const trace = read(`time,value\n${first},1\n${second},2\n`);
    expect([...trace.seconds]).toEqual([0, 60]);
    expect(trace.startsAt).toBe(startsAt);
  });

  test("by days: a bare date is its midnight", () => {
    expect([...read("date,value\n2024-01-01,1\n2024-01-02,2").seconds]).toEqual([0, 86_400]);
  });

  test.each([
    ["°F", 212, 100, "°C"],
    ["F", 32, 0, "°C"],
    ["K", 273.15, 0, "°C"],
    ["mV", 3300, 3.3, "V"],
    ["Pa", 101_325, 1013.25, "hPa"],
    ["%", 55, 55, "%"],
    ["km/h", 36, 10, "m/s"],
    ["g", 1, 9.80665, "m/s²"],
  ])("in %s is converted", (unit, value, expected, base) => {
    const trace = read(`t,value\n0,${value}`, { unit });
    expect(trace.values[0]).toBeCloseTo(expected, 9);
    expect(trace.unit).toBe(base);
  });

  test.each([
    ["semicolons and a byte order mark", "\uFEFFdatetime;a;value\n2020-03-09 10:14:33;1;2\n"],
    ["tabs and Windows line ends", "datetime\ta\tvalue\r\n2020-03-09 10:14:33\t1\t2\r\n"],
    ["quotes, blanks and empty lines", '"datetime", "a, b" ,"value"\n\n"2020-03-09 10:14:33",1, 2 \n\n'],
  ])("may have %s", (_, text) => expect([...read(text).values]).toEqual([2]));

  test("takes the column that says time or date, otherwise the first, or the one it is told", () => {
    const text = "n,value,when_time\n1,7,10\n2,8,30\n";
    expect([...read(text).seconds]).toEqual([0, 20]);
    expect([...read(text, { timeColumn: "n" }).seconds]).toEqual([0, 1]);
    expect([...read("x,value\n0,7\n5,8").seconds]).toEqual([0, 5]);
  });

  test("may leave out samples that step back in time", () => {
    const text = "t,value\n0,1\n10,2\n5,3\n10,4\n20,5\n";
    const trace = read(text, { backwards: "skip" });
    expect([...trace.seconds]).toEqual([0, 10, 20]);
    expect([...trace.values]).toEqual([1, 2, 5]);
    expect(trace.skipped).toBe(2);
  });
});

describe("a defect of a recording is named with file, line and remedy", () => {
  const rows = (...lines: string[]): string => ["timestamp,value", ...lines].join("\n");
  const good = "2024-01-01 00:00:00,1";
  test.each([
    [
      "unknown column",
      rows(good),
      { column: "vlaue" },
      "room.csv",
      /unknown column "vlaue"/,
      /mean "value".*timestamp, value/,
    ],
    [
      "unknown time column",
      rows(good),
      { timeColumn: "time" },
      "room.csv",
      /unknown column "time"/,
      /timestamp, value/,
    ],
    ["unknown unit", rows(good), { unit: "°c" }, "room.csv", /unknown unit "°c"/, /did you mean "°C"/],
    ["empty file", "", {}, "room.csv", /no samples/, /header line/],
    ["header alone", "timestamp,value\n", {}, "room.csv", /no samples/, /header line/],
    ["no number", rows(good, "2024-01-01 01:00:00,abc"), {}, "room.csv:3", /"abc" in column "value"/, /delete the row/],
    ["empty cell", rows(good, "", "2024-01-01 01:00:00,"), {}, "room.csv:4", /an empty cell/, /interpolated/],
    ["decimal comma", 'timestamp;value\n2024-01-01;"1,5"', {}, "room.csv:2", /"1,5"/, /decimal point/],
    ["short row", rows(good, "2024-01-01 01:00:00"), {}, "room.csv:3", /ends before column "value"/, /complete/],
    ["no time", rows(good, "later,2"), {}, "room.csv:3", /"later" in column "timestamp" is not a time/, /2025-01-31/],
    ["no such day", rows("2024-02-30 00:00:00,2"), {}, "room.csv:2", /is not a time/, /Unix time/],
    ["other kind of time", rows(good, "1700000000,2"), {}, "room.csv:3", /is not a time/, /Unix time/],
    ["nanoseconds", rows("1700000000000000000,2"), {}, "room.csv:2", /is not a time/, /Unix time in s or ms/],
    ["same time twice", rows(good, good), {}, "room.csv:3", /not later than the sample before/, /sort.*skip/],
    ["only one column", "value\n1\n", {}, "room.csv", /no column with times/, /timeColumn/],
    ["open quote", 'timestamp,value\n"2024-01-01 00:00:00,1\n', {}, /^room\.csv/, /not a CSV file/, undefined],
  ])("%s", (_, text, options, where, message, fix) => {
    const error = errorOf(() => read(text, options));
    expect(error.message).toMatch(message);
    expect(error.where).toMatch(where);
    if (fix) expect(error.fix).toMatch(fix);
  });
});

describe("files", () => {
  let folder = "";
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "trace-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("gzipped files are unpacked, whatever their name", () => {
    const file = join(folder, "a.bin");
    writeFileSync(file, gzipSync("t,value\n0,1\n9,2\n"));
    expect([...loadTrace({ file, column: "value", unit: "V" }).seconds]).toEqual([0, 9]);
  });

  test("a file that is absent or a folder is a user's error", () => {
    const load = (file: string) => errorOf(() => loadTrace({ file, column: "value", unit: "V" }));
    expect(load(join(folder, "none.csv"))).toMatchObject({
      message: "no such trace file",
      where: join(folder, "none.csv"),
    });
    expect(load(folder).message).toMatch(/cannot read the trace/);
  });

  test("NOAA's hourly normals of Seattle: a year by the hour", () => {
    const file = new URL(
      "../../../node_modules/vega-datasets/data/seattle-weather-hourly-normals.csv",
      import.meta.url,
    );
    const trace = loadTrace({ file, column: "temperature", unit: "°C" });
    expect(trace.seconds.length).toBe(8759);
    expect(trace.values[0]).toBe(4);
    expect(trace.startsAt).toBe(Date.UTC(2010, 0, 1, 1) / 1000);
    expect(loadTrace({ file, column: "pressure", unit: "hPa" }).values[0]).toBe(1016.6);
    expect(errorOf(() => loadTrace({ file, column: "temp", unit: "°C" })).fix).toContain(
      "date, pressure, temperature, wind",
    );
  });
});

const shared = fileURLToPath(new URL("../../../../shared/data/temperature/", import.meta.url));
const present = existsSync(shared);
if (!present) console.log("skipped: recorded temperatures (no ../shared/data/temperature)");

describe.skipIf(!present)("recorded temperatures", () => {
  test("of a room over ten months, in °F", () => {
    const trace = loadTrace({ file: `${shared}ambient_temperature_system_failure.csv`, column: "value", unit: "°F" });
    expect(trace.seconds.length).toBe(7267);
    expect(trace.values[0]).toBeCloseTo((69.88083514 - 32) / 1.8, 9);
    expect(Math.min(...trace.values)).toBeGreaterThan(13);
    expect(Math.max(...trace.values)).toBeLessThan(31);
  });

  test("of a machine: its recorder's clock stepped back once, at line 10151", () => {
    const options = { file: `${shared}machine_temperature_system_failure.csv`, column: "value", unit: "°F" };
    expect(errorOf(() => loadTrace(options)).where).toBe(`${options.file}:10151`);
    expect(loadTrace({ ...options, backwards: "skip" }).skipped).toBe(12);
  });
});
