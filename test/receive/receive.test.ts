/** `hibernode receive` at a real broker (aedes, in this process), as its user runs it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aedes } from "aedes";
import mqtt, { type MqttClient } from "mqtt";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { READINGS, receiveUnderLoad } from "../../tools/bench/receive-load.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";
import { hibernode, plainEnvironment, repository } from "../cli/command.ts";
import { message } from "./messages.ts";

let folder = "";
let broker: Aedes;
let server: Server;
let url = "";
let publisher: MqttClient;

const listening = async (listener: Server): Promise<number> => {
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return (listener.address() as AddressInfo).port;
};

beforeAll(async () => {
  broker = new Aedes();
  await broker.listen();
  broker.authenticate = (_client, user, password, done) => {
    const good = user === undefined || (user === "node" && String(password) === "s3cret");
    if (good) return done(null, true);
    done(Object.assign(new Error("refused"), { returnCode: 4 }), null);
  };
  server = createServer(broker.handle);
  url = `mqtt://127.0.0.1:${await listening(server)}`;
  publisher = await mqtt.connectAsync(url);
});
afterAll(async () => {
  await publisher.endAsync(true);
  await new Promise<void>((resolve) => broker.close(resolve));
  server.close();
});
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "hibernode-receive-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TOPIC = "farm/{id}/telemetry";
const publish = (device: string, payload: Uint8Array, topic = `farm/${device}/telemetry`) =>
  publisher.publishAsync(topic, Buffer.from(payload), { qos: 1 });
const rowsOf = (file: string) =>
  readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

interface Running {
  readonly child: ChildProcess;
  output(): string;
  /** Waits until the output contains the text `times` times. */
  said(text: string, times?: number): Promise<void>;
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [join(repository, "dist/tools/cli.js"), "receive", ...args], {
    env: plainEnvironment(),
  });
  let output = "";
  const waits = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      waits.forEach((wait) => wait());
    });
  return {
    child,
    output: () => output,
    said: (text, times = 1) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.split(text).length <= times) return;
          waits.delete(look);
          resolve();
        };
        waits.add(look);
        child.once("close", () => reject(new Error(`ended before it said ${text}:\n${output}`)));
        look();
      }),
  };
}

test("names sensors, announces and republishes the newest values, serves counters", async () => {
  const file = join(folder, "rows.ndjson");
  const heard: Record<string, unknown> = {};
  const listener = await mqtt.connectAsync(url);
  await listener.subscribeAsync(["home/#", "homeassistant/#"]);
  const announced = new Promise<void>((resolve) =>
    listener.on("message", (topic, payload) => {
      heard[topic] = JSON.parse(String(payload));
      if (Object.keys(heard).length === 3) resolve();
    }),
  );
  const probe = createServer();
  const port = await listening(probe);
  probe.close();
  const options = ["--republish", "home/{id}/state", "--discovery", "homeassistant", "--metrics", String(port)];
  const running = start(url, "--topic", TOPIC, "--out", file, "--firmware", "firmware/cold-chain", ...options);
  await running.said("receive  ");
  await publish("truck-1", message(0, 2, { codes: [1, 2], values: [400, 6000, 410, 6100] }));
  await announced;
  expect(heard["home/truck-1/state"]).toEqual({
    time: "2023-11-14T22:14:20Z", seq: 1, "cargo.temperature": 4.1, "cargo.humidity": 61,
  }); // prettier-ignore
  expect(heard["homeassistant/sensor/truck-1/cargo_temperature/config"]).toMatchObject({
    stat_t: "home/truck-1/state", unit_of_meas: "°C", dev_cla: "temperature", val_tpl: "{{ value_json['cargo.temperature'] }}",
  }); // prettier-ignore
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toMatch(/^hibernode_readings_total 2$/m);
  expect(metrics).toMatch(/^hibernode_newest_seconds\{device="truck-1"\} \d+/m);
  running.child.kill("SIGTERM");
  expect((await once(running.child, "close"))[0]).toBe(0);
  expect(running.output()).toMatch(/^1 messages, 2 new readings, 1 notices$/m);
  expect(rowsOf(file)).toHaveLength(4);
  await listener.endAsync(true);
});

