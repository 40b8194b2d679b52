/** `hibernode/simulator`: for scenarios, and for tests of one's own firmware in virtual time. */
import { findFirmware, loadScenario } from "../firmware.ts";
import { createSink } from "./network/sink.ts";
import { run, type Run, type RunOptions } from "./run.ts";
import type { Scenario } from "./scenario.ts";

export { crc8 } from "./parts/crc8.ts";
export { packageFile } from "./world/package-file.ts";
export { capacitor } from "./energy/cells/rechargeable.ts";
export { indoorLight, solar, trainPasses } from "./energy/harvesters.ts";
export { constant, noise, sine, steps, sum, trace } from "./world/sources.ts";
export { run };
export type { Message, Run, RunOptions } from "./run.ts";
export type { PartContext } from "./hardware.ts";
export type { Part } from "./parts/part.ts";
export type { I2cPart } from "./parts/catalogue.ts";
export { samples } from "./world/samples.ts";
export type { BoardModule, PartWiring, Scenario } from "./scenario.ts";

/** Declares what surrounds a firmware. Only gives the object its type, at the author's line. */
export function scenario(of: Scenario): Scenario {
  return of;
}

export type FirmwareRunOptions = Partial<Omit<RunOptions, "bundle" | "closed">>;

/**
 * Builds the firmware of a folder and lives through its scenario; unless a server is given, messages end in a sink.
 * @param folder holds node.ts and scenario.ts
 */
export async function simulateFirmware(folder: string, options: FirmwareRunOptions = {}): Promise<Run> {
  const firmware = findFirmware(folder);
  // every scenario imports this module: the compiler is loaded by those who build
  const { buildFirmware } = await import("../build/build.ts");
  const { asFlashed } = await import("../update/image.ts");
  const { bundle } = await buildFirmware({ entry: firmware.entry });
  return run({
    scenario: options.scenario ?? (await loadScenario(firmware)),
    ...(await asFlashed(bundle, firmware.entry)),
    closed: true,
    cpu: true,
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
    ...options,
  });
}
