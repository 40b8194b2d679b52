import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  buildStorageImage,
  readStorageImage,
  STORAGE_ADDRESS,
  type StorageFile,
} from "../../tools/flash/storage-image.ts";
import { rawFlash } from "../../tools/simulator/espruino/flash-driver.ts";
import { Flash } from "../../tools/simulator/espruino/flash.ts";
import { Storage } from "../../tools/simulator/espruino/storage.ts";
import { espruino, interpreter } from "../interpreter/bench.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "storage-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const file = (name: string, data: string | Uint8Array): StorageFile => ({ name, data: Buffer.from(data as string) });
const samples: readonly (readonly [string, readonly StorageFile[]])[] = [
  ["no files", []],
  ["one file of one byte", [file("a", "1")]],
  [
    "names of 28 characters, sizes around a multiple of four",
    [3, 4, 5].map((n) => file(`${n}`.padEnd(28, "x"), "y".repeat(n))),
  ],
  [
    "every byte value",
    [
      file(
        "bytes",
        Uint8Array.from({ length: 512 }, (_, i) => i),
      ),
    ],
  ],
  ["files over page boundaries", [4000, 64, 4064, 1, 9000].map((n, i) => file(`f${i}`, Buffer.alloc(n, 65 + i)))],
  [
    "a firmware and its settings",
    [file("settings", '{"id":"x"}'), file(".bootcde", `print("up",${"1+".repeat(10_000)}1);`)],
  ],
];

describe("a Storage image", () => {
  test("is what Storage.write leaves behind, for any files", () => {
    const name = fc.string({ unit: fc.constantFrom(..."abcdefgh.-_ 0123"), minLength: 1, maxLength: 28 });
    const data = fc.uint8Array({ minLength: 1, maxLength: 9000 });
    const files = fc.uniqueArray(fc.record({ name, data }), { maxLength: 12, selector: (f) => f.name });
    fc.assert(
      fc.property(files, (list) => {
        const flash = new Flash();
        const storage = new Storage(flash, rawFlash(flash), () => undefined);
        for (const f of list) storage.write(f.name, f.data);
        const image = buildStorageImage(list);
        expect(Buffer.from(flash.storageImage).equals(image)).toBe(true);
        expect(readStorageImage(image).map((f) => [f.name, [...f.data]])).toEqual(
          list.map((f) => [f.name, [...f.data]]),
        );
      }),
      { numRuns: process.env["SOAK"] ? 500 : 30 },
    );
  });

  test.each([
    ["a name that Espruino would cut", [file("x".repeat(29), "1")], /29 characters, Espruino keeps 28/],
    ["a name with a drive", [file("C:x", "1")], /drive/],
    ["an empty name", [file("", "1")], /empty/],
    ["an empty file", [file("x", "")], /no empty files/],
    ["a name twice", [file("x", "1"), file("x", "2")], /two files/],
    ["more than fits", [file("x", Buffer.alloc(0xe0000 - 31))], /more than the 917504 bytes/],
  ])("refuses %s", (_, files, message) => {
    expect(() => buildStorageImage(files)).toThrow(message);
  });

  test("reads on at the next page, and skips what is deleted or no plain file", () => {
    const image = buildStorageImage([file("gone", "12345"), file("kept", "abc")]);
    image.fill(0, 4, 8);
    image.set(buildStorageImage([file("next page", "xyz")]).subarray(0, 40), 4096);
    expect(readStorageImage(image).map(({ name }) => name)).toEqual(["kept", "next page"]);
  });
});

/** Runs the interpreter over a flash file, with an input that never ends. */
function run(code: string, image?: Uint8Array): Promise<{ flash: Buffer; printed: string }> {
  const at = fs.mkdtempSync(path.join(folder, "run-"));
  const start = interpreter().storageAt;
  const flashFile = path.join(at, "espruino.flash");
  if (image) fs.writeFileSync(flashFile, Buffer.concat([Buffer.alloc(start, 0xff), image]));
  const child = spawn(interpreter().program, ["-e", `${code};quit()`], { cwd: at, stdio: "pipe" });
  let printed = "";
  child.stdout.on("data", (bytes: Buffer) => (printed += bytes.toString("latin1")));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => {
      const bytes = fs.readFileSync(flashFile).subarray(start);
      const flash = Buffer.alloc(0xe0000, 0xff);
      bytes.copy(flash);
      resolve({ flash, printed });
    });
  });
}

describe.skipIf(!espruino)("beside the real interpreter", () => {
  test.each(samples.filter(([, files]) => files.length))("%s: the same bytes as its own writes", async (_, files) => {
    const writes = files.map(
      ({ name, data }) => `s.write(${JSON.stringify(name)},atob("${Buffer.from(data).toString("base64")}"))`,
    );
    const { flash } = await run(`var s=require("Storage");s.eraseAll();${writes.join(";")}`);
    expect(flash.equals(buildStorageImage(files))).toBe(true);
  });

  test("it boots from the image, and finds every file", async () => {
    const files = [
      file(".boot0", 'print("boot0")'),
      file(".bootcde", 'print("main")'),
      file("a", "hello"),
      file("settings", '{"n":7}'),
    ];
    const { printed, flash } = await run(
      'var s=require("Storage");print(s.list().join(),s.read("a"),s.readJSON("settings").n,s.getStats().trashBytes)',
      buildStorageImage(files),
    );
    expect(printed).toMatch(/boot0\s+main\s+\.boot0,\.bootcde,a,settings hello 7 0/);
    expect(flash.equals(buildStorageImage(files))).toBe(true);
  });
});

test("the image lies where Espruino's Storage lies", () => {
  expect(STORAGE_ADDRESS + buildStorageImage([]).length).toBe(0x400000);
});
