/** Ends device code that never returns, such as `while (true);`: nothing inside virtual time could. */
import vm from "node:vm";
import type { Device } from "../device.ts";

const context = vm.createContext({ run: undefined }) as { run: (() => void) | undefined };
const script = new vm.Script("run()");

/**
 * Runs `batch` (some thousand alarms of the clock) and hangs the device whose code is still running after `limitMs` of real
 * time. Arming costs about as much as ten wakes, so batches should be long. True when it ran to its end.
 */
export function guarded(devices: readonly Device[], batch: () => void, limitMs = 10_000): boolean {
  context.run = batch;
  try {
    script.runInContext(context, { timeout: limitMs });
    return true;
  } catch (error) {
    const stuck = devices.filter((device) => device.inCode);
    if ((error as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT" || stuck.length === 0) throw error;
    for (const device of stuck) {
      device.hang();
      device.abandonTurn();
    }
    return false;
  } finally {
    context.run = undefined;
  }
}
