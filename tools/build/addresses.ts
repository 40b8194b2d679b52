/** Whether the sensors that a firmware declares can share their buses. */
import { UserError } from "../errors.ts";
import { hex } from "../hex.ts";
import { declaredSensors } from "./declared-sensors.ts";

/** Number of I2C sensors found. Throws a UserError for an address that a part cannot have, and for one that two parts have. */
export async function checkAddresses(entry: string): Promise<number> {
  const taken = new Map<string, string>();
  for (const { name, facts, where, at: bus, address } of await declaredSensors(entry)) {
    const { addresses, title } = facts;
    if (!addresses) continue;
    const at = address ?? addresses[0]!;
    if (!addresses.includes(at))
      throw new UserError(`${title} cannot have the address ${hex(at)}`, {
        where,
        fix: `choose one of ${addresses.map(hex).join(", ")}`,
      });
    const place = `${bus} ${at}`;
    const other = taken.get(place);
    if (other !== undefined)
      throw new UserError(`${other} and ${name} are both at address ${hex(at)} of ${bus}`, {
        where,
        fix:
          addresses.length > 1
            ? `give one of them another address, here { address: ${hex(addresses.find((one) => one !== at)!)} }, or another bus`
            : "put one of them on another bus",
      });
    taken.set(place, name);
  }
  return taken.size;
}
