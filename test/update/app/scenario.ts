/** The world of cold-chain, in a room. */
import cold from "../../../firmware/cold-chain/scenario.ts";
import { constant } from "../../../tools/simulator/world/sources.ts";
import type { Scenario } from "../../../tools/simulator/scenario.ts";

const scenario: Scenario = {
  ...cold,
  world: { cargo: { temperature: constant(5), humidity: constant(60) } },
  clockDriftPpm: 0,
};
export default scenario;
