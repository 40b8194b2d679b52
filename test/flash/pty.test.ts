/** The command itself, and Espressif's own, on a pseudo-terminal with a simulated board behind it. Real time. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Chip } from "../../boards/types.ts";
import { readEspruinoRelease } from "../../tools/flash/espruino-release.ts";
import { radiosOffImage } from "../../tools/flash/nvs-image.ts";
import { readSettingsImage } from "../../tools/provision/settings-pages.ts";
import { buildStorageImage } from "../../tools/flash/storage-image.ts";
import { SimulatedBoard, type CableFaults } from "../../tools/simulator/loader/board.ts";
import { execute, hibernode } from "../cli/command.ts";
import { archive, releaseFiles } from "./samples.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const ROM_BAUD = 115200;
const enabled = Boolean(process.env["PTY"]);
/** Command of Espressif's esptool, version 4, for instance `python3 esptool.py`. */
const esptool = process.env["ESPTOOL"]?.split(" ");

/** A real Espruino release for the classic ESP32: its .tgz or folder. */
const realRelease = process.env["ESPRUINO_RELEASE"];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pty-"));
const terminals: Terminal[] = [];
afterAll(() => {
  for (const { process } of terminals) process.kill();
  fs.rmSync(folder, { recursive: true });
});

/**
 * A terminal carries a speed, but no DTR and RTS: a person presses the buttons whenever the program goes back to the
 * loader's own speed. @returns the terminal's name
 */
async function terminal(board: SimulatedBoard): Promise<string> {
  await board.open(ROM_BAUD);
  let before = ROM_BAUD;
  const opened = await openTerminal((bytes, baud) => {
    if (baud === ROM_BAUD && before !== ROM_BAUD) press(board);
    before = baud;
    void board.setBaud(baud);
    board.write(bytes).catch(() => opened.process.kill());
  });
  terminals.push(opened);
  board.onData = opened.write;
  // a plug that is pulled takes the port with it
  board.onLost = () => void opened.process.kill();
  return opened.name;
}

function press(board: SimulatedBoard): void {
  void board.setSignals({ dtr: false, rts: true });
  void board.setSignals({ dtr: true, rts: false });
}

const boardOf = (chip: Chip, cable: CableFaults = {}): SimulatedBoard =>
  new SimulatedBoard({ chip, inLoader: true, ...cable });

describe.skipIf(!enabled)("hibernode flash on a pseudo-terminal", () => {
  test.each<Chip>(["esp32", "esp32c3", "esp32s3"])("writes a whole %s", { timeout: 120_000 }, async (chip) => {
    const board = boardOf(chip);
    const port = await terminal(board);
    const release = path.join(folder, `espruino_2v29_${chip}.tgz`);
    const files = releaseFiles(chip, { bytes: 200_000 });
    fs.writeFileSync(release, await archive("espruino", files));
    fs.writeFileSync(path.join(folder, "app.js"), "print('up')");
    fs.writeFileSync(path.join(folder, "truck.json"), '{"id":"truck-17","broker":"mqtt.example","password":"hush"}');
    const args = ["--port", port, "--reset", "none", "--espruino", release, "--watch", "0"];
    const ended = await hibernode(["flash", "app.js", ...args, "--settings", "truck.json"], { cwd: folder });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).not.toContain("hush");
    const image = buildStorageImage([{ name: ".bootcde", data: Buffer.from("print('up')") }]);
    const settings: unknown = JSON.parse(fs.readFileSync(path.join(folder, "truck.json"), "utf8"));
    expect(readSettingsImage(board.flash.subarray(0x312000, 0x314000))).toEqual(settings);
    expect(Buffer.from(board.flash.subarray(0x320000)).equals(image)).toBe(true);
    expect(Buffer.from(board.flash.subarray(0x9000, 0x9100)).equals(radiosOffImage(chip).subarray(0, 0x100))).toBe(
      true,
    );
    const app = Object.entries(files).find(([name]) => name.startsWith("espruino"))![1];
    expect(Buffer.from(board.flash.subarray(0x10000, 0x10000 + app.length)).equals(app)).toBe(true);
  });
});

