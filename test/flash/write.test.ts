import { describe, expect, test } from "vitest";
import { writeRegions, type Region, type WriteOptions } from "../../tools/flash/write.ts";
import { SimulatedBoard } from "../../tools/simulator/loader/board.ts";
import { useVirtualTime } from "./virtual-time.ts";

useVirtualTime();

const pattern = (bytes: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (i * seed + (i >> 8)) & 255);
const regions: readonly Region[] = [
  { name: "application", address: 0x10000, data: pattern(200_000, 7) },
  { name: "bootloader", address: 0x1000, data: pattern(5000, 3) },
];
const steps: string[] = [];
const options: WriteOptions = {
  reset: "auto",
  bauds: [921600, 460800, 115200],
  plan: () => regions,
  onStep: (name, detail) => void steps.push(`${name}: ${detail}`),
  onProgress: () => undefined,
};

describe("write", () => {
  test("x", async () => {
    const board = new SimulatedBoard({ chip: "esp32" });
    const t = Date.now();
    const r = await writeRegions(board, options, async (l) => l.restart());
    console.log(r, steps, Date.now() - t);
    expect(Buffer.from(board.flash.subarray(0x10000, 0x10000 + 200000)).equals(Buffer.from(regions[0]!.data))).toBe(
      true,
    );
  });
});
