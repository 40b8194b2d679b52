/** SLIP framing (RFC 1055) as the ROM loader speaks it: C0 around a frame, DB DC and DB DD for C0 and DB inside. */
const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

export function slipFrame(payload: Uint8Array): Uint8Array {
  const frame: number[] = [END];
  for (const byte of payload) {
    if (byte === END) frame.push(ESCAPE, ESCAPED_END);
    else if (byte === ESCAPE) frame.push(ESCAPE, ESCAPED_ESCAPE);
    else frame.push(byte);
  }
  frame.push(END);
  return Uint8Array.from(frame);
}

/** Collects frames out of a stream. What stands between frames is dropped, as is a frame with a broken escape. */
export class SlipReader {
  #frame: number[] | undefined;
  #escaped = false;
  readonly #take: (payload: Uint8Array) => void;

  constructor(take: (payload: Uint8Array) => void) {
    this.#take = take;
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.#byte(byte);
  }

  #byte(byte: number): void {
    const frame = this.#frame;
    if (byte === END) {
      // two in a row: the end of one frame was lost, or frames follow each other
      this.#frame = frame?.length ? undefined : [];
      this.#escaped = false;
      if (frame?.length) this.#take(Uint8Array.from(frame));
    } else if (!frame) {
      return;
    } else if (this.#escaped) {
      this.#escaped = false;
      if (byte === ESCAPED_END) frame.push(END);
      else if (byte === ESCAPED_ESCAPE) frame.push(ESCAPE);
      else this.#frame = undefined;
    } else if (byte === ESCAPE) this.#escaped = true;
    else frame.push(byte);
  }
}
