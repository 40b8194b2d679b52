/** Quectel BG96, BG95-M3: BG96 AT commands manual V2.3, TCP/IP application note V1.2, hardware design V1.3. */
import { AtFailure } from "./at-port.ts";
import { always, keyed, line, ok } from "./command-forms.ts";
import type { CommandTable, Done, ModemCore } from "./core.ts";
import type { ModemFamily } from "./family.ts";
import { bg95Figures, bg96Figures } from "./bg96-figures.ts";
import { decodeActiveTime, decodePeriodicTau } from "../network/timers.ts";
import { together } from "./mqtt-client.ts";
import { bg96Mqtt, quectelMqtt } from "./quectel-mqtt.ts";
import { quectelSockets } from "./quectel-sockets.ts";
import { quectelTls } from "./quectel-tls.ts";

export function quectelCommands(core: ModemCore): CommandTable {
  const { radio, saved, settings } = core;
  const { profile } = core.network;
  const configuration = keyed("+QCFG", saved);
  const isServed = () => radio.registered && core.network.covered();
  return {
    "+QCFG": {
      ...configuration,
      // 4.2.6: read alone
      set: (values, done) =>
        values[0] === "celevel"
          ? isServed()
            ? [`+QCFG: "celevel",${radio.level}`]
            : new AtFailure()
          : configuration.set!(values, done),
    },
    "+CTZU": always(ok),
    "+CTZR": always(ok),
    "+QSCLK": {
      test: "+QSCLK: (0-2)",
      read: () => [`+QSCLK: ${saved.slowClock}`],
      set([value]) {
        saved.slowClock = value === "1" || value === "2" ? 2 : 0;
        core.planSleep();
        return ok;
      },
    },
    "+QPSMS": {
      test: "",
      read() {
        const { psmTimers } = saved;
        const seconds = [decodeActiveTime(psmTimers.activeTime), decodePeriodicTau(psmTimers.periodicTau)];
        return [`+QPSMS: ${seconds.map((value) => value ?? 0).join(",")}`];
      },
    },
    "+QNWINFO": {
      test: "",
      run: () =>
        radio.registered
          ? [`+QNWINFO: "CAT-NB1","${profile.cell.plmn}","LTE BAND ${profile.cell.band}",${profile.cell.earfcn}`]
          : ['+QNWINFO: "No Service"'],
    },
    "+QCSQ": {
      test: "",
      run() {
        const rsrp = profile.coverage.rsrpDbm.value;
        const sinr = (profile.coverage.snrDb.value + 20) * 5;
        return [isServed() ? `+QCSQ: "CAT-NB1",${rsrp + 11},${rsrp},${sinr},-11` : '+QCSQ: "NOSERVICE"'];
      },
    },
    "+QCCID": line("+QCCID: 898600810906F8048812"),
    "+QPOWD": {
      test: "",
      run: (done) => off(done),
      set: (_, done) => off(done),
    },
    "+QNBIOTEVENT": {
      test: "",
      set([enable]) {
        settings.reportPsm = enable === "1" ? 1 : 0;
        return ok;
      },
    },
    "+QIND": keyed("+QIND", saved),
  };

  function off(done: Done): undefined {
    done({ after: [core.family.dialect.farewell] });
    core.powerDown();
    return undefined;
  }
}

/** @param checksHost see quectel-tls.ts */
const sockets = (checksHost: boolean) => (core: ModemCore) => {
  const form = { count: 12, contextFirst: true, inline: false, context: true, access: 0, closed: [] } as const;
  const own = quectelSockets(core, form);
  return together(
    together(
      own,
      quectelTls(core, () => own.active, checksHost),
    ),
    quectelMqtt(core, bg96Mqtt),
  );
};

export const bg96: ModemFamily = {
  name: "bg96",
  title: "Quectel BG96",
  models: ["BG96"],
  figures: bg96Figures,
  dialect: {
    colon: ": ",
    maker: "Quectel",
    revision: "BG96MAR02A07M1G",
    registrationForms: 4,
    technology: 9,
    causes: ",,,",
    clockQuoted: true,
    signal: "27.007",
    apnCommand: "+CGDCONT",
    context: 1,
    enterPsm: "PSM POWER DOWN",
    exitPsm: ["RDY"],
    farewell: "POWERED DOWN",
    farewellIsFinal: false,
    offCommand: "+QPOWD",
    asksPsmOnChangeOnly: false,
    greetings: [
      [0, "APP RDY"],
      [400, "+CPIN: READY"],
    ],
  },
  factory: { baud: 115_200, apn: "" },
  commands: quectelCommands,
  sockets: sockets(false),
};

export const bg95: ModemFamily = {
  ...bg96,
  name: "bg95",
  title: "Quectel BG95-M3, BG77",
  models: ["BG95-M3", "BG77"],
  figures: bg95Figures,
  dialect: { ...bg96.dialect, revision: "BG95M3LAR02A04" },
  // inferred: the manual of BG96 does not have it, later ones do
  sockets: sockets(true),
};
