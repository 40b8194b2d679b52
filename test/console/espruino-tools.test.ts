/** Espruino's own uploader, unchanged, into a real Espruino: our client finds every byte there. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { reachConsole } from "../../tools/console/console.ts";
import { uploadFiles } from "../../tools/console/upload.ts";
import { buildStorageImage } from "../../tools/flash/storage-image.ts";
import { tcpLine } from "../../tools/serial/tcp-line.ts";
import { espruino } from "../interpreter/bench.ts";
import { serveEspruino, type EspruinoServer } from "./espruino-server.ts";

const cli = createRequire(import.meta.url).resolve("espruino/bin/espruino-cli.js");
let server: EspruinoServer | undefined;
let folder: string | undefined;
afterEach(() => {
  server?.close();
  if (folder) fs.rmSync(folder, { recursive: true });
});

/** What the program printed, once it has ended. */
const run = (args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.on("error", reject);
    child.on("exit", (code) => (code ? reject(new Error(said)) : resolve(said)));
  });

test.skipIf(!espruino)("EspruinoTools and ours write the same bytes into a real Espruino", async () => {
  server = await serveEspruino();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tools-"));
  const code = `print("node is up");${Array.from({ length: 900 }, (_, i) => `function f${i}(a){return a+${i}}`).join(";")}`;
  const file = path.join(folder, "node.js");
  fs.writeFileSync(file, code);
  const said = await run(["--no-ble", "--config", "SAVE_ON_SEND=1", "-p", server.url, file]);
  expect(said).toContain("Upload Complete");
  await expect.poll(() => server!.printed()).toContain("node is up");
  const line = tcpLine(server.url);
  const board = await reachConsole(line, { waitMs: 10_000, reset: false });
  const written = await uploadFiles(board, [{ name: ".bootcde", data: Buffer.from(code) }], {
    erase: false,
    keep: [],
    onStep: () => undefined,
    onProgress: () => undefined,
  });
  await line.close();
  expect(written.writtenBytes).toBe(0);
  expect(server.storage().equals(buildStorageImage([{ name: ".bootcde", data: Buffer.from(code) }]))).toBe(true);
});
