/** A program for Node and for the interpreter alike: every driver against a small fake of its bus. Prints what each gives. */
import { adxl345Motion } from "../../lib/sensors/adxl345-motion.ts";
import { adxl345Window } from "../../lib/sensors/adxl345-window.ts";
import { contactInput } from "../../lib/sensors/contact-input.ts";
import { ds18b20 } from "../../lib/sensors/ds18b20.ts";
import { ds3231 } from "../../lib/sensors/ds3231.ts";
import { gnss } from "../../lib/sensors/gnss.ts";
import { hx711 } from "../../lib/sensors/hx711.ts";
import { lis3dhMotion } from "../../lib/sensors/lis3dh-motion.ts";
import { lis3dhWindow } from "../../lib/sensors/lis3dh-window.ts";
import { measureAll } from "../../lib/sensors/measure.ts";
import { mfrc522 } from "../../lib/sensors/mfrc522.ts";
import { crc16 } from "../../lib/sensors/modbus.ts";
import type { Window } from "../../lib/sensors/motion.ts";
import { pcf8563 } from "../../lib/sensors/pcf8563.ts";
import { pms7003 } from "../../lib/sensors/pms7003.ts";
import { pn532 } from "../../lib/sensors/pn532.ts";
import { powerGate } from "../../lib/sensors/power-gate.ts";
import { pulseCounter } from "../../lib/sensors/pulse-counter.ts";
import { sdm120 } from "../../lib/sensors/sdm120.ts";
import type { Sensor } from "../../lib/sensors/sensor.ts";
import { sht4x } from "../../lib/sensors/sht4x.ts";
import { sim7080Gnss } from "../../lib/sensors/sim7080-gnss.ts";
import { soilMoisture } from "../../lib/sensors/soil-moisture.ts";
import { thermistor } from "../../lib/sensors/thermistor.ts";
import { cases, littleEndian } from "./i2c-cases.ts";
import { BUS, SPI_BUS, UART, type Answers } from "./wiring.ts";

interface Fakes {
  readonly prototype: Record<string, unknown>;
}
declare const I2C: Fakes, SPI: Fakes, Serial: Fakes, OneWire: Fakes;
declare const global: Record<string, unknown>;
declare function print(text: string): void;

const nothing = (): void => {};
const missing = (): never => {
  throw new Error("jshI2CWrite: slave doesn't ACK the transfer");
};

let answers: Answers = {};
let last = "";
let at = 0;
/** Answers of any kind of part, first to last; when there are none, `answers` counts. */
let queue: (readonly number[])[] = [];
const hex = (bytes: readonly number[]) => bytes.map((byte) => ("0" + byte.toString(16)).slice(-2)).join("");
const answer = (count: number) => {
  const bytes = queue.length ? (count === 1 ? [1] : queue.shift()!) : answers[last] || answers[""] || [];
  return new Uint8Array(bytes.slice(0, count).concat(new Array<number>(Math.max(count - bytes.length, 0)).fill(0)));
};
I2C.prototype["setup"] = nothing;
I2C.prototype["writeTo"] = (address: number, data: readonly number[] | string) => {
  if (address !== at) missing();
  last = hex(typeof data === "string" ? data.split("").map((char) => char.charCodeAt(0)) : data);
};
I2C.prototype["readFrom"] = (address: number, count: number) => (address === at ? answer(count) : missing());
I2C.prototype["readReg"] = (_address: number, register: number, count: number) => {
  last = hex([register]);
  return answer(count);
};

let listener: (data: string) => void = nothing;
let sent: (data: string) => void = nothing;
Serial.prototype["setup"] = nothing;
Serial.prototype["read"] = nothing;
Serial.prototype["removeAllListeners"] = nothing;
Serial.prototype["on"] = (_event: string, heard: (data: string) => void) => (listener = heard);
Serial.prototype["write"] = (data: string) => sent(data);

let pad: readonly number[] = [];
OneWire.prototype["reset"] = () => true;
OneWire.prototype["skip"] = nothing;
OneWire.prototype["write"] = nothing;
OneWire.prototype["read"] = () => new Uint8Array(pad);

const chip: number[] = new Array<number>(64).fill(0);
SPI.prototype["setup"] = nothing;
SPI.prototype["send"] = (data: readonly number[]) => {
  const register = (data[0]! >> 1) & 63;
  if (!(data[0]! & 0x80)) chip[register] = data[1]!;
  // the timer has run out: no card
  return new Uint8Array([0, register === 0x37 ? 0x92 : register === 4 ? 1 : chip[register]!]);
};

let levels: number[] = [];
let watched: () => void = nothing;
global["digitalRead"] = () => (levels.length > 1 ? levels.shift() : levels[0]);
global["digitalWrite"] = nothing;
global["pinMode"] = nothing;
global["analogRead"] = () => 0.5;
global["setWatch"] = (run: () => void) => ((watched = run), 1);
global["clearWatch"] = nothing;

/** In units of 1/10000, cut away from halves and whole numbers: the interpreter prints and rounds fractions otherwise than Node. */
const rounded = (values: readonly number[]) => values.map((value) => Math.floor(value * 1e4 + 0.3)).join(" ");