const SOAK = process.env["SOAK"];
const LOAD = SOAK ? { devices: 10_000, messagesEach: 2, kills: 12 } : { devices: 40, messagesEach: 5, kills: 2 };
describe.each(["ndjson", "sqlite"])("killed again and again while many devices send, into %s", (kind) => {
  test("every row is there once", { timeout: SOAK ? 1_800_000 : 60_000 }, async () => {
    const out = join(folder, `rows.${kind}`);
    const { messages, messagesPerSecond } = await receiveUnderLoad({ ...LOAD, out, random: randomFor(1, "load") });
    if (SOAK) console.log(`${kind}: ${messages} messages, ${Math.round(messagesPerSecond)} a second`);
    const rows = (await allRows(out)).map(({ device, seq }) => `${device} ${seq}`);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.length).toBe(LOAD.devices * LOAD.messagesEach * READINGS);
  });
});

async function allRows(file: string): Promise<readonly Record<string, unknown>[]> {
  if (file.endsWith("ndjson")) return rowsOf(file);
  const { default: sqlite } = await import("node-sqlite3-wasm");
  const database = new sqlite.Database(file, { readOnly: true });
  const rows = database.all("select device, seq from readings order by rowid") as Record<string, unknown>[];
  database.close();
  return rows;
}

test("what a stranger sends to the topic becomes a notice, not a row", async () => {
  const file = join(folder, "rows.csv");
  const running = start(url, "--topic", TOPIC, "--out", file);
  await running.said("receive  ");
  await publish("prankster", Buffer.from('{"temperature":4}'));
  await running.said("rejected");
  running.child.kill("SIGINT");
  await once(running.child, "close");
  expect(readFileSync(file, "utf8")).toBe("time,device,name,value,unit,fault,journal,seq,rawSeconds,received\r\n");
  expect(readFileSync(`${file}.notices`, "utf8")).toContain('"kind":"rejected"');
});

describe("what cannot work is said", () => {
  const out = () => ["--topic", TOPIC, "--out", join(folder, "rows.csv"), "--idle", "1s"];

  test.each([
    ["no broker there", () => ["mqtt://127.0.0.1:1", ...out()], /ECONNREFUSED/],
    ["a wrong password", () => [url.replace("//", "//node:guess@"), ...out()], /[Nn]ot authorized|Bad username/],
    ["a topic without {id}", () => [url, "--topic", "farm/+/telemetry", "--out", "x.csv"], /needs \{id\}/],
    ["no broker's URL", () => ["broker.example", ...out()], /not the URL of an MQTT broker/],
    ["discovery of nothing", () => [url, ...out(), "--discovery", "homeassistant"], /add --republish/],
    ["an unknown store", () => [url, "--topic", TOPIC, "--out", "rows.xls"], /unknown kind of store/],
  ])("%s", async (_, args, words) => {
    const { status, stderr } = await hibernode(["receive", ...args()]);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain("guess");
    expect(status).toBe(1);
  });

  test("a broker whose certificate nobody vouches for, unless its authority is named", async () => {
    const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
      extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
    });
    const secure = createTlsServer({ key, cert }, broker.handle);
    const port = await listening(secure);
    const refused = await hibernode(["receive", `mqtts://localhost:${port}`, ...out()]);
    expect(refused.stderr).toMatch(/self-signed certificate/);
    expect(refused.status).toBe(1);
    writeFileSync(join(folder, "ca.pem"), cert);
    const trusted = await hibernode(["receive", `mqtts://localhost:${port}`, ...out(), "--ca", join(folder, "ca.pem")]);
    expect(trusted).toMatchObject({ status: 0, stderr: "" });
    secure.close();
  });
});
