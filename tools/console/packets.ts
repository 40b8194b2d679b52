/** Espruino's packet protocol (README_Protocol.md of Espruino, from 2v25 on) in a stream that also carries the console's text. */
const DLE = 0x10;
const SOH = 0x01;
export const ACK = 0x06;
export const NAK = 0x15;
const XON = 0x11;
const XOFF = 0x13;
const LONGEST = 8191;

export const TYPE = { response: 0x0000, evaluate: 0x2000, sendFile: 0x6000, data: 0x8000 } as const;

/** Ctrl-C and Ctrl-D: some builds act on them even inside a packet. */
const RISKY = [0x03, 0x04];
export const isRisky = (byte: number): boolean => RISKY.includes(byte);

/** How many of `bytes` to put in one packet, so that its length holds no risky byte. */
export function packetLength(bytes: number, longest: number): number {
  const length = Math.min(bytes, longest);
  return isRisky(length & 255) ? length - 2 : length;
}

export function packet(type: number, data: Uint8Array): Uint8Array {
  if (data.length > LONGEST) throw new RangeError(`a packet of ${data.length} bytes`);
  const word = type | data.length;
  return Uint8Array.of(DLE, SOH, word >> 8, word & 255, ...data);
}

export type Event =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "ack" | "nak" | "stop" | "go" }
  | { readonly kind: "packet"; readonly type: number; readonly data: Uint8Array };

/** Takes the stream apart. Text comes in pieces, as the bytes do. */
export class PacketReader {
  readonly #take: (event: Event) => void;
  #held: number[] = [];

  constructor(take: (event: Event) => void) {
    this.#take = take;
  }

  receive(bytes: Uint8Array): void {
    let text = "";
    const say = (): void => {
      if (text) this.#take({ kind: "text", text });
      text = "";
    };
    for (const byte of bytes) {
      const held = this.#held;
      if (held.length || byte === DLE) {
        held.push(byte);
        if (held.length === 2 && byte !== SOH) {
          text += String.fromCharCode(byte);
          this.#held = [];
        }
        const word = held.length >= 4 ? (held[2]! << 8) | held[3]! : 0;
        if (held.length >= 4 && held.length === 4 + (word & LONGEST)) {
          say();
          this.#held = [];
          this.#take({ kind: "packet", type: word & 0xe000, data: Uint8Array.from(held.slice(4)) });
        }
        continue;
      }
      const kind =
        byte === ACK ? "ack" : byte === NAK ? "nak" : byte === XOFF ? "stop" : byte === XON ? "go" : undefined;
      if (!kind) text += String.fromCharCode(byte);
      else {
        say();
        this.#take({ kind });
      }
    }
    say();
  }
}