describe.skipIf(!enabled)("through a bad cable, on a pseudo-terminal,", () => {
  const flash = async (port: string, release: string, more: readonly string[] = []) =>
    hibernode(["flash", "app.js", "--port", port, "--reset", "none", "--espruino", release, "--watch", "0", ...more], {
      cwd: folder,
    });
  const app = (files: Record<string, Uint8Array>): Uint8Array =>
    Object.entries(files).find(([name]) => name.startsWith("espruino"))![1];
  async function sample(chip: Chip): Promise<{ release: string; files: Record<string, Uint8Array> }> {
    const files = releaseFiles(chip, { bytes: 60_000 });
    const release = path.join(folder, `small_${chip}.tgz`);
    fs.writeFileSync(release, await archive("espruino", files));
    fs.writeFileSync(path.join(folder, "app.js"), "print('up')");
    return { release, files };
  }
  const holds = (board: SimulatedBoard, files: Record<string, Uint8Array>): boolean =>
    Buffer.from(board.flash.subarray(0x10000, 0x10000 + app(files).length)).equals(app(files));

  test.each<[string, CableFaults]>([
    ["that adds a byte in 20,000", { garbage: 1 / 20_000 }],
    ["that is sound up to 460,800 baud", { soundUpTo: 460_800 }],
    ["that is sound up to 115,200 baud", { soundUpTo: 115_200 }],
  ])("%s: whole in the end", { timeout: 240_000 }, async (_, cable) => {
    const { release, files } = await sample("esp32");
    const board = boardOf("esp32", cable);
    const ended = await flash(await terminal(board), release);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(holds(board, files)).toBe(true);
    if (cable.soundUpTo) expect(ended.stdout).toMatch(/again .*once more at 460,800 baud/);
  });

  test("pulled out in the middle: says what is whole, and goes on from there", { timeout: 240_000 }, async () => {
    const { release, files } = await sample("esp32c3");
    const board = boardOf("esp32c3", { unplugAfter: 30_000 });
    const ended = await flash(await terminal(board), release);
    expect(ended.status).toBe(1);
    expect(ended.stderr.replace(/\s+/g, " ")).toMatch(/(the board has gone|there is no such port).*half-written.*/);
    board.faults = {};
    board.plugIn();
    press(board);
    const again = await flash(await terminal(board), release);
    expect(again).toMatchObject({ status: 0, stderr: "" });
    expect(holds(board, files)).toBe(true);
  });

  test("of another chip: nothing is written", { timeout: 120_000 }, async () => {
    const { release } = await sample("esp32s3");
    const board = boardOf("esp32");
    const ended = await flash(await terminal(board), release);
    expect(ended.status).toBe(1);
    expect(ended.stderr.replace(/\s+/g, " ")).toMatch(
      /has an ESP32, the images are for the ESP32-S3.*nothing was written/,
    );
    expect(board.flash.every((byte) => byte === 0xff)).toBe(true);
  });

  test("a port at another speed than the board's: said, nothing written", { timeout: 240_000 }, async () => {
    const { release } = await sample("esp32");
    // a chip with another crystal than all others: its 115,200 is none
    const board = boardOf("esp32", { soundUpTo: 9600 });
    const ended = await flash(await terminal(board), release);
    expect(ended.status).toBe(1);
    expect(ended.stderr.replace(/\s+/g, " ")).toMatch(/nothing was written|half-written/);
  });

  test.skipIf(!realRelease)("a real release of Espruino is written whole", { timeout: 590_000 }, async () => {
    const board = boardOf("esp32");
    fs.writeFileSync(path.join(folder, "app.js"), "print('up')");
    const ended = await flash(await terminal(board), path.resolve(realRelease!));
    expect(ended.status).toBe(0);
    const { regions, version } = await readEspruinoRelease(realRelease!);
    expect(ended.stdout).toContain(`${version} for esp32`);
    for (const { address, data } of regions)
      expect(Buffer.from(board.flash.subarray(address, address + data.length)).equals(data)).toBe(true);
  });
});

describe.skipIf(!enabled || !esptool)("Espressif's esptool finds in the model what it finds in a chip", () => {
  const content = Buffer.from(Uint8Array.from({ length: 30_000 }, (_, i) => (i * i) >> 3));
  const run = async (chip: Chip, port: string, args: readonly string[]) =>
    execute(
      esptool![0]!,
      [...esptool!.slice(1), "--chip", chip, "--port", port, "--before", "no_reset", "--after", "no_reset", ...args],
      {},
    );

  test.each<[Chip, boolean]>([
    ["esp32", true],
    ["esp32", false],
    ["esp32c3", true],
    ["esp32c3", false],
    ["esp32s3", true],
    ["esp32s3", false],
  ])("%s, with its stub: %s", { timeout: 120_000 }, async (chip, stub) => {
    const board = boardOf(chip);
    const port = await terminal(board);
    const file = path.join(folder, "content.bin");
    fs.writeFileSync(file, content);
    const noStub = stub ? [] : ["--no-stub"];
    for (const compress of ["--compress", "--no-compress"]) {
      const at = compress === "--compress" ? 0x20000 : 0x40000;
      const written = await run(chip, port, [...noStub, "write_flash", compress, `0x${at.toString(16)}`, file]);
      expect(`${written.stdout}${written.stderr}`).toContain("Hash of data verified");
      expect(written).toMatchObject({ status: 0 });
      expect(Buffer.from(board.flash.subarray(at, at + content.length)).equals(content)).toBe(true);
    }
    const identity = await run(chip, port, [...noStub, "flash_id"]);
    expect(identity.stdout).toMatch(/MAC: aa:bb:cc:dd:ee:ff/);
    expect(identity.stdout).toMatch(/Detected flash size: 4MB/);
    const copy = path.join(folder, `copy-${chip}-${String(stub)}`);
    expect(await run(chip, port, [...noStub, "read_flash", "0x20000", "30000", copy])).toMatchObject({ status: 0 });
    expect(fs.readFileSync(copy).equals(content)).toBe(true);
  });
});
