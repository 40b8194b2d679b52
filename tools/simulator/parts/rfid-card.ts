/** ISO 14443 A cards as a reader's field meets them: wake-up, anticollision, select, halt. */

export interface Card {
  /** Answer to a frame whose last byte has `lastBits` bits (0 = 8); undefined when the card keeps silent. */
  answer(frame: readonly number[], lastBits: number): readonly number[] | undefined;
  /** The field is gone. */
  drop(): void;
  readonly uid: readonly number[];
  readonly atqa: readonly [number, number];
  readonly sak: number;
}

const [REQA, WUPA, CASCADE_TAG] = [0x26, 0x52, 0x88];
const levels = [0x93, 0x95] as const;
const [ANTICOLLISION, SELECT, HALT] = [0x20, 0x70, 0x50];
/** SAK says that the UID goes on. */
const INCOMPLETE = 0x04;

/** A card with a UID of 4 or 7 bytes, given in hexadecimal. */
export function card(hex: string): Card {
  const uid = [...Buffer.from(hex, "hex")];
  if (uid.length !== 4 && uid.length !== 7)
    throw new RangeError(`a card's UID "${hex}": expected 4 or 7 bytes in hexadecimal`);
  const parts = uid.length === 4 ? [uid] : [[CASCADE_TAG, ...uid.slice(0, 3)], uid.slice(3)];
  const atqa = uid.length === 4 ? ([0x04, 0x00] as const) : ([0x44, 0x00] as const);
  const sak = uid.length === 4 ? 0x08 : 0x00;
  let state: "idle" | "ready" | "active" | "halted" = "idle";
  let selected = 0;
  const withCheck = (bytes: readonly number[]): number[] => [...bytes, bytes.reduce((check, byte) => check ^ byte, 0)];

  return {
    uid,
    atqa,
    sak,
    drop() {
      state = "idle";
      selected = 0;
    },
    answer(frame, lastBits) {
      const [first, second] = frame;
      if (frame.length === 1 && lastBits === 7) {
        const woken = first === WUPA || (first === REQA && state !== "halted");
        // A card that is past the request stays silent, and starts over.
        const fresh = state === "idle" || state === "halted";
        if (!woken || !fresh) return this.drop() as undefined;
        state = "ready";
        selected = 0;
        return atqa;
      }
      if (first === HALT && state === "active") {
        state = "halted";
        return undefined;
      }
      if (state !== "ready" || first !== levels[selected]) return undefined;
      const part = withCheck(parts[selected]!);
      if (frame.length === 2 && second === ANTICOLLISION) return part;
      const named = frame.slice(2, 7).every((byte, index) => byte === part[index]);
      if (second !== SELECT || frame.length !== 9 || !named || !checked(frame)) return undefined;
      selected++;
      const last = selected === parts.length;
      if (last) state = "active";
      return withCrcA([last ? sak : INCOMPLETE]);
    },
  };
}

/** CRC_A: polynomial 0x8408 reflected, low byte first; `preset` is 0x6363 for ISO 14443 A. */
export function crcA(bytes: readonly number[], preset = 0x6363): [low: number, high: number] {
  let crc = preset;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return [crc & 0xff, crc >> 8];
}

export const withCrcA = (bytes: readonly number[]): number[] => [...bytes, ...crcA(bytes)];

const checked = (frame: readonly number[]): boolean => {
  const [low, high] = crcA(frame.slice(0, -2));
  return frame[frame.length - 2] === low && frame[frame.length - 1] === high;
};
