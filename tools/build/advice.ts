/**
 * Contradictions in what a firmware declares: what can never work is an error, what works against the battery a warning, both
 * with the numbers.
 */
import { parseDuration, formatDuration } from "../duration.ts";
import type { PinName } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import { encodeActiveTime, encodePeriodicTau } from "../simulator/network/timers.ts";
import { checkPin } from "../simulator/pin-check.ts";
import type { BoardModule } from "../simulator/scenario.ts";
import { declaredBy, type Declared } from "./declared.ts";
import type { Constants } from "./config-file.ts";
import { checkSession, radioWarnings } from "./radio-advice.ts";
import { checkSignal } from "./signal-check.ts";

/** The library's own, where a firmware says nothing (lib/node.ts, lib/modems/attach.ts). */
const DEFAULTS = { awakeLimit: "3m", "modem.registerLimit": "90s", "modem.psm.tau": "310h", "modem.psm.active": "2s" };
/**
 * A modem's boot, and the exchange with the broker at its slowest: SIM7020 5 s from the power key to its first answer
 * (hardware design 3.4), and tens of seconds of latency under deep coverage (3GPP TR 45.820: up to 10 s a message).
 */
const BESIDES_SEARCH_S = 45;
/** Listening costs as much as attaching anew (see lib/modems/README.md): the driver would count it as a refusal. */
const LONGEST_LISTENING_S = 300;

/** Warnings, a sentence each. Throws a UserError for what can never work. */
export function advise(entry: string, board: BoardModule | undefined, config?: Constants): string[] {
  const declared = declaredBy(entry, config);
  const { durations } = declared;
  const seconds = (path: string): number | undefined => {
    const text = durations.get(path)?.text ?? (DEFAULTS as Readonly<Record<string, string>>)[path];
    return text === undefined ? undefined : parseDuration(text, durations.get(path)?.where);
  };
  const at = (path: string): string => `${durations.get(path)?.where ?? ""}: `.replace(/^: $/, "");
  checkModem(declared, board);
  checkSession(declared);
  checkSignal(entry, declared.modem);
  // the dry run sees the pin only where the node comes to sleep on it
  if (board)
    for (const { text, where } of declared.wakePins)
      checkPin({ name: text as PinName, use: "wake", where }, board.facts());

  const warnings: string[] = [];
  const [sample, report] = [seconds("sample"), seconds("report")];
  const limit = seconds("awakeLimit")!;
  const search = seconds("modem.registerLimit")!;
  if (search + BESIDES_SEARCH_S > limit && (durations.has("awakeLimit") || durations.has("modem.registerLimit")))
    throw new UserError(
      `a search for the network may take ${formatDuration(search)}, boot and report ${BESIDES_SEARCH_S} s more, and a wake ends after ${formatDuration(limit)}`,
      {
        where: durations.get("modem.registerLimit")?.where ?? durations.get("awakeLimit")?.where ?? entry,
        fix: `awakeLimit: "${formatDuration(search + BESIDES_SEARCH_S)}" or more, or a shorter registerLimit`,
      },
    );
  if (sample !== undefined && limit >= sample)
    warnings.push(
      `${at("sample")}a wake may last ${formatDuration(limit)} and the next sample is due after ${formatDuration(sample)}: one that hangs costs samples; lower awakeLimit`,
    );
  if (sample !== undefined && report !== undefined && sample > report)
    warnings.push(
      `${at("report")}it reports every ${formatDuration(report)} and samples every ${formatDuration(sample)}: reports without a new reading pay for the radio and say nothing`,
    );
  return [
    ...warnings,
    ...psmWarnings(declared, seconds, at, report),
    ...radioWarnings(declared, { sample, report, awake: limit, cycle: seconds("modem.edrx") }),
  ];
}

function psmWarnings(
  { durations }: Declared,
  seconds: (path: string) => number | undefined,
  at: (path: string) => string,
  report: number | undefined,
): string[] {
  const warnings: string[] = [];
  const [tau, active] = [seconds("modem.psm.tau")!, seconds("modem.psm.active")!];
  const said = encodePeriodicTau(tau).seconds;
  if (durations.has("modem.psm.tau") && said !== tau)
    warnings.push(
      `${at("modem.psm.tau")}T3412 cannot say ${formatDuration(tau)} (five bits of steps): it is asked as ${formatDuration(said)}`,
    );
  if (report !== undefined && tau <= report)
    warnings.push(
      `${at("modem.psm.tau")}the modem reports to the network by itself every ${formatDuration(tau)}, the node every ${formatDuration(report)}: each of those updates costs a connection; ask for more than the report's period`,
    );
  const listened = encodeActiveTime(active).seconds;
  if (durations.has("modem.psm.active") && listened !== active)
    warnings.push(
      `${at("modem.psm.active")}T3324 cannot say ${formatDuration(active)}: it is asked as ${formatDuration(listened)}`,
    );
  if (active > LONGEST_LISTENING_S)
    warnings.push(
      `${at("modem.psm.active")}listening for ${formatDuration(active)} after each report costs more than to attach anew: the driver will switch the modem off between reports`,
    );
  return warnings;
}

/** A modem that is soldered on is the one at its UART. */
function checkModem({ modem }: Declared, board: BoardModule | undefined): void {
  const facts = board?.facts();
  const own = facts?.modem?.part;
  if (!modem || !own || !/\.modem$/.test(modem.uart)) return;
  // "sim7080g" is driven by sim7080 and sim7080-mqtt, "sim7000g" by sim7000
  if (own.startsWith(modem.text.split("-")[0]!)) return;
  throw new UserError(
    `the ${facts.name} carries a ${own.toUpperCase()}, and the firmware drives a ${modem.text.toUpperCase()}`,
    {
      where: modem.where,
      fix: `import the driver of the modem on the board, for instance hibernode/modems/${own.replace(/[a-z]$/, "")}`,
    },
  );
}
