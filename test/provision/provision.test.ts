import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openState } from "../../lib/journal/state.ts";
import { SETTINGS_BYTES } from "../../lib/memory.ts";
import { UserError } from "../../tools/errors.ts";
import { buildStorageImage, readStorageImage } from "../../tools/flash/storage-image.ts";
import { doneBefore, readBatch, RECORD_HEADER, recordLine } from "../../tools/provision/batch.ts";
import { labelSvg } from "../../tools/provision/label.ts";
import { provisionBoard } from "../../tools/provision/provision.ts";
import { gitWouldTake } from "../../tools/provision/repository.ts";
import { readSettingsImage, settingsImage, SETTINGS_ADDRESS } from "../../tools/provision/settings-pages.ts";
import { checkSettings, readSettings, withoutSecrets } from "../../tools/provision/settings.ts";
import { SimulatedBoard } from "../../tools/simulator/loader/board.ts";
import { classicTable, partitionTable } from "../flash/samples.ts";
import { NorFlash } from "../twins/flash.ts";
import { useVirtualTime } from "../flash/virtual-time.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "provision-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const good = { id: "truck-17", broker: "mqtt.example" };
const failure = (run: () => unknown): UserError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).fix).toBeTruthy();
    return error as UserError;
  }
  throw new Error("nothing was refused");
};

