/**
 * A lamp post at a blind corner of a depot: vehicles and people in the hours of work, a few at night. The post has mains at
 * all times but for one night; an 18650 and its charger carry the node over that. The traffic is made up.
 */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { constant, scenario, steps } from "hibernode/simulator";

/** Who passes, second by second of one hour. */
const passes: [string, number][] = [["0s", 0]];
for (const [at, lasts] of [
  [70, 6],
  [310, 11],
  [312 + 60, 4],
  [900, 35],
  [1506, 8],
  [2210, 3],
  [2900, 19],
] as const)
  passes.push([`${at}s`, 1], [`${at + lasts}s`, 0]);

export default scenario({
  decides: "someone comes: warns on the spot; mains gone",
  staysAwake: true,
  board,
  cell: "li-ion-18650",
  harvester: "charger",
  parts: {
    corner: { part: "pir", pin: "D27", place: "corner" },
    battery: { part: "battery-divider", pin: "D34", ratio: 2 },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    corner: { motion: steps(passes, { repeat: "1h" }), temperature: constant(9) },
    charger: {
      power: steps([
        ["0s", 2],
        ["4d22h", 0],
        ["5d8h", 2],
      ]),
    },
  },
  network: "vodafone-es",
  settings: { id: "post-41", broker: "broker.example", apn: "iot.example" },
  lasts: "7d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@2d+6h", "power-cut@9d+1h", "broker-down@12d+3h", "modem-silent@20d+5h"],
  },
  clockDriftPpm: 5000,
});
