/** The console's packets over a line that loses bytes: a board of a few lines, in fake time. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { reachConsole, type Console } from "../../tools/console/console.ts";
import type { Line } from "../../tools/serial/line.ts";

const ACK = "\x06";
const NAK = "\x15";
/** Of Espruino: it gives up a packet that is not whole (jsiPacketStart in jsinteractive.c). */
const PACKET_TIMEOUT_MS = 5000;

/** Takes whole packets as Espruino does. @param loses how many bytes of the n-th packet never arrive */
function board(loses: (packet: number) => number, refuses?: string) {
  const files: Buffer[] = [];
  let packets = 0;
  const say = (text: string): void => line.onData(Buffer.from(text, "latin1"));
  const line: Line = {
    name: "a board",
    onData: () => undefined,
    onLost: () => undefined,
    open: async () => undefined,
    close: async () => undefined,
    setBaud: async () => undefined,
    setSignals: async () => undefined,
    async write(bytes) {
      const text = Buffer.from(bytes).toString("latin1");
      if (text.includes("\x05")) return say("Espruino 2v29 ESP32\r\n");
      if (!text.startsWith("\x10\x01")) return;
      const word = (bytes[2]! << 8) | bytes[3]!;
      if (loses(packets++)) setTimeout(() => say(NAK), PACKET_TIMEOUT_MS);
      else if (refuses !== undefined) say(NAK + refuses);
      else {
        if ((word & 0xe000) === 0x8000) files.push(Buffer.from(bytes.slice(4)));
        say(ACK);
      }
    },
  };
  return { line, files: () => Buffer.concat(files), packets: () => packets };
}

const settle = async <T>(running: Promise<T>): Promise<T> => {
  running.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(120_000);
  return running;
};
const reach = (line: Line): Promise<Console> => settle(reachConsole(line, { waitMs: 1000, reset: false }));
const file = Buffer.alloc(3000, "a text ");

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([0, 1, 3])("sends packet %i again when Espruino gave it up, and each byte is there once", async (spoilt) => {
  const to = board((packet) => (packet === spoilt ? 1 : 0));
  const console = await reach(to.line);
  await settle(console.writeFile("file", file, () => undefined));
  expect(to.files().equals(file)).toBe(true);
  expect(to.packets()).toBe(1 + 3 + 1);
});

test("gives up when a packet never arrives whole", async () => {
  const to = board(() => 1);
  const console = await reach(to.line);
  await expect(settle(console.writeFile("file", file, () => undefined))).rejects.toThrow(/refused a packet/);
  expect(to.packets()).toBe(3);
});

test("does not repeat what the board refused with words", async () => {
  const to = board(() => 0, 'Uncaught ReferenceError: "nothing" is not defined\r\n');
  const console = await reach(to.line);
  await expect(settle(console.evaluate("nothing.at.all"))).rejects.toThrow(/refused.*nothing/);
  expect(to.packets()).toBe(1);
});
