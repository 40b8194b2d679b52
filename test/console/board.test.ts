/** The verbs for boards on a real interpreter that is dressed as a chip (chip.ts), as a user runs them. Real time, except where it sleeps. */
import fs from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readStorageImage } from "../../tools/flash/storage-image.ts";
import { createProject, hibernode, unwrapped, type Project } from "../cli/command.ts";
import { espruino } from "../interpreter/bench.ts";
import { chip } from "./chip.ts";
import { serveEspruino, type EspruinoServer } from "./espruino-server.ts";

const python = fs.existsSync("/usr/bin/python3");

describe.skipIf(!espruino)("a board with Espruino", { timeout: 120_000 }, () => {
  let project: Project;
  let server: EspruinoServer | undefined;
  beforeAll(() => {
    project = createProject();
    project.write({
      "app.js": "print('app is up');",
      "wifi.js": "function report(){require(\"Wifi\").connect('net')}print('it reports by Wi-Fi');",
      "naps.js": "print('awake');setTimeout(function(){ESP32.deepSleep(1.5E6)},1500);",
    });
  });
  afterEach(() => server?.close());
  afterAll(() => project.remove());
  const run = (...args: string[]) => hibernode(args, { cwd: project.folder });

  test("upload switches both radios off first, and what it wrote runs", async () => {
    server = await serveEspruino({ boot0: chip() });
    const ended = await run("upload", "app.js", "--port", server.url);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toMatch(/radios +Bluetooth and Wi-Fi switched off; the board restarted/);
    expect(readStorageImage(server.storage()).map(({ name }) => name)).toEqual([".boot0", ".bootcde"]);
    await expect.poll(() => server!.printed()).toContain("app is up");
    const again = await run("upload", "app.js", "--port", server.url);
    expect(again.stdout).not.toContain("radios");
    expect(again.stdout).toContain("nothing had changed");
  });

  test("upload leaves Wi-Fi to a firmware that reports by it", async () => {
    server = await serveEspruino({ boot0: chip() });
    const ended = await run("upload", "wifi.js", "--port", server.url, "--json");
    expect(JSON.parse(ended.stdout)).toMatchObject({ radiosOff: ["Bluetooth"] });
    await expect.poll(() => server!.printed()).toContain("it reports by Wi-Fi");
    const after = await run("upload", "app.js", "--port", server.url, "--json");
    expect(JSON.parse(after.stdout)).toMatchObject({ radiosOff: ["Wi-Fi"] });
  });

  test("upload --radios leaves them on", async () => {
    server = await serveEspruino({ boot0: chip() });
    const ended = await run("upload", "app.js", "--port", server.url, "--radios", "--json");
    expect(JSON.parse(ended.stdout)).toMatchObject({ radiosOff: [] });
    expect(ended.status).toBe(0);
  });

  test.skipIf(!python)("upload --wait catches a node that sleeps, at a pseudo-terminal", async () => {
    server = await serveEspruino({ boot0: chip(), terminal: true });
    const first = await run("upload", "naps.js", "--port", server.url);
    expect(first).toMatchObject({ status: 0, stderr: "" });
    await expect.poll(() => server!.printed().match(/awake/g)?.length ?? 0, { timeout: 20_000 }).toBeGreaterThan(1);
    const second = await run("upload", "app.js", "--port", server.url, "--wait", "30");
    expect(second).toMatchObject({ status: 0, stderr: "" });
    await expect.poll(() => server!.printed()).toContain("app is up");
  });

  test.skipIf(!python)("monitor stays over the sleeps, at a pseudo-terminal", async () => {
    server = await serveEspruino({ boot0: chip(), terminal: true });
    await run("upload", "naps.js", "--port", server.url, "--radios");
    const ended = await run("monitor", "naps.js", "--port", server.url, "--for", "8s");
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toMatch(/rst:0x5.*\n.*= woke from deep sleep/);
    expect(ended.stdout.match(/awake\n/g)!.length).toBeGreaterThan(1);
    expect(ended.stdout.replace(/\s+/g, " ")).toMatch(
      /state since \S+: woke from deep sleep; last heard at \S+; \d+ starts/,
    );
  });

  test.skipIf(!python)("calibrate measures over a deep sleep, at a pseudo-terminal", async () => {
    server = await serveEspruino({ boot0: chip(), terminal: true });
    const board = "lilygo-t-sim7000g";
    const args = ["--port", server.url, "--out", "mine.ts", "--sleep", "10", "--battery-volts", "3.6", "--json"];
    const ended = await run("calibrate", board, ...args);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const found = JSON.parse(ended.stdout) as Record<string, number>;
    // the interpreter's clock is this computer's
    expect(Math.abs(found["driftPpm"]!)).toBeLessThanOrEqual(found["driftErrorPpm"]!);
    expect(found["bootMs"]).toBeGreaterThan(0);
    expect(found["batteryRatio"]).toBeGreaterThan(1);
    expect(fs.readFileSync(`${project.folder}/mine.ts`, "utf8")).toContain("measured");
  });

  test("doctor switches a modem on that was off, and off again", async () => {
    server = await serveEspruino({ boot0: chip({ registersAfterMs: 3000 }) });
    const args = ["doctor", "--port", server.url, "--modem", "lilygo-t-sim7080g-s3", "--json"];
    const findings = async () => {
      const { stdout } = await run(...args);
      return Object.fromEntries(
        (JSON.parse(stdout) as { findings: { line: string; state: string; text: string }[] }).findings.map(
          ({ line, state, text }) => [line, `${state}: ${text}`],
        ),
      );
    };
    expect(await findings()).toMatchObject({
      espruino: expect.stringMatching(/^good: 2v29/) as string,
      clock: expect.stringMatching(/^good/) as string,
      settings: "bad: none",
      modem: "good: SIM7080G, was off: switched on by its key, and off again",
      sim: "good: ready",
      network: "good: registered",
      psm: "good: granted: T3412 00000110, T3324 00100001",
    });
    server.close();
    server = await serveEspruino({ boot0: chip({ registersAfterMs: 0, sim: false }) });
    args[2] = server.url;
    expect(await findings()).toMatchObject({ sim: "bad: none" });
    server.close();
    server = await serveEspruino({ boot0: chip() });
    args[2] = server.url;
    expect(await findings()).toMatchObject({ modem: "bad: does not answer AT, also after its power key was pressed" });
  });

  test("upload says what it cannot do", async () => {
    server = await serveEspruino({ boot0: chip().replace("set(1,on)", "rest(0)") });
    const ended = await run("upload", "app.js", "--port", server.url);
    expect(ended.status).toBe(1);
    expect(unwrapped(ended.stderr)).toMatch(/Wi-Fi does not stay off.*hibernode flash/);
  });
});
