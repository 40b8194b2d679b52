/**
 * NXP PN532 NFC reader on I2C: framed commands, an acknowledge frame and a response, each read behind a status byte.
 * It finds ISO 14443 A cards; data exchange with them is not modelled.
 */
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import type { I2cWiring, Part } from "./part.ts";
import { facts } from "./pn532-facts.ts";
import { card, type Card } from "./rfid-card.ts";

const { figures, addresses } = facts;

export interface Pn532Wiring extends I2cWiring {
  /** UIDs in hexadecimal; the world's quantity "card" says which one lies on the reader. */
  readonly cards?: readonly string[] | undefined;
}

const [FROM_HOST, TO_HOST] = [0xd4, 0xd5];
const [FIRMWARE, SAM_CONFIGURATION, POWER_DOWN, RF_CONFIGURATION, LIST_TARGETS] = [0x02, 0x14, 0x16, 0x32, 0x4a];
const [GET_STATUS, RELEASE, DESELECT] = [0x04, 0x52, 0x44];
const MAX_RETRIES = 0x05;
const WAKE_BY_I2C = 0x80;
const ACKNOWLEDGE = [0x00, 0x00, 0xff, 0x00, 0xff, 0x00];
const ERROR = [0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00];

export function pn532(context: PartContext, { name, address = addresses[0], lines, cards = [] }: Pn532Wiring): Part {
  const { clock, world, nextChangeUs } = context;
  const body = createBody(context, name, {
    idle: [figures.idleMicroamps, figures.commandMs],
    polling: [figures.idleMicroamps, figures.fieldMicroamps, figures.pollMs],
    "power-down": figures.powerDownMicroamps,
  });
  const known: readonly Card[] = cards.map(card);
  /** After a reset it is in the mode for a low battery, in which it takes no RF command. */
  let configured = false;
  let field = false;
  let retries = 0xff;
  let wakesBy = 0;
  let asleep = false;
  /** Told to power down: it does once the host has fetched the response (inferred for I2C). */
  let leaving = false;
  /** What the next read finds, and what comes after it. */
  let frame: readonly number[] | undefined;
  let response: readonly number[] | undefined;
  let acknowledging = false;
  let last: readonly number[] | undefined;

  function rest(): void {
    body.enter("idle", figures.idleMicroamps.value + (field ? figures.fieldMicroamps.value : 0));
  }

  /** A response waits until the acknowledge has been fetched: drivers that look every 10 ms live on that. */
  function offer(bytes: readonly number[] | undefined): void {
    response = bytes && frame === ACKNOWLEDGE ? bytes : undefined;
    if (!response) frame = bytes;
    lines?.["irq"]?.drive(frame ? 0 : 1);
  }

  function respond(command: number, data: readonly number[]): void {
    const content = [TO_HOST, command + 1, ...data];
    last = framed(content);
    offer(last);
    rest();
  }

  function execute([command, ...data]: readonly number[]): void {
    const after = (ms: number, then: () => void): void => body.occupy(ms * 1000, then);
    acknowledging = true;
    offer(undefined);
    after(figures.acknowledgeMs.value, () => {
      acknowledging = false;
      offer(ACKNOWLEDGE);
      if (command === LIST_TARGETS) return configured ? poll(0) : after(figures.commandMs.value, () => offer(ERROR));
      after(figures.commandMs.value, () => obey(command!, data));
    });
  }

  function obey(command: number, data: readonly number[]): void {
    switch (command) {
      case FIRMWARE:
        return respond(command, [0x32, 0x01, 0x06, 0x07]);
      case SAM_CONFIGURATION:
        configured = true;
        return respond(command, []);
      case RF_CONFIGURATION:
        if (data[0] === MAX_RETRIES) retries = data[3] ?? 0xff;
        if (data[0] === 0x01) field = ((data[1] ?? 0) & 1) !== 0;
        return respond(command, []);
      case GET_STATUS:
        return respond(command, [0x00, field ? 1 : 0, 0x00, 0x80]);
      case RELEASE:
      case DESELECT:
        return respond(command, [0x00]);
      case POWER_DOWN:
        respond(command, [0x00]);
        wakesBy = data[0] ?? 0;
        leaving = true;
        return;
      default:
        offer(ERROR);
    }
  }

  /** Tries until a card answers or the retries are used up; with 0xFF it never gives up. */
  function poll(tries: number): void {
    field = true;
    body.enter("polling", figures.idleMicroamps.value + figures.fieldMicroamps.value);
    const found = known[world("card") - 1];
    if (found) {
      const { uid, atqa, sak } = found;
      const target = [0x01, 0x01, atqa[1], atqa[0], sak, uid.length, ...uid];
      return body.occupy(figures.pollMs.value * 1000, () => respond(LIST_TARGETS, target));
    }
    if (retries !== 0xff && tries >= retries) {
      return body.occupy(figures.tryMs.value * 1000, () => respond(LIST_TARGETS, [0x00]));
    }
    // Where it is known when a card next comes, the tries in between are skipped.
    const change = retries === 0xff && nextChangeUs ? nextChangeUs("card") : 0;
    const us = Math.max(figures.tryMs.value * 1000, change - clock.nowUs);
    if (us < Infinity) body.occupy(us, () => poll(tries + 1));
  }

  function fetched(): void {
    const next = response;
    offer(undefined);
    if (next) return offer(next);
    if (!leaving) return;
    leaving = false;
    body.occupy(figures.powerDownDelayMs.value * 1000, () => {
      asleep = true;
      field = false;
      body.enter("power-down");
    });
  }

  function start(): void {
    leaving = false;
    configured = asleep = field = acknowledging = false;
    retries = 0xff;
    last = undefined;
    offer(undefined);
    rest();
  }

  /** Addressed in power-down it holds the clock line until it is awake. */
  function awake(): boolean {
    if (!asleep) return true;
    if (!(wakesBy & WAKE_BY_I2C)) return false;
    asleep = false;
    offer(undefined);
    rest();
    body.occupy(figures.wakeMs.value * 1000, () => {});
    body.stretch();
    return true;
  }

  const i2c = body.i2c(address, {
    write(data) {
      if (!awake()) return false;
      if (data.length === 0) return true;
      const content = contentOf(data);
      if (content === "ack") {
        // The host's acknowledge aborts what is under way.
        body.abort();
        offer(undefined);
        rest();
      } else if (content === "nack") offer(last);
      else if (content) execute(content);
      return true;
    },
    read(count) {
      if (!awake()) return undefined;
      // Addressed while it takes in a frame, it holds the clock line until the acknowledge is ready.
      if (acknowledging) body.stretch();
      const bytes = new Uint8Array(count);
      if (!frame) return bytes;
      bytes.set([0x01, ...frame].slice(0, count));
      if (count > 1) fetched();
      return bytes;
    },
  });

  return body.part({ i2c }, start);
}

const sum = (bytes: readonly number[]): number => bytes.reduce((total, byte) => total + byte, 0);

function framed(content: readonly number[]): number[] {
  return [0x00, 0x00, 0xff, content.length, -content.length & 0xff, ...content, -sum(content) & 0xff, 0x00];
}

/** The command and its data in a frame from the host; undefined when the frame is broken. */
function contentOf(data: Uint8Array): number[] | "ack" | "nack" | undefined {
  const at = data.findIndex((byte, index) => byte === 0x00 && data[index + 1] === 0xff);
  if (at < 0) return undefined;
  const [length, check] = [data[at + 2]!, data[at + 3]!];
  if (length === 0x00 && check === 0xff) return "ack";
  if (length === 0xff && check === 0x00) return "nack";
  const content = [...data.subarray(at + 4, at + 4 + length)];
  const valid = ((length + check) & 0xff) === 0 && content.length === length && content[0] === FROM_HOST;
  return valid && ((sum(content) + data[at + 4 + length]!) & 0xff) === 0 ? content.slice(1) : undefined;
}
