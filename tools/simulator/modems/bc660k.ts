/** Quectel BC660K-GL and BC66: BC660K-GL AT commands manual; what a battery-powered design met in the field. */
import { at } from "../network/network.ts";
import { AtFailure } from "./at-port.ts";
import { ok, incorrectParameters } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { CommandTable, ModemCore } from "./core.ts";
import type { ModemFamily } from "./family.ts";
import { quectelCommands } from "./bg96.ts";
import { bc660kFigures, bc66Figures } from "./bc660k-figures.ts";
import { together } from "./mqtt-client.ts";
import { bc660kMqtt, bc66Mqtt, quectelMqtt } from "./quectel-mqtt.ts";
import { quectelSockets } from "./quectel-sockets.ts";

/** `highest`: BC660K knows only 1 (one uplink, nothing expected), and takes it only while connected. */
const commands =
  (highest: 1 | 2) =>
  (core: ModemCore): CommandTable => {
    const { radio, settings, network } = core;
    const { profile } = network;
    return {
      ...quectelCommands(core),
      "+QNBIOTRAI": {
        test: `+QNBIOTRAI: (0-${highest})`,
        read: () => [`+QNBIOTRAI: ${settings.releaseAssistance}`],
        set([value]) {
          const indication = integer(value, 0, highest);
          if (indication === undefined) return incorrectParameters;
          if (highest === 1 && radio.state !== "connected") return new AtFailure();
          settings.releaseAssistance = indication as 0 | 1 | 2;
          radio.assist(indication as 0 | 1 | 2);
          return ok;
        },
      },
      "+QENG": {
        test: "",
        set() {
          if (!radio.registered || !network.covered()) return ok;
          const { earfcn, physicalCell, cellId, trackingArea, band } = profile.cell;
          const { rsrpDbm, snrDb, transmitDbm } = profile.coverage;
          const signal = `${rsrpDbm.value},-9,${rsrpDbm.value + 9},${snrDb.value}`;
          const place = `${earfcn},9,${physicalCell},"${cellId}",${signal},${band},"${trackingArea}"`;
          return [`+QENG: 0,${place},${radio.level},${at(transmitDbm, radio.level)},2`];
        },
      },
      "+QDRX": {
        test: "",
        read() {
          if (radio.state !== "connected") return [`+QDRX: 1,${profile.pagingCycleSeconds.value * 1000}`];
          const { cycleMs, onMs } = profile.connectedDrx;
          const inactivityMs = profile.inactivitySeconds.value * 1000;
          return [`+QDRX: 2,${inactivityMs},0,0,0,${cycleMs.value},${onMs.value}`];
        },
      },
      "+CSCLK": { test: "", set: () => new AtFailure() },
    };
  };

const dialect = {
  colon: ": ",
  maker: "Quectel_Ltd",
  revision: "BC660KGLAAR01A03",
  registrationForms: 5,
  technology: 9,
  causes: ",,,",
  clockQuoted: false,
  signal: "27.007",
  apnCommand: "+CGDCONT",
  context: 1,
  enterPsm: '+QNBIOTEVENT: "ENTER PSM"',
  exitPsm: ['+QNBIOTEVENT: "EXIT PSM"'],
  farewell: "POWERED DOWN",
  farewellIsFinal: false,
  offCommand: "+QPOWD",
  asksPsmOnChangeOnly: false,
  greetings: [
    [0, "RDY"],
    [300, "+CFUN: 1"],
    [400, "+CPIN: READY"],
  ],
} as const;

export const bc660k: ModemFamily = {
  name: "bc660k",
  title: "Quectel BC660K-GL",
  models: ["BC660K-GL"],
  figures: bc660kFigures,
  dialect,
  factory: { apn: "", slowClock: 2 },
  wakesOnUart: true,
  commands: commands(1),
  sockets: (core) =>
    together(
      quectelSockets(core, {
        count: 4,
        contextFirst: false,
        inline: true,
        context: false,
        access: 1,
        closed: ["CLOSE OK"],
      }),
      quectelMqtt(core, bc660kMqtt),
    ),
};

export const bc66: ModemFamily = {
  ...bc660k,
  name: "bc66",
  title: "Quectel BC66, BC26",
  models: ["Quectel_BC66", "Quectel_BC26"],
  figures: bc66Figures,
  dialect: { ...dialect, revision: "BC66NBR01A10", maker: "Quectel_Ltd" },
  wakesOnUart: false,
  commands: commands(2),
  sockets: (core) =>
    together(
      quectelSockets(core, {
        count: 5,
        contextFirst: true,
        inline: true,
        context: false,
        access: 1,
        closed: ["CLOSE OK"],
      }),
      quectelMqtt(core, bc66Mqtt),
    ),
};