function show(name: string, sensor: Pick<Sensor, "start" | "read">, waiting: (nth: number) => unknown = nothing): void {
  const wait = sensor.start();
  let result: readonly number[] | number = -wait;
  let nth = 0;
  while (typeof result === "number" && result <= 0 && nth < 200) {
    waiting(++nth);
    result = sensor.read();
  }
  print(`${name} ${Math.ceil(wait)} ${typeof result === "number" ? `fault ${result}` : rounded(result)}`);
}

for (const one of cases) {
  at = one.address;
  answers = one.answers;
  show(one.name, one.make());
  at = 0;
  answers = { "": [255, 255, 255, 255, 255, 255, 255, 255, 255, 255] };
  show(`${one.name} missing`, one.make());
}

at = 0x44;
answers = { fd: [0x66, 0x67, 0xa2, 0x5e, 0xb9, 0x3c] };
show("powerGate", powerGate({ pin: "D33" }, sht4x(BUS)));

pad = [0x91, 0x01, 0x4b, 0x46, 0x7f, 0xff, 0x0f, 0x10, 0x25];
show("ds18b20", ds18b20("D4"));
levels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
show("hx711", hx711({ data: "D5", clock: "D6", zero: 100, countsPerKg: -1000 }));
levels = [0];
show("contactInput", contactInput({ pin: "D4" }));
show("pulseCounter", pulseCounter({ pin: "D4", windowMs: 1000 }), () => watched());
show("soilMoisture", soilMoisture({ pin: "D34", dry: 2.5, wet: 1.1 }));
show("thermistor", thermistor({ pin: "D34" }));

let frame = "BM\x00\x1c";
for (let i = 1; i <= 26; i++) frame += String.fromCharCode(i & 1 ? 0 : i);
let sum = 0;
for (let i = 0; i < 30; i++) sum += frame.charCodeAt(i);
frame += String.fromCharCode(sum >> 8, sum & 255);
show("pms7003", pms7003(UART), (nth) => nth > 1 && listener("B" + frame));
show("gnss", gnss(UART), () => {
  listener("$GPGGA,123519,4807.038,N,01131.");
  listener("000,W,1,08,0.9,545.4,M,46.9,M,,*55\r\n");
});
sent = (request) => {
  const count = request.charCodeAt(5);
  let body = String.fromCharCode(1, 4, count * 2);
  for (let i = 0; i < count; i += 2) body += "\x43\x66\x33\x33";
  listener(request + body + crc16(body));
};
show("sdm120", sdm120(UART));
sent = nothing;
print(`sim7080Gnss ${sim7080Gnss(UART).quantities.length}`);

const ack = [1, 0, 0, 0xff, 0, 0xff, 0];
const respond = (bytes: readonly number[]) => {
  const sum = bytes.reduce((a, b) => a + b, 0xd5);
  return [1, 0, 0, 0xff, bytes.length + 1, 255 - bytes.length, 0xd5].concat(bytes, -sum & 255, 0);
};
at = 0x24;
queue = [ack, respond([0x15]), ack, respond([0x33])];
queue = queue.concat([ack, respond([0x4b, 1, 1, 0, 4, 8, 4, 0xde, 0xad, 0xbe, 0xef]), ack, respond([0x17, 0])]);
show("pn532", pn532(BUS));
show("mfrc522", mfrc522(SPI_BUS, "D5"));

at = 0x68;
answers = { "00": [0x42, 0x37, 0x13, 7, 0x28, 0x83, 0x26, 0, 0, 0, 0, 0, 0, 0, 0x1c, 8], "0f": [8] };
const clock = ds3231(BUS);
print(`ds3231 ${clock.time()} ${clock.set(1774700000)} ${clock.wakeAt(1774709999)} ${last}`);
at = 0x51;
answers = { "02": [0x42, 0xb7, 0xd3, 0xe8, 0xfe, 0x83, 0x26] };
print(`pcf8563 ${pcf8563(BUS).time()} ${pcf8563(BUS).set(4102444799)} ${pcf8563(BUS).wakeAt(1774709999)}`);

const samples = littleEndian([100, -200, 300]);
let all: number[] = [];
for (let i = 0; i < 32; i++) all = all.concat(samples);
const total = (window: Window | number) =>
  typeof window === "number" ? window : window.samples.reduce((sum, value) => sum + value, 0);
at = 0x18;
answers = { "": [0x40], "2f": [0x40], a8: all };
const st = lis3dhWindow(BUS);
print(`lis3dh ${lis3dhMotion(BUS).arm()} ${lis3dhMotion(BUS).moved()} ${st.start()} ${total(st.read())}`);
at = 0x53;
answers = { "": [0x10], "39": [32], "32": samples };
const adxl = adxl345Window(BUS);
print(`adxl345 ${adxl345Motion(BUS).arm()} ${adxl345Motion(BUS).moved()} ${adxl.start()} ${total(adxl.read())}`);

at = 0x44;
answers = { fd: [0x66, 0x67, 0xa2, 0x5e, 0xb9, 0x3c] };
levels = [0];
measureAll(
  [sht4x(BUS), contactInput({ pin: "D4" })],
  (ms, run) => void setTimeout(run, ms),
  (results) =>
    print(
      `measureAll ${results.map((result) => (typeof result === "number" ? String(result) : rounded(result))).join(" | ")}`,
    ),
);
