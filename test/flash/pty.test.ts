/** The command itself, and Espressif's own, on a pseudo-terminal with a simulated board behind it. Real time. */
import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Chip } from "../../boards/types.ts";
import { radiosOffImage } from "../../tools/flash/nvs-image.ts";
import { readSettingsImage } from "../../tools/provision/settings-pages.ts";
import { buildStorageImage } from "../../tools/flash/storage-image.ts";
import { SimulatedBoard } from "../../tools/simulator/loader/board.ts";
import { execute, hibernode } from "../cli/command.ts";
import { archive, releaseFiles } from "./samples.ts";

const enabled = Boolean(process.env["PTY"]);
/** Command of Espressif's esptool, version 4, for instance `python3 esptool.py`. */
const esptool = process.env["ESPTOOL"]?.split(" ");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pty-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill();
  fs.rmSync(folder, { recursive: true });
});

/** @returns the terminal's name */
async function terminal(board: SimulatedBoard): Promise<string> {
  const child = spawn("python3", [path.join(import.meta.dirname, "terminal.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  await board.open(115200);
  board.onData = (bytes) => void child.stdin.write(bytes);
  return new Promise((resolve) => {
    let name = "";
    child.stdout.on("data", (bytes: Buffer) => {
      if (name) return void board.write(bytes).catch(() => undefined);
      name = bytes.toString().trim();
      resolve(name);
    });
  });
}

/** What a terminal lacks, the chip's own USB has not either: speeds and, here, reset lines. */
const boardOf = (chip: Chip): SimulatedBoard => new SimulatedBoard({ chip, reset: "usb", inLoader: true });

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
