/** What SIMCom's families have in common beyond the standard: switching off, slow clock, PSM events, network time. */
import { choice, ok, syntaxError } from "./command-forms.ts";
import type { CommandTable, ModemCore } from "./core.ts";

export function simcomCommands(core: ModemCore): CommandTable {
  const { saved, settings } = core;
  return {
    "+CPSMSTATUS": choice("+CPSMSTATUS", "(0-1)", settings, "reportPsm", 1),
    "+CSCLK": choice("+CSCLK", "(0-2)", saved, "slowClock", 2, () => core.planSleep()),
    "+CPOWD": {
      set([value], done) {
        if (value !== "0" && value !== "1") return syntaxError;
        // No OK: the farewell is the answer, and 0 ("urgently") leaves even that out.
        if (value === "1") done({ final: core.family.dialect.farewell });
        core.powerDown();
        return undefined;
      },
    },
    "+CLTS": choice("+CLTS", "(0,1)", saved, "reportTime", 1),
    "+CREBOOT": { test: "", run: (done) => (done(ok), core.restart(), undefined) },
  };
}
