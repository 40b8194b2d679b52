import { describe, expect, test } from "vitest";
import type { Chip } from "../../boards/types.ts";
import { UserError } from "../../tools/errors.ts";
import { readEspruinoRelease, type EspruinoRelease } from "../../tools/flash/espruino-release.ts";
import { flashBoard, type FlashOptions, type Flashed } from "../../tools/flash/flash.ts";
import { judgeFirstWake } from "../../tools/flash/first-wake.ts";
import { radiosOffImage } from "../../tools/flash/nvs-image.ts";
import { settingsImage, SETTINGS_ADDRESS } from "../../tools/provision/settings-pages.ts";
import { buildStorageImage, readStorageImage, type StorageFile } from "../../tools/flash/storage-image.ts";
import { SimulatedBoard, type BoardOptions } from "../../tools/simulator/loader/board.ts";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { releaseFiles } from "./samples.ts";
import { useVirtualTime } from "./virtual-time.ts";

async function release(chip: Chip, bytes = 70_000): Promise<EspruinoRelease> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "release-"));
  try {
    for (const [name, data] of Object.entries(releaseFiles(chip, { bytes })))
      fs.writeFileSync(path.join(folder, name), data);
    return await readEspruinoRelease(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
const releases = {
  esp32: await release("esp32"),
  esp32c3: await release("esp32c3"),
  esp32s3: await release("esp32s3"),
};

const files: readonly StorageFile[] = [
  { name: "settings", data: Buffer.from('{"id":"truck-17","broker":"mqtt.example"}') },
  { name: ".bootcde", data: Buffer.from(`print("up");${"x=1;".repeat(3000)}`) },
];

const settings = settingsImage({ id: "truck-17", broker: "mqtt.example" });

interface Attempt {
  readonly steps: readonly string[];
  readonly printed: readonly string[];
  readonly done: Flashed;
  readonly seconds: number;
}

/** Flashes and keeps what the user would have seen. */
async function flash(board: SimulatedBoard, options: Partial<FlashOptions> = {}): Promise<Attempt> {
  const steps: string[] = [];
  const printed: string[] = [];
  let shown = 0;
  const began = Date.now();
  const done = await flashBoard(board, {
    files,
    bauds: [921600, 460800, 115200],
    reset: "auto",
    settings,
    keepRadios: false,
    watchSeconds: 2,
    onStep: (name, detail) => void steps.push(`${name}: ${detail}`),
    onProgress: (sent, total) => {
      expect(sent).toBeLessThanOrEqual(total);
      shown = sent / total;
    },
    print: (text) => void printed.push(text),
    ...options,
  });
  if (done.writtenBytes) expect(shown).toBe(1);
  return { steps, printed, done, seconds: (Date.now() - began) / 1000 };
}

const failure = async (promise: Promise<unknown>): Promise<UserError> => {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).fix).toBeTruthy();
  return error as UserError;
};

/** Every byte that was to be written is there, and nothing else was touched. */
function expectNode(board: SimulatedBoard, chip: Chip): void {
  const expected = Buffer.alloc(0x400000, 0xff);
  expected.set(buildStorageImage(files), 0x320000);
  expected.set(settings, SETTINGS_ADDRESS);
  expected.set(radiosOffImage(chip), 0x9000);
  for (const { address, data } of releases[chip].regions) expected.set(data, address);
  expect(Buffer.from(board.flash).equals(expected)).toBe(true);
}

useVirtualTime();

describe("a bare board", () => {
  test.each<[Chip, BoardOptions["reset"]]>([
    ["esp32", "circuit"],
    ["esp32", "slow"],
    ["esp32c3", "usb"],
    ["esp32c3", "circuit"],
    ["esp32s3", "usb"],
  ])("%s with reset by %s: holds Espruino, bundle, settings and radio flags afterwards", async (chip, reset) => {
    const board = new SimulatedBoard({ chip, reset, prints: "hello\r\n" });
    const { done, printed } = await flash(board, { release: releases[chip] });
    expectNode(board, chip);
    expect(done).toMatchObject({
      chip,
      mac: "aa:bb:cc:dd:ee:ff",
      baud: 921600,
      attempts: 1,
      firstWake: { state: "awake" },
    });
    expect(printed.join("\n")).toContain("hello");
    expect(board.loader).toBeUndefined();
  });

  test("without a circuit at EN: a person presses the buttons", async () => {
    const board = new SimulatedBoard({ reset: "none", inLoader: true });
    await flash(board, { release: releases.esp32, reset: "none" });
    expectNode(board, "esp32");
  });
});

