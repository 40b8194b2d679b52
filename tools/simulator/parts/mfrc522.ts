/**
 * NXP MFRC522 RFID reader on SPI: registers, a FIFO of 64 bytes, the timer, and frames to the card in its field. The
 * encrypted exchange with a MIFARE Classic card is not modelled.
 */
import type { Alarm } from "../clock.ts";
import type { SpiTarget } from "../espruino/wires.ts";
import type { Level, PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { facts, resets } from "./mfrc522-facts.ts";
import type { Part, Wired } from "./part.ts";
import { card, crcA, withCrcA, type Card } from "./rfid-card.ts";

const { figures } = facts;

export interface Mfrc522Wiring extends Wired {
  /** UIDs in hexadecimal; the world's quantity "card" says which one lies on the reader. */
  readonly cards?: readonly string[] | undefined;
  /** VersionReg: 0x92 (2.0) unless stated; clones have other values. */
  readonly version?: number | undefined;
}

const [COMMAND, COM_IRQ, DIV_IRQ, ERROR, STATUS_1, FIFO_DATA, FIFO_LEVEL] = [0x01, 0x04, 0x05, 0x06, 0x07, 0x09, 0x0a];
const [CONTROL, BIT_FRAMING, MODE, TX_MODE, RX_MODE, TX_CONTROL, TX_ASK] = [0x0c, 0x0d, 0x11, 0x12, 0x13, 0x14, 0x15];
const [CRC_RESULT_H, CRC_RESULT_L, T_MODE, T_PRESCALER, T_RELOAD_H, T_RELOAD_L, VERSION] = [
  0x21, 0x22, 0x2a, 0x2b, 0x2c, 0x2d, 0x37,
];
const [IDLE, CALC_CRC, TRANSMIT, NO_CHANGE, TRANSCEIVE, SOFT_RESET] = [0x0, 0x3, 0x4, 0x7, 0xc, 0xf];
const [TX_IRQ, RX_IRQ, IDLE_IRQ, TIMER_IRQ] = [0x40, 0x20, 0x10, 0x01];
const CRC_IRQ = 0x04;
const [RECEIVER_OFF, POWER_DOWN] = [0x20, 0x10];
const FIFO_BYTES = 64;
const presets = [0x0000, 0x6363, 0xa671, 0xffff] as const;

export function mfrc522(context: PartContext, { name, lines, cards = [], version = 0x92 }: Mfrc522Wiring): Part {
  const { clock, world, fault } = context;
  const body = createBody(context, name, {
    idle: [figures.idleMicroamps, figures.receiverOffMicroamps],
    field: [figures.idleMicroamps, figures.fieldMicroamps],
    "soft power-down": figures.softPowerDownMicroamps,
    "hard power-down": figures.hardPowerDownMicroamps,
  });
  const known: readonly Card[] = cards.map(card);
  const registers = new Uint8Array(64);
  let fifo: number[] = [];
  let held = false;
  let starting = false;
  let timer: Alarm | undefined;

  const register = (at: number): number => registers[at]!;
  const field = (): boolean => (register(TX_CONTROL) & 3) !== 0 && !asleep();
  const asleep = (): boolean => held || (register(COMMAND) & POWER_DOWN) !== 0;
  const raise = (bits: number): void => {
    registers[COM_IRQ]! |= bits;
    showInterrupt();
  };

  function showInterrupt(): void {
    const active =
      (register(COM_IRQ) & register(0x02) & 0x7f) !== 0 || (register(DIV_IRQ) & register(0x03) & 0x14) !== 0;
    registers[STATUS_1] = (register(STATUS_1) & ~0x10) | (active ? 0x10 : 0);
    lines?.["irq"]?.drive(active === ((register(0x02) & 0x80) !== 0) ? 0 : 1);
  }

  function rest(): void {
    if (held) body.enter("hard power-down");
    else if (asleep()) body.enter("soft power-down");
    else if (field()) body.enter("field", figures.idleMicroamps.value + figures.fieldMicroamps.value);
    else
      body.enter(
        "idle",
        (register(COMMAND) & RECEIVER_OFF ? figures.receiverOffMicroamps : figures.idleMicroamps).value,
      );
    if (!field()) for (const each of known) each.drop();
  }

  function reset(): void {
    registers.fill(0);
    for (const [at, value] of resets) registers[at] = value;
    registers[VERSION] = version;
    fifo = [];
    clock.cancel(timer);
    starting = true;
    const us = figures.crystalMs.value * 1000 + figures.oscillatorUs.value;
    body.occupy(us, () => (starting = false));
    rest();
  }

  function startTimer(): void {
    clock.cancel(timer);
    const prescaler = ((register(T_MODE) & 15) << 8) | register(T_PRESCALER);
    const reload = (register(T_RELOAD_H) << 8) | register(T_RELOAD_L);
    timer = clock.after(((2 * prescaler + 1) * (reload + 1)) / 13.56, () => raise(TIMER_IRQ));
  }

  /** Sends the FIFO to the card; its answer lies in the FIFO when its last bit has arrived. */
  function transceive(): void {
    const lastBits = register(BIT_FRAMING) & 7;
    const frame = fifo;
    fifo = [];
    const sent = register(TX_MODE) & 0x80 ? [...frame, ...crcA(frame, presets[register(MODE) & 3])] : frame;
    const sentUs = (sent.length * 9 - (lastBits ? 8 - lastBits : 0)) * figures.bitUs.value;
    // Cards at 106 kbit/s need the carrier cut off entirely, and a field to live from.
    const there = field() && register(TX_ASK) & 0x40 ? known[world("card") - 1] : undefined;
    const answer = there?.answer(sent, lastBits);
    body.occupy(sentUs, () => {
      raise(TX_IRQ);
      if (register(T_MODE) & 0x80) startTimer();
      const receives = (register(COMMAND) & 15) === TRANSCEIVE;
      if (!answer || !receives || register(COMMAND) & RECEIVER_OFF) return;
      body.occupy(figures.frameDelayUs.value + answer.length * 9 * figures.bitUs.value, () => receive(answer));
    });
  }

  function receive(answer: readonly number[]): void {
    clock.cancel(timer);
    let bytes = answer;
    if (register(RX_MODE) & 0x80) {
      bytes = answer.slice(0, -2);
      if (withCrcA(bytes).some((byte, index) => byte !== answer[index])) registers[ERROR]! |= 0x04;
    }
    fifo.push(...bytes);
    registers[CONTROL]! &= ~7;
    raise(RX_IRQ);
  }

  function command(value: number): void {
    const wasAsleep = asleep();
    const code = value & 15;
    if (code === SOFT_RESET) return reset();
    if (wasAsleep && !(value & POWER_DOWN)) {
      // It reads 1 until the oscillator is stable again.
      body.occupy(figures.crystalMs.value * 1000 + figures.oscillatorUs.value, () => {
        registers[COMMAND]! &= ~POWER_DOWN;
        rest();
      });
      return;
    }
    if (code !== NO_CHANGE) body.abort();
    registers[COMMAND] = code === NO_CHANGE ? (value & 0x30) | (register(COMMAND) & 15) : value & 0x3f;
    registers[ERROR] = 0;
    if (code === CALC_CRC) {
      const [low, high] = crcA(fifo, presets[register(MODE) & 3]);
      fifo = [];
      registers[CRC_RESULT_L] = low;
      registers[CRC_RESULT_H] = high;
      registers[DIV_IRQ]! |= CRC_IRQ;
      registers[STATUS_1]! |= 0x20;
    } else if (code === TRANSMIT) transceive();
    else if (code === IDLE) raise(IDLE_IRQ);
    rest();
  }

  function flags(at: number, value: number): void {
    // Bit 7 says whether the marked bits are set or cleared.
    if (value & 0x80) registers[at]! |= value & 0x7f;
    else registers[at]! &= ~value;
    showInterrupt();
  }

  function write(at: number, value: number): void {
    if (at === COMMAND) return command(value);
    if (at === COM_IRQ || at === DIV_IRQ) return flags(at, value);
    if (at === FIFO_DATA) {
      if (fifo.length < FIFO_BYTES) fifo.push(value);
      else registers[ERROR]! |= 0x10;
    } else if (at === FIFO_LEVEL) {
      if (value & 0x80) fifo = [];
    } else if (at === ERROR || at === STATUS_1 || at === VERSION || at === CRC_RESULT_H || at === CRC_RESULT_L) return;
    else {
      const before = register(at);
      registers[at] = value;
      if (at === BIT_FRAMING && value & ~before & 0x80 && (register(COMMAND) & 15) === TRANSCEIVE) transceive();
      if (at === CONTROL && value & 0x40) startTimer();
      if (at === CONTROL && value & 0x80) clock.cancel(timer);
      if (at === TX_CONTROL) rest();
    }
  }

  function read(at: number): number {
    if (at === FIFO_DATA) return fifo.shift() ?? 0;
    if (at === FIFO_LEVEL) return fifo.length;
    return register(at);
  }

  const spi: SpiTarget = {
    transfer(out) {
      body.settle();
      const back = new Uint8Array(out.length);
      if (!body.powered || held || starting || fault("nak")) return back.fill(0xff);
      if (fault("stuck")) return back;
      const at = (byte: number): number => (byte >> 1) & 0x3f;
      if (out[0]! & 0x80) {
        // Each byte sent names the register that the next byte back comes from.
        for (let index = 1; index < out.length; index++) back[index] = read(at(out[index - 1]!));
      } else for (const value of out.subarray(1)) write(at(out[0]!), value);
      return back;
    },
  };

  /** NRSTPD: low = hard power-down, a rising edge resets. */
  const rst = {
    changed(level: Level) {
      if (!body.powered || (level === 0) === held) return;
      held = level === 0;
      if (!held) return reset();
      body.abort();
      clock.cancel(timer);
      rest();
    },
  };

  const start = (): void => {
    held = false;
    reset();
  };
  return body.part({ spi, pins: { rst } }, start, () => clock.cancel(timer));
}
