import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Chip } from "../../boards/types.ts";
import { UserError } from "../../tools/errors.ts";
import { checkAppImage, espruinoVersion } from "../../tools/flash/app-image.ts";
import { readEspruinoRelease } from "../../tools/flash/espruino-release.ts";
import { radiosAreOff, radiosOffImage } from "../../tools/flash/nvs-image.ts";
import { readPartitionTable } from "../../tools/flash/partition-table.ts";
import {
  appImage,
  archive,
  classicTable,
  newerTable,
  partitionTable,
  releaseFiles,
  type ReleaseFiles,
} from "./samples.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "images-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const sha = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
const chips: readonly Chip[] = ["esp32", "esp32c3", "esp32s3"];

describe("NVS with the radios off", () => {
  test("is what nvs_partition_gen.py makes of the two flags", () => {
    // computed with ESP-IDF's generator
    expect(sha(radiosOffImage("esp32c3"))).toBe("ca9ce62389f1de5085492b36611e91cf29fed3b2f80f89994a3344a12abb6f03");
  });

  test("has the older page header on the classic chip, whose ESP-IDF knows no other", () => {
    const header = Buffer.from(radiosOffImage("esp32").subarray(0, 32)).toString("hex");
    expect(header).toBe(`feffffff00000000${"ff".repeat(20)}c216dddc`);
  });

  test.each(chips)("is recognised on an %s, also when Espruino has turned them on since", (chip) => {
    const image = radiosOffImage(chip);
    expect(radiosAreOff(image)).toBe(true);
    expect(radiosAreOff(new Uint8Array(0x3000).fill(0xff))).toBe(false);
    // a later entry for the same key, in place of the erased one
    image[32]! &= 0b11_00_11_11;
    image.set(image.subarray(64 + 64, 64 + 96), 64 + 96);
    image[64 + 96 + 24] = 1;
    image[32]! &= 0b10_11_11_11;
    expect(radiosAreOff(image)).toBe(false);
  });
  test("with Wi-Fi left on, for a node that reports by it", () => {
    const image = radiosOffImage("esp32", "wifi");
    expect(radiosAreOff(image, "wifi")).toBe(true);
    expect(radiosAreOff(image)).toBe(false);
    expect(radiosAreOff(radiosOffImage("esp32"), "wifi")).toBe(false);
  });
});

describe("the partition table", () => {
  test.each([
    ["of ESP-IDF 4", newerTable, "f42c1223f77ab8ba3fc0c93a0a0b0995101f3ecc0f2b3663618192783d319bfe"],
    ["of the classic ESP32", classicTable, "262482a5f6d74f4261f6d52cea326110b4acda552a69347a10cafc1d746ad045"],
  ])("%s is read", (_, rows, hash) => {
    const table = partitionTable(rows);
    // of gen_esp32part.py for Espruino's CSV: the sample in the tests is the real thing
    expect(sha(table)).toBe(hash);
    expect(readPartitionTable(table, "x")).toEqual(
      rows.map(([label, , , address, bytes]) => ({ label, address, bytes })),
    );
  });

  test("without a sum, as older ESP-IDF wrote it, is accepted; with a wrong one, or none at all, refused", () => {
    const table = partitionTable(classicTable);
    const old = Uint8Array.from(table).fill(0xff, classicTable.length * 32);
    expect(readPartitionTable(old, "x")).toHaveLength(classicTable.length);
    table[5]! ^= 1;
    expect(() => readPartitionTable(table, "x")).toThrow(/no intact partition table/);
    expect(() => readPartitionTable(new Uint8Array(0xc00).fill(0xff), "x")).toThrow(/no intact/);
    expect(() => readPartitionTable(new Uint8Array(0xc00), "x")).toThrow(/no intact/);
  });
});