describe("settings", () => {
  test.each<[string, unknown, RegExp]>([
    ["no object", [], /are an object/],
    ["without an id", { broker: "x" }, /id is missing/],
    ["without a broker", { id: "x" }, /broker is missing/],
    ["with a misspelled name", { ...good, brocker: "x" }, /unknown setting "brocker"/],
    ["with a URL for a broker", { ...good, broker: "mqtt://x" }, /without mqtt:\/\/ and port/],
    ["with an id that no topic can hold", { ...good, id: "a/b" }, /no \/ \+ #/],
    ["with a blank in the id", { ...good, id: "a b" }, /printable ASCII/],
    ["with a port out of range", { ...good, port: 70000 }, /1 to 65535/],
    ["with a port as text", { ...good, port: "1883" }, /must be a number/],
    ["with a list", { ...good, user: ["x"] }, /must be text or a number/],
    ["with a long APN", { ...good, apn: "x".repeat(64) }, /more than 63/],
  ])("%s are refused", (_, given, message) => {
    expect(failure(() => checkSettings(given, "file")).message).toMatch(message);
  });

  test("errors never show a value: it may be a secret", () => {
    const error = failure(() => checkSettings({ ...good, password: "hush hush", key: "hush" }, "file"));
    expect(`${error.message}${error.fix}`).not.toContain("hush");
    expect(JSON.stringify(withoutSecrets({ ...good, password: "hush", key: "hush" }))).not.toContain("hush");
  });

  test("in a repository that would take them are noticed", () => {
    const repository = path.join(folder, "repository");
    fs.mkdirSync(repository);
    execFileSync("git", ["init", "-q"], { cwd: repository });
    fs.writeFileSync(path.join(repository, ".gitignore"), "secret.json\n");
    expect(gitWouldTake(path.join(repository, "settings.json"))).toBe(true);
    expect(gitWouldTake(path.join(repository, "secret.json"))).toBe(false);
    expect(gitWouldTake(path.join(folder, "settings.json"))).toBe(false);
  });
});

describe("a tray of boards", () => {
  test("is a CSV with a line each, over what all share", () => {
    const file = write("tray.csv", "id,password,port,mac\ntruck-1,one,,AA:BB:CC:DD:EE:01\ntruck-2,two,8883,\n");
    expect(readBatch(file, { broker: "mqtt.example", apn: "iot" })).toEqual([
      { settings: { id: "truck-1", broker: "mqtt.example", apn: "iot", password: "one" }, mac: "AA:BB:CC:DD:EE:01" },
      { settings: { id: "truck-2", broker: "mqtt.example", apn: "iot", password: "two", port: 8883 } },
    ]);
  });

  test.each<[string, string, RegExp, number]>([
    ["an id twice", "id,broker\na,x\na,x\n", /same id a as in .*:2/, 3],
    ["a MAC address twice", "id,broker,mac\na,x,aa:bb:cc:dd:ee:01\nb,x,AA:BB:CC:DD:EE:01\n", /same mac/, 3],
    ["a wrong MAC address", "id,broker,mac\na,x,aa-bb\n", /no MAC address/, 2],
    ["a wrong setting", "id,broker\na,x\nb,mqtt://x\n", /without mqtt/, 3],
    ["a column too many", "id,broker\na,x,y\n", /broken/, 2],
  ])("with %s is refused, with its line", (_, text, message, line) => {
    const error = failure(() => readBatch(write("bad.csv", text), {}));
    expect(error.message).toMatch(message);
    expect(error.where).toMatch(new RegExp(`bad\\.csv:${line}$`));
  });

  test("without a device is refused", () => {
    expect(failure(() => readBatch(write("none.csv", "id,broker\n"), {})).message).toMatch(/no device/);
  });

  test("goes on where it stopped", () => {
    const record = write("tray.done.csv", RECORD_HEADER + recordLine("truck-1", "aa:bb:cc:dd:ee:01", "esp32"));
    expect([...doneBefore(record)]).toEqual(["truck-1"]);
    expect(doneBefore(path.join(folder, "nothing")).size).toBe(0);
  });
});

describe("settings for a cloud", () => {
  const tencent = { productId: "PRODUCTID0", deviceName: "dev1", psk: "MDEyMzQ1Njc4OWFiY2RlZg==" };

  test("are worked out; what is not of the cloud stays, and what ends is said", () => {
    const notes: string[] = [];
    const file = write(
      "tencent.json",
      JSON.stringify({ id: "truck-17", apn: "iot", cloud: { ...tencent, expires: "2030-01-01" } }),
    );
    const settings = readSettings(file, "tencent", (note) => void notes.push(note));
    expect(settings).toMatchObject({
      id: "truck-17",
      apn: "iot",
      broker: "PRODUCTID0.iotcloud.tencentdevices.com",
      port: 1883,
      client: "PRODUCTID0dev1",
      password: expect.stringMatching(/^[0-9a-f]{64};hmacsha256$/) as unknown,
      topic: "PRODUCTID0/dev1/telemetry",
      commands: "PRODUCTID0/dev1/command",
    });
    expect(JSON.stringify(settings)).not.toContain(tencent.psk);
    expect(notes.join()).toMatch(/password ends on 2030-01-01.*description/);
    expect(readSettingsImage(settingsImage(settings))).toEqual(settings);
  });

  test("come for a tray from columns of their own", () => {
    const notes: string[] = [];
    const file = write("cloud.csv", "id,cloud.deviceName,cloud.deviceSecret\ntruck-1,d1,one\ntruck-2,d2,two\n");
    const common = { apn: "iot", cloud: { productKey: "pk", region: "cn-shanghai" } };
    const devices = readBatch(file, common, "alibaba", (note) => void notes.push(note));
    expect(devices.map(({ settings }) => settings["client"])).toEqual([
      "pk.d1|securemode=3,signmethod=hmacsha256|",
      "pk.d2|securemode=3,signmethod=hmacsha256|",
    ]);
    expect(notes).toEqual([]);
  });

  test.each<[string, object, string | undefined, RegExp]>([
    ["of an unknown cloud", { cloud: {} }, "nimbus", /unknown cloud "nimbus"/],
    ["without its parameters", {}, "azure", /parameters of the cloud are missing/],
    ["without one of them", { cloud: { hub: "h", deviceId: "d", expires: "2030-01-01" } }, "azure", /key is missing/],
    ["with one too many", { cloud: { ...tencent, name: "tencent", hub: "x" } }, undefined, /unknown parameter hub/],
  ])("%s are refused", (_, cloud, name, words) => {
    const error = failure(() => readSettings(write("cloud.json", JSON.stringify({ ...good, ...cloud })), name));
    expect(error.message).toMatch(words);
    expect(error.message + (error.fix ?? "")).not.toContain(tencent.psk);
  });
});

test("a label shows id and board, and nothing that is not XML", () => {
  const svg = labelSvg('a<b>&"c', "aa:bb:cc:dd:ee:ff");
  expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 [\d.]+ [\d.]+">/);
  expect(svg).toContain("aa:bb:cc:dd:ee:ff");
  expect(svg).toContain("a&#60;b&#62;&#38;&#34;c");
  expect(svg.match(/M\d+ \d+h1v1h-1z/g)!.length).toBeGreaterThan(100);
});

describe("the pages of the settings", () => {
  test("are what the device itself writes, and what it writes later wins", () => {
    const image = settingsImage(good);
    expect(readSettingsImage(image)).toEqual(good);
    const flash = new NorFlash(SETTINGS_ADDRESS, 2);
    const device = openState<object>(flash, SETTINGS_ADDRESS, SETTINGS_BYTES, false);
    device.save(good);
    expect(Buffer.from(flash.bytes).equals(image)).toBe(true);
    device.save({ ...good, sample: 600 });
    expect(readSettingsImage(flash.bytes)).toEqual({ ...good, sample: 600 });
    expect(readSettingsImage(new Uint8Array(8192).fill(255))).toBeUndefined();
  });

  test("do not take more than a slot holds", () => {
    expect(() => settingsImage({ id: "x".repeat(1100) })).toThrow(/more than 1012 bytes/);
  });
});

describe("a board with Espruino", () => {
  useVirtualTime();
  const options = { bauds: [921600], reset: "auto", onStep: () => undefined, onProgress: () => undefined } as const;
  const files = [
    { name: "settings", data: Buffer.from('{"id":"old"}') },
    { name: ".bootcde", data: Buffer.from("print(1)") },
  ];
  const board = (): SimulatedBoard => {
    const flash = new Uint8Array(0x400000).fill(0xff);
    flash.set(partitionTable(classicTable), 0x8000);
    flash.set(buildStorageImage(files), 0x320000);
    return new SimulatedBoard({ flash });
  };

  test("gets its settings, keeps everything else, and starts", async () => {
    const one = board();
    const written = await provisionBoard(one, good, options);
    expect(readSettingsImage(one.flash.subarray(0x312000, 0x314000))).toEqual(good);
    expect(readStorageImage(one.flash.subarray(0x320000)).map(({ name }) => name)).toEqual(["settings", ".bootcde"]);
    expect(written).toMatchObject({ chip: "esp32", mac: "aa:bb:cc:dd:ee:ff", writtenBytes: 8192 });
    expect(one.starts).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(one.starts).toBe(1);
  });

  test("that is another one than the settings are for is left alone", async () => {
    const one = board();
    const before = Buffer.from(one.flash);
    await expect(provisionBoard(one, good, { ...options, mac: "aa:bb:cc:dd:ee:01" })).rejects.toThrow(
      /this is the board aa:bb:cc:dd:ee:ff, the settings of truck-17 are for aa:bb:cc:dd:ee:01/,
    );
    expect(Buffer.from(one.flash).equals(before)).toBe(true);
  });

  test("and without one is refused", async () => {
    await expect(provisionBoard(new SimulatedBoard(), good, options)).rejects.toThrow(/no Espruino/);
  });
});
