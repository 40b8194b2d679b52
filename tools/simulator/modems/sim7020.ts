/** SIM7020E/G: hardware design V1.02, AT command manual V1.05, low power application note V1.03. */
import { at } from "../network/network.ts";
import { AtFailure } from "./at-port.ts";
import { choice, incorrectParameters, ok, syntaxError } from "./command-forms.ts";
import type { CommandTable, ModemCore } from "./core.ts";
import type { ModemFamily } from "./family.ts";
import { simcomCommands } from "./simcom-commands.ts";
import { together } from "./mqtt-client.ts";
import { sim7020Figures } from "./sim7020-figures.ts";
import { sim7020Mqtt } from "./sim7020-mqtt.ts";
import { createSockets } from "./sim7020-sockets.ts";
import { setEdrx } from "./standard-commands.ts";

function commands(core: ModemCore): CommandTable {
  const { network, radio, saved, settings } = core;
  const { profile } = network;
  return {
    ...simcomCommands(core),
    I: { run: () => [`${core.model.slice(0, 7)} R1752`] },
    "*MCGDEFCONT": {
      test: '*MCGDEFCONT: ("IP","IPV6","IPV4V6","Non-IP")',
      read: () => [`*MCGDEFCONT: "IP","${saved.apn}"`],
      set([type, apn]) {
        // The application note sets it with the radio off; with the radio on it is refused.
        if (settings.functionality !== 0) return new AtFailure(3);
        if (!type || !["IP", "IPV6", "IPV4V6", "NON-IP"].includes(type.toUpperCase())) return incorrectParameters;
        saved.apn = apn ?? "";
        return ok;
      },
    },
    "+RETENTION": choice("+RETENTION", "(0-1)", saved, "retention", 1),
    "*MEDRXCFG": {
      test: '*MEDRXCFG: (0-3),(5),("0000"-"1111"),("0000"-"1111")',
      read: () => [`*MEDRXCFG: 5,"${saved.edrxCode}","${saved.pagingWindowCode}"`],
      set: ([mode, type, code, window]) => setEdrx(saved, mode, type, code, window),
    },
    "+CNBIOTRAI": choice("+CNBIOTRAI", "(0-2)", settings, "releaseAssistance", 2, () =>
      radio.assist(settings.releaseAssistance),
    ),
    "+CRESET": { test: "", run: () => (core.restart(), undefined) },
    "+CURTC": choice("+CURTC", "(0,1)", saved, "clockShowsLocal", 1),
    "+CENG": {
      test: "+CENG: (0,1)",
      set: ([value]) => (value === "0" || value === "1" ? ok : syntaxError),
      read() {
        if (!radio.registered || !network.covered()) return new AtFailure(radio.state === "searching" ? 841 : 840);
        const { earfcn, physicalCell, cellId, trackingArea, band } = profile.cell;
        const { coverage } = profile;
        const rsrp = coverage.rsrpDbm.value;
        const isIdle = radio.state === "idle";
        // Signal fields exist in RRC idle only.
        const signal = isIdle ? `${rsrp},-11,${Math.round(rsrp + 10.8)},${coverage.snrDb.value}` : ",,,";
        const power = at(coverage.transmitDbm, radio.level) * 10;
        const where = `${earfcn},3,${physicalCell},"${cellId}",${signal},${band},"${trackingArea}"`;
        return [`+CENG: ${where},${radio.level},${power},${isIdle ? rsrp : ""}`];
      },
    },
  };
}

export const sim7020: ModemFamily = {
  name: "sim7020",
  title: "SIMCom SIM7020E, SIM7020G",
  models: ["SIM7020E", "SIM7020G", "SIM7020C"],
  figures: sim7020Figures,
  dialect: {
    colon: ": ",
    maker: "SIMCOM_Ltd",
    revision: "1752B08SIM7020",
    registrationForms: 5,
    technology: 9,
    // An undocumented <rac> and empty cause fields, as the low power application note shows.
    causes: ',"00",,,',
    clockQuoted: false,
    signal: "sim7020",
    apnCommand: "*MCGDEFCONT",
    context: 1,
    enterPsm: '+CPSMSTATUS: "ENTER PSM"',
    exitPsm: ["+CPIN: READY", '+CPSMSTATUS: "EXIT PSM"'],
    farewell: "NORMAL POWER DOWN",
    farewellIsFinal: true,
    offCommand: "+CPOWD",
    asksPsmOnChangeOnly: true,
    greetings: [
      [0, "RDY"],
      [0, "+CFUN: 1"],
      [400, "+CPIN: READY"],
      [1500, "SMS Ready"],
    ],
  },
  factory: {},
  commands,
  sockets: (core) => together(createSockets(core), sim7020Mqtt(core)),
};
