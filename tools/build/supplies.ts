/** Whether the parts that a firmware declares live on what feeds them: the board's rail, unless the firmware says otherwise. */
import type { BoardFacts } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import { declaredSensors } from "./declared-sensors.ts";

/** Throws a UserError for a part that does not take its supply, with what to do. */
export async function checkSupplies(entry: string, { power, name: board }: BoardFacts): Promise<void> {
  const rail = power.railVolts.value;
  for (const { facts, where, call, suppliedVolts } of await declaredSensors(entry)) {
    const [low, high] = facts.volts;
    const volts = suppliedVolts ?? rail;
    if (volts >= low && volts <= high) continue;
    const takes = `${facts.title} takes ${low} to ${high} V`;
    if (suppliedVolts !== undefined)
      throw new UserError(`${takes}, and is to be supplied with ${volts} V`, { where, fix: "give it what it takes" });
    const converter = volts < low ? "a boost converter" : "a regulator";
    throw new UserError(`${takes}, and the rail of the ${board} has ${rail} V`, {
      where,
      fix: `feed it from ${converter} (behind a powerGate, which switches it off) and say so: suppliedWith(${volts < low ? Math.max(low, Math.min(high, 5)) : high}, ${call.replace(/\s+/g, " ")}) from hibernode/sensors/supplied-with; where its data lines have that voltage too, put a level shifter between`,
    });
  }
}