describe("an application image", () => {
  test.each(chips)("tells its chip (%s) and its Espruino", (chip) => {
    expect(checkAppImage(appImage(chip), "x")).toBe(chip);
    expect(espruinoVersion(appImage(chip, { version: "2v29" }))).toBe("2v29");
  });

  // a worked example that esptool-js parses: dio, 80 MHz, 4 MB, 256 bytes of DROM
  test("of another maker is accepted", () => {
    const head = "e901022f00003840ee000000050000000000c70000000001" + "2000003c00010000";
    const body = Buffer.alloc(256);
    Buffer.from("3254cdab" + "00".repeat(12), "hex").copy(body);
    body.write("v2.29-test", 16);
    const image = Buffer.concat([Buffer.from(head, "hex"), body, Buffer.alloc(16)]);
    image[image.length - 1] = body.reduce((sum, byte) => sum ^ byte, 0xef);
    expect(checkAppImage(Buffer.concat([image, createHash("sha256").update(image).digest()]), "x")).toBe("esp32c3");
  });

  test.each<[string, (image: Uint8Array) => Uint8Array, RegExp]>([
    ["cut off", (image) => image.subarray(0, 2000), /cut off: segment 1 of 1/],
    ["with a flipped bit", (image) => (image[500]!++, image), /checksum is wrong/],
    ["with a wrong hash", (image) => (image[image.length - 1]!++, image), /SHA-256 is wrong/],
    ["of other bytes", () => new Uint8Array(5000), /does not start with 0xE9/],
    ["for another chip", () => appImage("esp32", { id: 2 }), /a chip with the number 2/],
  ])("%s is refused", (_, change, message) => {
    expect(() => checkAppImage(change(appImage("esp32")), "x")).toThrow(message);
  });
});

describe("an Espruino release", () => {
  const write = async (name: string, files: ReleaseFiles): Promise<string> => {
    const file = path.join(folder, `${name}.tgz`);
    fs.writeFileSync(file, await archive(name, files));
    return file;
  };

  test.each([
    ["esp32", 0x1000],
    ["esp32c3", 0],
    ["esp32s3", 0],
  ] as const)("for the %s: what goes where", async (chip, bootloader) => {
    const release = await readEspruinoRelease(await write(chip, releaseFiles(chip)));
    expect(release).toMatchObject({ chip, version: "2v29.277" });
    expect(release.regions.map(({ name, address }) => [name, address])).toEqual([
      ["Espruino", 0x10000],
      ["partition table", 0x8000],
      ["bootloader", bootloader],
    ]);
  });

  test("unpacked is the same", async () => {
    const unpacked = path.join(folder, "unpacked");
    fs.mkdirSync(unpacked);
    for (const [name, data] of Object.entries(releaseFiles("esp32c3")))
      fs.writeFileSync(path.join(unpacked, name), data);
    expect(await readEspruinoRelease(unpacked)).toEqual(
      await readEspruinoRelease(await write("c3", releaseFiles("esp32c3"))),
    );
  });

  const moved = classicTable.map((row) =>
    row[0] === "storage" ? ([...row.slice(0, 3), 0x330000, 0xd0000] as never) : row,
  );
  test.each<[string, (files: ReleaseFiles) => void, RegExp]>([
    ["without a bootloader", (files) => delete files["bootloader.bin"], /holds no bootloader/],
    [
      "with two applications",
      (files) => (files["espruino-esp32.bin"] = appImage("esp32")),
      /more than one application/,
    ],
    [
      "of two chips",
      (files) => (files["bootloader.bin"] = appImage("esp32c3")),
      /application is for the ESP32, the bootloader for the ESP32-C3/,
    ],
    [
      "with Storage elsewhere",
      (files) => (files["partitions_espruino.bin"] = partitionTable(moved)),
      /no Storage of 896 KB at 0x320000/,
    ],
    ["without NVS", (files) => (files["partitions_espruino.bin"] = partitionTable(classicTable.slice(1))), /no NVS/],
    [
      "with too large an application",
      (files) => (files["espruino_esp32.bin"] = appImage("esp32", { bytes: 0x180000 })),
      /does not fit its partition/,
    ],
    [
      "of something else",
      (files) => (files["espruino_esp32.bin"] = appImage("esp32", { version: "" })),
      /not Espruino/,
    ],
  ])("%s is refused", async (name, change, message) => {
    const files = releaseFiles("esp32");
    change(files);
    const error = await readEspruinoRelease(await write(name, files)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(message);
    expect((error as UserError).fix).toBeTruthy();
  });

  test("that is none is refused", async () => {
    const file = path.join(folder, "text.tgz");
    fs.writeFileSync(file, "hello");
    await expect(readEspruinoRelease(file)).rejects.toThrow(/no .tgz archive/);
    await expect(readEspruinoRelease(path.join(folder, "nothing"))).rejects.toThrow(/no such file/);
  });
});
