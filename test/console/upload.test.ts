import { afterEach, describe, expect, test } from "vitest";
import { reachConsole, type Console } from "../../tools/console/console.ts";
import { uploadFiles, writeSettings } from "../../tools/console/upload.ts";
import { buildStorageImage, readStorageImage, type StorageFile } from "../../tools/flash/storage-image.ts";
import { SETTINGS_EXPRESSION } from "../../tools/provision/settings-pages.ts";
import type { Line } from "../../tools/serial/line.ts";
import { tcpLine } from "../../tools/serial/tcp-line.ts";
import { espruino } from "../interpreter/bench.ts";
import { serveEspruino, type EspruinoServer } from "./espruino-server.ts";

const firmware = (name: string): StorageFile => ({
  name: ".bootcde",
  data: Buffer.from(
    `print("${name} is up");${Array.from({ length: 900 }, (_, i) => `function f${i}(a){return a+${i}}`).join(";")}`,
  ),
});
const settings: StorageFile = { name: "settings", data: Buffer.from('{"id":"truck-17"}') };

describe.skipIf(!espruino)("a real Espruino behind TCP", () => {
  let server: EspruinoServer | undefined;
  let line: Line | undefined;
  afterEach(async () => {
    await line?.close();
    server?.close();
  });
  const steps: string[] = [];
  const options = {
    erase: false,
    keep: ["settings"],
    onStep: (name: string, text: string) => void steps.push(`${name}: ${text}`),
    onProgress: () => undefined,
  };
  async function reach(): Promise<Console> {
    server ??= await serveEspruino();
    line = tcpLine(server.url);
    return reachConsole(line, { waitMs: 10_000, reset: false });
  }

  test("takes a firmware of more than 20 KB, restarts, and runs it", async () => {
    server = undefined;
    const board = await reach();
    expect(board.board).toMatch(/LINUX/);
    const file = firmware("node");
    expect(file.data.length).toBeGreaterThan(20_000);
    await uploadFiles(board, [settings, file], options);
    expect(server!.storage().equals(buildStorageImage([settings, file]))).toBe(true);
    await board.type("load()");
    await expect.poll(() => server!.printed()).toContain("node is up");
    server!.powerCycle();
    await expect.poll(() => server!.printed()).toContain("node is up");
    await line!.close();
    // again: it is there already
    const { writtenBytes } = await uploadFiles(await reach(), [settings, file], options);
    expect(writtenBytes).toBe(0);
  });

  test("keeps the device's settings when Storage is erased first", async () => {
    server = undefined;
    const board = await reach();
    await uploadFiles(board, [settings, firmware("one")], options);
    await uploadFiles(board, [firmware("two")], { ...options, erase: true });
    expect(server!.storage().equals(buildStorageImage([settings, firmware("two")]))).toBe(true);
  });

  test("takes settings into their pages, and shows which it has", async () => {
    server = undefined;
    const board = await reach();
    await uploadFiles(board, [settings], options);
    const names = async () =>
      JSON.parse(JSON.parse(await board.evaluate(`JSON.stringify(${SETTINGS_EXPRESSION})`)) as string) as unknown;
    expect(await names()).toEqual({ id: "truck-17" });
    for (const id of ["truck-18", "truck-19"]) {
      await writeSettings(board, { id, broker: "mqtt.example", password: "hush" });
      expect(await names()).toEqual({ id, broker: "mqtt.example", password: "hush" });
    }
  });

  test("takes every byte, also those that a console acts on", async () => {
    server = undefined;
    const board = await reach();
    const bytes: StorageFile = { name: "bytes", data: Uint8Array.from({ length: 2000 }, (_, i) => i) };
    const lengths = [1, 2, 3, 4, 5, 1027, 1028].map((length) => ({
      name: `l${length}`,
      data: Buffer.alloc(length, 65),
    }));
    await uploadFiles(board, [bytes, ...lengths], options);
    expect(readStorageImage(server!.storage()).map(({ name, data }) => [name, data.length])).toEqual([
      ["bytes", 2000],
      ...lengths.map(({ name, data }) => [name, data.length]),
    ]);
  });

  test("is asked before a write that would make it compact its Storage", async () => {
    server = undefined;
    const board = await reach();
    await board.evaluate('require("Storage").write("big","x",0,880000)', 60_000);
    await uploadFiles(board, [firmware("one")], options);
    await expect(uploadFiles(board, [firmware("another one")], options)).rejects.toThrow(
      /would rewrite its whole Storage/,
    );
    expect(readStorageImage(server!.storage()).map(({ name }) => name)).toEqual(["big", ".bootcde"]);
  });

  test("says what is wrong with an expression", async () => {
    server = undefined;
    const board = await reach();
    expect(await board.evaluate("1+1")).toBe("2");
    await expect(board.evaluate("nothing.at.all")).rejects.toThrow(/refused.*nothing/);
    expect(await board.evaluate("2+2")).toBe("4");
  });
});
