/** Plantower PMS7003 dust sensor on a UART: frames of 32 bytes by itself or on request, asleep by command or by pin. */
import type { Level, PartContext, SerialTarget } from "../hardware.ts";
import { createBody } from "./body.ts";
import { facts } from "./pms7003-facts.ts";
import { clamp, type Part, type SerialWiring } from "./part.ts";

const { figures } = facts;

const [START_1, START_2] = [0x42, 0x4d];
const [READ, MODE, SLEEP] = [0xe2, 0xe1, 0xe4];
const BAUD = figures.baud.value;
/** Seconds in which the readings of a fan that has just started approach the truth. */
const SETTLING_SECONDS = figures.stableMs.value / 1000 / 5;

export function pms7003(context: PartContext, { name, line }: SerialWiring): Part {
  const { clock, world, fault, random } = context;
  const body = createBody(context, name, {
    active: figures.activeMicroamps,
    sleeping: figures.sleepMicroamps,
  });
  let passive = false;
  let asleep = false;
  let wokeAt = 0;
  let held = false;
  let heard: number[] = [];

  function send(words: readonly number[]): void {
    if (fault("nak")) return;
    const bytes = [START_1, START_2, (words.length + 1) >> 7, ((words.length + 1) * 2) & 0xff];
    for (const word of words) bytes.push(word >> 8, word & 0xff);
    const sum = bytes.reduce((total, byte) => total + byte, 0);
    bytes.push((sum >> 8) & 0xff, sum & 0xff);
    if (fault("crc")) bytes[4 + Math.floor(random.next() * (bytes.length - 4))]! ^= 1 << Math.floor(random.next() * 8);
    line.transmit(Uint8Array.from(bytes), BAUD);
  }

  function measure(): void {
    // While the fan comes up to speed too little air passes.
    const rise = 1 - Math.exp(-(clock.now - wokeAt) / SETTLING_SECONDS);
    const dust = (["pm1", "pm25", "pm10"] as const).map((quantity) =>
      clamp(Math.round(world(quantity) * rise), 0, 0xffff),
    );
    const [pm1, pm25, pm10] = dust as [number, number, number];
    // Counts per 0.1 l have no stated relation to the mass: a plausible fall by size.
    const counts = [180, 54, 9, 1.5, 0.5, 0.2].map((share) => clamp(Math.round(pm25 * share), 0, 0xffff));
    send([pm1, pm25, pm10, pm1, pm25, pm10, ...counts, 0x9700]);
  }

  /** By itself it sends about every 2.3 s, and often while it finds changes: right after the start. */
  function cycle(): void {
    const settling = clock.now - wokeAt < figures.stableMs.value / 1000;
    const ms = settling ? figures.fastIntervalMs.value * 4 : figures.slowIntervalMs.value;
    body.occupy(ms * 1000, () => {
      measure();
      cycle();
    });
  }

  function wake(): void {
    asleep = false;
    wokeAt = clock.now;
    heard = [];
    body.enter("active");
    if (!passive) cycle();
  }

  function sleep(): void {
    asleep = true;
    body.abort();
    body.enter("sleeping");
  }

  function execute(command: number, data: number): void {
    const answer = (then: () => void): void => body.occupy(figures.answerMs.value * 1000, then);
    const confirm = (): void => send([(command << 8) | data]);
    if (command === SLEEP) {
      if (data === 1 && asleep) wake();
      else if (data === 0 && !asleep) {
        confirm();
        sleep();
      }
    } else if (asleep) return;
    else if (command === MODE) {
      passive = data === 0;
      answer(() => {
        confirm();
        if (!passive) cycle();
      });
    } else if (command === READ && passive) answer(measure);
  }

  const serial: SerialTarget = {
    listensAt: () => BAUD,
    receive(bytes, baud) {
      body.settle();
      if (!body.powered || held || Math.abs(baud / BAUD - 1) > 0.04) return;
      heard.push(...bytes);
      for (let at = heard.indexOf(START_1); at >= 0 && heard.length - at >= 7; at = heard.indexOf(START_1)) {
        const frame = heard.slice(at, at + 7);
        const sum = frame.slice(0, 5).reduce((total, byte) => total + byte, 0);
        const valid = frame[1] === START_2 && frame[5] === sum >> 8 && frame[6] === (sum & 0xff);
        heard = heard.slice(at + (valid ? 7 : 1));
        if (valid) execute(frame[2]!, frame[4]!);
      }
    },
  };

  /** SET low puts it to sleep; the pin is pulled up inside. */
  const set = {
    changed(level: Level) {
      const low = level === 0;
      if (!body.powered || low === held) return;
      held = low;
      if (low && !asleep) sleep();
      else if (!low && asleep) wake();
    },
  };

  const start = (): void => {
    passive = held = false;
    wake();
  };
  return body.part({ serial, pins: { set } }, start);
}