test.skipIf(!process.env["SOAK"])("a release of real size: bytes and seconds", { timeout: 300_000 }, async () => {
  const whole = await release("esp32", 1_400_000);
  for (const [what, bauds] of [
    ["921,600 baud", [921600]],
    ["115,200 baud", [115200]],
  ] as const) {
    const board = new SimulatedBoard();
    const first = await flash(board, { release: whole, bauds, watchSeconds: 0 });
    const again = await flash(board, { release: whole, bauds, watchSeconds: 0 });
    const change = [files[0]!, { name: ".bootcde", data: Buffer.from("print(2)") }];
    const changed = await flash(board, { files: change, bauds, watchSeconds: 0 });
    process.stdout.write(
      `${what}: ${first.done.writtenBytes} of ${first.done.bytes} bytes in ${first.seconds.toFixed(1)} s; nothing changed ${again.seconds.toFixed(1)} s; another bundle ${changed.done.writtenBytes} bytes in ${changed.seconds.toFixed(1)} s\n`,
    );
    expect(first.seconds).toBeLessThan(240);
  }
});

describe("only what changed is written", () => {
  test("nothing, the second time", async () => {
    const board = new SimulatedBoard();
    await flash(board, { release: releases.esp32 });
    const { done, steps } = await flash(board, { release: releases.esp32 });
    expect(done.writtenBytes).toBe(0);
    expect(steps.join()).toContain("unchanged: Storage, settings, Espruino, partition table, bootloader");
  });

  test("one block of Storage, when the firmware changed", async () => {
    const board = new SimulatedBoard();
    await flash(board, { release: releases.esp32 });
    const { done } = await flash(board, { files: [files[0]!, { name: ".bootcde", data: Buffer.from("print(2)") }] });
    expect(done.writtenBytes).toBe(65536);
  });

  test("settings stay when there are no new ones", async () => {
    const board = new SimulatedBoard();
    await flash(board, { release: releases.esp32 });
    await flash(board, { files: [files[1]!], settings: undefined });
    expectNode(board, "esp32");
    await flash(board, { files: [files[1]!] });
    expect(readStorageImage(board.flash.subarray(0x320000)).map(({ name }) => name)).toEqual([".bootcde"]);
  });

  test("what Espruino keeps in NVS stays as long as the radios are off", async () => {
    const board = new SimulatedBoard();
    await flash(board, { release: releases.esp32 });
    board.flash.fill(0x55, 0xa000, 0xa100);
    await flash(board, { release: releases.esp32 });
    expect(board.flash[0xa010]).toBe(0x55);
  });

  test("the readings in raw flash are not touched", async () => {
    const flashed = new Uint8Array(0x400000).fill(0xff);
    flashed.fill(0x12, 0x310000, 0x320000);
    const board = new SimulatedBoard({ flash: flashed });
    await flash(board, { release: releases.esp32 });
    expect(board.flash.subarray(SETTINGS_ADDRESS, SETTINGS_ADDRESS + settings.length)).toEqual(settings);
    board.flash.fill(0x12, SETTINGS_ADDRESS, SETTINGS_ADDRESS + settings.length);
    await flash(board, { release: releases.esp32, settings: undefined });
    expect(board.flash.subarray(0x310000, 0x320000).every((byte) => byte === 0x12)).toBe(true);
  });
});

describe("a bad cable", () => {
  test.each<[string, BoardOptions]>([
    ["that loses a byte in 20,000", { loss: 1 / 20_000 }],
    ["that adds a byte in 20,000", { garbage: 1 / 20_000 }],
    ["that does both", { loss: 1 / 40_000, garbage: 1 / 40_000 }],
    ["that is sound up to 460,800 baud", { soundUpTo: 460_800 }],
    ["that is sound up to 115,200 baud", { soundUpTo: 115_200 }],
  ])("%s: whole in the end", async (_, faults) => {
    const board = new SimulatedBoard(faults);
    const { done } = await flash(board, { release: releases.esp32 });
    expectNode(board, "esp32");
    if (faults.soundUpTo) expect(done.baud).toBe(faults.soundUpTo);
  });

  test("that loses a byte in 50 never ends in a board that seems good", async () => {
    const error = await failure(flash(new SimulatedBoard({ loss: 0.02 }), { release: releases.esp32 }));
    expect(error.message).toMatch(/does not answer|half-written|nothing was written/);
  });
});

