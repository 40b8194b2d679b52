/**
 * A GNSS receiver: NMEA sentences once a second, empty until it has a fix, which takes as long as a cold, warm or hot
 * start does. Commands: the PCAS sentences of the L76K and u-blox's power-down and reset messages.
 */
import type { Level, PartContext, SerialTarget } from "../hardware.ts";
import { createBody } from "./body.ts";
import { facts, hotForSeconds, receivers, warmForSeconds, type ReceiverName } from "./gnss-facts.ts";
import type { Part, SerialWiring } from "./part.ts";

export interface GnssWiring extends SerialWiring {
  readonly receiver?: ReceiverName | undefined;
  /** The backup pin is fed: clock and orbits survive the loss of the supply. */
  readonly backup?: boolean | undefined;
  /** Unix time of the start of the run: what the sky tells. */
  readonly unixAtStart?: number | undefined;
}

/** Which sentences come each second, and which fields they have without a fix. */
type Sentence = "GGA" | "GSA" | "RMC" | "VTG";
const sentences: readonly Sentence[] = ["RMC", "VTG", "GGA", "GSA"];
const bauds = [4800, 9600, 19_200, 38_400, 57_600, 115_200] as const;
const METRES_PER_DEGREE = 111_195;
const KNOTS = 1852 / 3600;

