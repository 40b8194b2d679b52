/** Settings as they leave the factory, and as they are after a start. */
import type { SavedSettings, VolatileSettings } from "./core.ts";

export const factorySettings: SavedSettings = {
  baud: 0,
  psmMode: 0,
  psmTimers: { periodicTau: "00100110", activeTime: "00100001" },
  retention: 0,
  slowClock: 0,
  edrxMode: 0,
  edrxCode: "0000",
  pagingWindowCode: "0001",
  apn: "cmnbiot",
  flags: {},
  reportTime: 0,
  clockShowsLocal: 1,
  echo: true,
  errors: 0,
  reportPsm: 0,
};

export const startSettings: VolatileSettings = {
  registrationReport: 0,
  packetRegistrationReport: 0,
  reportPsm: 0,
  reportConnection: 0,
  functionality: 1,
  releaseAssistance: 0,
  flags: {},
};
