import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hibernode, type Ended } from "../cli/command.ts";
import { chromiumPath } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "hibernode-power-"));
let first: Ended;
let second: Ended;
beforeAll(async () => {
  const args = ["power", "firmware/cold-chain", "--sample", "3d", "--runs", "40", "--json"];
  first = await hibernode([...args, "--cores", "1", "--out", folder]);
  second = await hibernode([...args, "--cores", "2"]);
}, 500_000);
afterAll(() => rmSync(folder, { recursive: true }));

interface Document {
  readonly power: {
    readonly lives: { readonly p10: number; readonly p50: number; readonly p90: number };
    readonly causes: readonly { readonly share: number; readonly cause: string }[];
    readonly surrogateError: number;
    readonly wake: { readonly points: readonly object[] };
  };
}

test("the report is the same on one core and on two", () => {
  expect(first.stderr).toBe("");
  expect(first.status).toBe(0);
  expect(second.stdout).toBe(first.stdout);
});

test("it holds lives, causes whose shares sum to one, and one wake", () => {
  const { lives, causes, surrogateError, wake } = (JSON.parse(first.stdout) as Document).power;
  expect(lives.p10).toBeLessThan(lives.p50);
  expect(lives.p50).toBeLessThan(lives.p90);
  expect(causes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  // three days hold twelve reports: the spread of a dozen connections is in it
  expect(Math.abs(surrogateError)).toBeLessThan(0.3);
  expect(wake.points.length).toBeGreaterThan(5);
  // of a firmware without updates
  expect(JSON.parse(first.stdout)).not.toHaveProperty("update");
});

test("the tables are CSV", () => {
  const lines = readFileSync(join(folder, "causes.csv"), "utf8").trim().split("\n");
  expect(lines[0]).toBe("cause,joulesPerDay,share,microamps,restsOn");
  expect(lines.every((line) => line.split(",").length === 5)).toBe(true);
});

describe.skipIf(!chromiumPath)("in a browser", () => {
  test.each([
    ["a screen", { width: 1000, height: 800 }, "screen"],
    ["a phone", { width: 390, height: 844 }, "screen"],
    ["paper", { width: 794, height: 1123 }, "print"],
  ] as const)(
    "on %s nothing is logged, nothing leaves the file, and nothing sticks out",
    async (_, viewport, media) => {
      const { chromium } = await import("playwright-core");
      const browser = await chromium.launch({ executablePath: chromiumPath!, args: ["--no-sandbox"] });
      try {
        const page = await browser.newPage({ viewport });
        await page.emulateMedia({ media });
        const file = pathToFileURL(join(folder, "report.html")).href;
        const noise: string[] = [];
        page.on("console", (message) => noise.push(message.text()));
        page.on("pageerror", (error) => noise.push(String(error)));
        page.on("request", (request) => request.url() !== file && noise.push(request.url()));
        await page.goto(file);
        expect(noise).toEqual([]);
        const widths = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]");
        const [content, window] = widths as [number, number];
        expect(content).toBeLessThanOrEqual(window);
        expect(await page.locator("svg:visible").count()).toBe(4);
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});