describe("an interruption", () => {
  test("pulled out in the middle: says what is whole and what is not, and goes on from there", async () => {
    const board = new SimulatedBoard({ unplugAfter: 50_000 });
    const error = await failure(flash(board, { release: releases.esp32 }));
    expect(error.message).toMatch(
      /has gone.*half-written\. Whole: Storage, settings, radios off\. Not: Espruino, partition table, bootloader/,
    );
    expect(error.fix).toMatch(/unplug the board, plug it in again, run.*goes on where it stopped/);
    board.faults = {};
    board.plugIn();
    const { steps } = await flash(board, { release: releases.esp32 });
    expect(steps.join()).toContain("unchanged: Storage");
    expectNode(board, "esp32");
  });

  test("write errors of the system are told, with what is whole", async () => {
    const error = await failure(flash(new SimulatedBoard({ writeFailsAfter: 40_000 }), { release: releases.esp32 }));
    expect(error.message).toMatch(/^EIO: i\/o error, write; the board is half-written\. Whole: Storage/);
    expect(error.fix).toMatch(/unplug the board, plug it in again, run the same command/);
  });

  const cable = { reset: "none", inLoader: true, soundUpTo: 115_200 } as const;
  test("of a board without a reset line: a person presses its buttons when told", async () => {
    const board = new SimulatedBoard(cable);
    const steps: string[] = [];
    const onStep = (name: string, text: string): void => {
      steps.push(`${name}: ${text}`);
      if (name === "again") setTimeout(() => board.pressButtons(), 10_000);
    };
    const { done } = await flash(board, { release: releases.esp32, reset: "none", onStep });
    expectNode(board, "esp32");
    expect(done.baud).toBe(115_200);
    expect(steps.join("\n")).toMatch(/again: .*once more at 460,800 baud: hold BOOT.*tap RESET, let BOOT go now/);
  });

  test("of a board without a reset line, and nobody is there: says that the buttons are to be pressed", async () => {
    const error = await failure(flash(new SimulatedBoard(cable), { release: releases.esp32, reset: "none" }));
    expect(error.fix).toMatch(/hold BOOT.*tap RESET, let BOOT go/);
  });
});

describe("what is refused before anything is written", () => {
  test.each<[string, BoardOptions, Partial<FlashOptions>, RegExp]>([
    [
      "images for another chip",
      { chip: "esp32" },
      { release: releases.esp32c3 },
      /has an ESP32, the images are for the ESP32-C3/,
    ],
    [
      "2 MB of flash",
      { flash: new Uint8Array(0x200000).fill(0xff) },
      { release: releases.esp32 },
      /has 2 MB of flash, 4 MB are needed/,
    ],
    ["a board without Espruino, and no release", {}, {}, /no Espruino whose Storage is at 0x320000/],
    ["no answer at all", { deaf: true, reset: "none" }, {}, /does not answer/],
    ["a line to the board that is broken", { deaf: true }, {}, /in its loader but does not answer/],
    ["no circuit for the boot pin", { reset: "none", prints: "" }, {}, /does not answer/],
  ])("%s", async (_, hardware, options, message) => {
    const board = new SimulatedBoard(hardware);
    const error = await failure(flash(board, options));
    expect(error.message).toMatch(message);
    expect(board.flash.every((byte) => byte === 0xff)).toBe(true);
  });
});

describe("the first wake", () => {
  test("of a firmware that stops with an error is shown and judged", async () => {
    const board = new SimulatedBoard({ prints: "Uncaught ReferenceError: x is not defined\r\n at line 1\r\n" });
    const { done, printed } = await flash(board, { release: releases.esp32 });
    expect(done.firstWake).toMatchObject({
      state: "broken",
      problem: { message: "the firmware stopped with an error" },
    });
    expect(printed).toContain("Uncaught ReferenceError: x is not defined");
  });

  test.each([
    ["ets\r\ninvalid header: 0xffffffff\r\n", "broken", /no application that is whole/],
    ["Storage is corrupt.\r\n", "broken", /erased it/],
    ["Brownout detector was triggered\r\n", "broken", /supply/],
    ["rst:0x3\r\n".repeat(5), "broken", /started 5 times in a row/],
    ["rst:0x5 (DEEPSLEEP_RESET)\r\n", "asleep", undefined],
    ["> \r\n", "awake", undefined],
    ["", "silent", undefined],
  ])("after %j is %s", (text, state, problem) => {
    const judged = judgeFirstWake(text, false);
    expect(judged.state).toBe(state);
    if (problem) expect(judged.problem!.message).toMatch(problem);
    else expect(judged.problem).toBeUndefined();
  });

  test("of a board whose own USB goes away has ended in sleep", () => {
    expect(judgeFirstWake("", true).state).toBe("asleep");
  });
});