export function gnss(
  context: PartContext,
  { name, line, receiver = "neo-m8n", backup = false, unixAtStart = 1_767_225_600 }: GnssWiring,
): Part {
  const { clock, random, world, fault } = context;
  const figures = receivers[receiver];
  const body = createBody(context, name, {
    acquiring: [figures.acquiringMicroamps, figures.coldSeconds, figures.hotSeconds],
    tracking: figures.trackingMicroamps,
    standby: figures.standbyMicroamps,
  });
  let baud: number = facts.figures.baud.value;
  let intervalMs = 1000;
  /** End of the last fix; -Infinity: nothing is known of the sky. */
  let lastFixAt = -Infinity;
  let fixAt = Infinity;
  let knowsTime = false;
  let asleep = false;
  let held = false;
  let heard = "";

  const fixed = (): boolean => clock.now >= fixAt;

  function acquire(kind: "cold" | "warm" | "hot"): void {
    const typical = { cold: figures.coldSeconds, warm: figures.warmSeconds, hot: figures.hotSeconds }[kind].value;
    knowsTime = kind !== "cold";
    // Times to first fix scatter by a quarter (inferred).
    fixAt = clock.now + typical * (1 + 0.25 * (2 * random.next() - 1));
    asleep = false;
    body.enter("acquiring");
    again();
  }

  function acquireAgain(): void {
    const age = clock.now - lastFixAt;
    acquire(age < hotForSeconds ? "hot" : age < warmForSeconds ? "warm" : "cold");
  }

  function again(): void {
    body.occupy(intervalMs * 1000, () => {
      report();
      again();
    });
  }

  function sleep(): void {
    asleep = true;
    fixAt = Infinity;
    body.abort();
    body.enter("standby");
  }

  function report(): void {
    if (fault("no-fix") && fixAt < Infinity) {
      fixAt = Infinity;
      body.enter("acquiring");
    } else if (fixAt === Infinity && !fault("no-fix")) return acquireAgain();
    if (fixed()) {
      if (clock.now - fixAt < intervalMs / 1000) body.enter("tracking");
      lastFixAt = clock.now;
      knowsTime = true;
    }
    if (fault("nak")) return;
    let text = sentences.map((kind) => `$${framed(`GN${kind},${fields(kind)}`)}\r\n`).join("");
    if (fault("crc")) {
      const at = 3 + Math.floor(random.next() * (text.length - 3));
      text = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
    }
    line.transmit(
      Uint8Array.from(text, (char) => char.charCodeAt(0)),
      baud,
    );
  }

  function fields(kind: Sentence): string {
    const date = new Date((unixAtStart + clock.now) * 1000);
    const two = (value: number): string => String(value).padStart(2, "0");
    const time = knowsTime
      ? `${two(date.getUTCHours())}${two(date.getUTCMinutes())}${two(date.getUTCSeconds())}.${two(Math.floor(date.getUTCMilliseconds() / 10))}`
      : "";
    const day = knowsTime
      ? `${two(date.getUTCDate())}${two(date.getUTCMonth() + 1)}${two(date.getUTCFullYear() % 100)}`
      : "";
    if (!fixed()) {
      if (kind === "RMC") return `${time},V,,,,,,,${day},,,N`;
      if (kind === "VTG") return ",,,,,,,,N";
      if (kind === "GGA") return `${time},,,,,0,00,99.99,,,,,,`;
      return "A,1,,,,,,,,,,,,,99.99,99.99,99.99";
    }
    const spread = figures.deviationMetres.value / METRES_PER_DEGREE;
    const latitude = world("latitude") + spread * random.normal();
    const longitude = world("longitude") + (spread * random.normal()) / Math.cos((world("latitude") * Math.PI) / 180);
    const place = `${angle(latitude, 2)},${latitude < 0 ? "S" : "N"},${angle(longitude, 3)},${longitude < 0 ? "W" : "E"}`;
    if (kind === "RMC") return `${time},A,${place},0.004,,${day},,,A`;
    if (kind === "VTG") return `,T,,M,0.004,N,${(0.004 * KNOTS * 3.6).toFixed(3)},K,A`;
    if (kind === "GGA") return `${time},${place},1,08,1.01,${world("altitude").toFixed(1)},M,46.9,M,,`;
    return "A,3,10,07,05,02,29,04,08,13,,,,,1.72,1.03,1.38";
  }

  function obey(sentence: string): void {
    const [text, sum] = sentence.split("*") as [string, string?];
    if (sum === undefined || parseInt(sum, 16) !== checksum(text)) return;
    const [command, first] = text.split(",");
    const number = Number(first);
    if (command === "PCAS01" && bauds[number]) baud = bauds[number];
    else if (command === "PCAS02" && number >= 100) intervalMs = number;
    else if (command === "PCAS10") {
      if (number >= 2) lastFixAt = -Infinity;
      acquire((["hot", "warm", "cold", "cold"] as const)[number] ?? "cold");
    }
  }

  /** UBX frames: RXM-PMREQ sends it to sleep, CFG-RST with its mask clears what it knows. */
  function obeyUbx(frame: string): void {
    const [kind, id] = [frame.charCodeAt(2), frame.charCodeAt(3)];
    if (kind === 0x02 && id === 0x41) sleep();
    else if (kind === 0x06 && id === 0x04) {
      const mask = frame.charCodeAt(6) | (frame.charCodeAt(7) << 8);
      if (mask === 0xffff) lastFixAt = -Infinity;
      acquireAgain();
    }
  }

  const serial: SerialTarget = {
    listensAt: () => baud,
    receive(bytes, rate) {
      body.settle();
      if (!body.powered || held) return;
      // Any edge on its line wakes it; what woke it is not understood.
      if (asleep) return acquireAgain();
      if (Math.abs(rate / baud - 1) > 0.04) return;
      heard = (heard + String.fromCharCode(...bytes)).slice(-400);
      for (let end = heard.indexOf("\n"); end >= 0; end = heard.indexOf("\n")) {
        const start = heard.lastIndexOf("$", end);
        if (start >= 0) obey(heard.slice(start + 1, end).trim());
        heard = heard.slice(end + 1);
      }
      const at = heard.indexOf("\xb5\x62");
      if (at < 0 || heard.length < at + 8) return;
      const length = heard.charCodeAt(at + 4) | (heard.charCodeAt(at + 5) << 8);
      if (heard.length < at + 8 + length) return;
      const frame = heard.slice(at, at + 8 + length);
      heard = heard.slice(at + 8 + length);
      if (validUbx(frame)) obeyUbx(frame);
    },
  };

  /** STANDBY (L76K) or an enable of the module: low = asleep. */
  const standby = {
    changed(level: Level) {
      const low = level === 0;
      if (!body.powered || low === held) return;
      held = low;
      if (low) sleep();
      else acquireAgain();
    },
  };

  return body.part(
    { serial, pins: { standby } },
    () => {
      baud = facts.figures.baud.value;
      intervalMs = 1000;
      heard = "";
      held = false;
      if (!backup) lastFixAt = -Infinity;
      acquireAgain();
    },
    () => (fixAt = Infinity),
  );
}

/** Degrees and minutes run together, as NMEA has it: 4807.03800. */
function angle(degrees: number, digits: number): string {
  const minutes = Math.round(Math.abs(degrees) * 60 * 1e5) / 1e5;
  const whole = Math.floor(minutes / 60);
  return String(whole).padStart(digits, "0") + (minutes - whole * 60).toFixed(5).padStart(8, "0");
}

function checksum(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum ^= text.charCodeAt(index);
  return sum;
}

const framed = (text: string): string => `${text}*${checksum(text).toString(16).toUpperCase().padStart(2, "0")}`;

function validUbx(frame: string): boolean {
  let [a, b] = [0, 0];
  for (let index = 2; index < frame.length - 2; index++) {
    a = (a + frame.charCodeAt(index)) & 0xff;
    b = (b + a) & 0xff;
  }
  return a === frame.charCodeAt(frame.length - 2) && b === frame.charCodeAt(frame.length - 1);
}
