/** The fast engine against the real interpreter, over the same scenario: nothing that leaves the device may differ. */
import { beforeAll, describe, expect, it } from "vitest";
import scenario from "../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { findInterpreter, type Interpreter } from "../../tools/simulator/interpreter/probe.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { run, type Run } from "../../tools/simulator/run.ts";

const program = process.env["ESPRUINO"];

interface Lived {
  readonly run: Run;
  readonly uplink: readonly string[];
  readonly transactions: readonly string[];
}

describe.skipIf(!program)("cold-chain on the real interpreter (set ESPRUINO to run it)", () => {
  let bundle: string;
  let interpreter: Interpreter;
  beforeAll(async () => {
    ({ bundle } = await buildFirmware({ entry: "firmware/cold-chain/node.ts" }));
    interpreter = findInterpreter(program!);
  });

  const live = async (
    seed: number,
    lasts: string,
    faults: readonly string[],
    on: Interpreter | undefined,
  ): Promise<Lived> => {
    const uplink: string[] = [];
    const transactions: string[] = [];
    const lived = await run({
      scenario,
      bundle,
      closed: true,
      seed,
      lasts,
      faults,
      ...(on && { interpreter: on }),
      observe: ({ atUs, bus, kind, address, data }) =>
        void transactions.push(`${atUs} ${bus} ${kind} ${address ?? ""} ${Buffer.from(data).toString("hex")}`),
      server: (nowUs, onMessage) =>
        createSink({
          nowUs,
          onMessage: (message) => {
            uplink.push(`${message.atUs} ${message.topic} ${Buffer.from(message.payload).toString("hex")}`);
            onMessage(message);
          },
        }),
    });
    return { run: lived, uplink, transactions };
  };

  it.each([
    [1, "3d", []],
    [
      2,
      "3d",
      [
        "nak:cargo@6h..12h,0.5",
        "crc:cargo@1d..2d,0.2",
        "no-coverage@1d..1d8h",
        "broker-silent@2d+3h",
        "power-cut@2d9h+20m",
      ],
    ],
    [3, "3d", ["modem-silent@7h..14h", "power-cut@6h0m9s", "broker-down@1d+9h"]],
  ])("seed %i, %s, faults %j: same uplinks, transactions, wakes, flash and joules", async (seed, lasts, faults) => {
    const fast = await live(seed, lasts, faults, undefined);
    const real = await live(seed, lasts, faults, interpreter);
    expect(real.run.uncaughtErrors).toBe(0);
    expect(real.uplink).toEqual(fast.uplink);
    expect(real.uplink.length).toBeGreaterThan(5);
    const first = fast.transactions.findIndex((line, i) => line !== real.transactions[i]);
    expect(
      first < 0
        ? "no difference"
        : {
            at: first,
            fast: fast.transactions.slice(first - 3, first + 3),
            real: real.transactions.slice(first - 3, first + 3),
          },
    ).toBe("no difference");
    expect(real.transactions.length).toBe(fast.transactions.length);
    expect(real.run.wakes).toBe(fast.run.wakes);
    const raw = ({ run: { flash } }: Lived): Uint8Array => flash.subarray(0x310000, 0x320000);
    expect(Buffer.compare(raw(real), raw(fast))).toBe(0);
    expect(real.run.energy.joules).toBeCloseTo(fast.run.energy.joules, 6);
    expect(real.run.broken).toEqual([]);
    console.log(`JsVars: ${real.run.memory!.loaded} after load, ${real.run.memory!.peak} at the peak`);
    expect(real.run.memory!.peak).toBeLessThan(2000);
  });
});
