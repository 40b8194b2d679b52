/** SIM7080G (SIM7070G, SIM7090G): AT command manual V1.05, low power application note V1.02, hardware design V1.03. */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { always, choice, keyed, line, ok, remembered } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { CommandTable, Done, ModemCore } from "./core.ts";
import type { FamilySockets, ModemFamily } from "./family.ts";
import { together } from "./mqtt-client.ts";
import { decodeActiveTime, decodePeriodicTau } from "../network/timers.ts";
import { simcomCommands } from "./simcom-commands.ts";
import { sim7080Figures, sim7080Gnss } from "./sim7080-figures.ts";
import { simcomTls } from "./simcom-tls.ts";
import { sim7080Mqtt } from "./sim7080-mqtt.ts";
import { createSocketPool } from "./socket-pool.ts";

const localAddress = "10.94.36.44";
const socketCount = 13;
const longestRead = 1459;
/** Results of AT+CAOPEN (AT manual 12.2.3); of a CA that is another one it says nothing: taken as a failed connection. */
const results = {
  connected: 0,
  unresolved: 20,
  refused: 23,
  expired: 24,
  "wrong-name": 25,
  "wrong-name-and-expired": 26,
  untrusted: 27,
  failed: 27,
  reset: 27,
  closed: 27,
  aborted: 27,
} as const;

export function simcomLteCommands(core: ModemCore): CommandTable {
  const { radio, saved, settings } = core;
  const timers = () => {
    const { psmTimers } = saved;
    const asked = [decodeActiveTime(psmTimers.activeTime), decodePeriodicTau(psmTimers.periodicTau)];
    const net = [decodeActiveTime(radio.granted.activeTime), decodePeriodicTau(radio.granted.periodicTau)];
    return [...asked, ...net].map((seconds) => seconds ?? 0).join(",");
  };
  return {
    ...simcomCommands(core),
    "+CNMP": choice("+CNMP", "((2-Automatic),(13-GSM Only),(38-LTE Only))", { value: 2 }, "value", 51),
    "+CMNB": choice("+CMNB", "((1-Cat-M),(2-NB-IoT),(3-Cat-M And NB-IoT))", { value: 3 }, "value", 3),
    "+CBANDCFG": remembered("+CBANDCFG", saved),
    "+CRAI": {
      ...choice("+CRAI", "(0-2),(0,1)", settings, "releaseAssistance", 2, () =>
        radio.assist(settings.releaseAssistance),
      ),
    },
    "+CPSMRDP": {
      test: "",
      run: () => [
        `+CPSMRDP: ${saved.psmMode},${timers()},${Math.round(core.network.profile.defaultPeriodicTauSeconds.value)}`,
      ],
    },
    "+CPSI": {
      test: "",
      read() {
        if (!radio.registered || !core.network.covered()) return ["+CPSI: NO SERVICE,Online"];
        const { plmn, trackingArea, cellId, physicalCell, band, earfcn } = core.network.profile.cell;
        const { rsrpDbm, snrDb } = core.network.profile.coverage;
        const network = `${plmn.slice(0, 3)}-${plmn.slice(3)}`;
        const place = `0x${trackingArea},${parseInt(cellId, 16)},${physicalCell},EUTRAN-BAND${band},${earfcn}`;
        const sinr = Math.round((snrDb.value + 20) / 2);
        return [`+CPSI: LTE NB-IOT,Online,${network},${place},0,0,-7,${rsrpDbm.value},${rsrpDbm.value + 8},${sinr}`];
      },
    },
    "+CGNAPN": line(`+CGNAPN: 1,"${saved.apn}"`),
  };
}

function sockets(core: ModemCore): FamilySockets {
  const { clock, radio, port } = core;
  let active = false;
  const failed = new AtFailure();
  const secure = simcomTls(core);
  const pool = createSocketPool(core, socketCount, {
    received(id, socket, bytes) {
      // One indication for what has not been read yet.
      if (socket.unread.length === 0) port.urc(`+CADATAIND: ${id}`);
      socket.unread = Buffer.concat([socket.unread, bytes]);
    },
    ended: (id) => port.urc(`+CASTATE: ${id},0`),
  });
  const find = (text: string | undefined) => {
    const id = integer(text, 0, socketCount - 1);
    const socket = pool.find(id);
    return socket && { id: id!, socket };
  };

  function activate([context, action]: readonly (string | undefined)[]): AtAnswer {
    if (integer(context, 0, 3) === undefined || integer(action, 0, 2) === undefined) return failed;
    if (action === "0") {
      active = false;
      pool.forget(false);
      return { after: ["+APP PDP: 0,DEACTIVE"] };
    }
    if (active || !radio.registered) return failed;
    active = true;
    clock.after(300_000, () => active && port.urc("+APP PDP: 0,ACTIVE"));
    return ok;
  }

  function open(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [idText, , kind, host, portText] = values;
    const id = integer(idText, 0, socketCount - 1);
    const remotePort = integer(portText, 0, 65_535);
    if (id === undefined || remotePort === undefined || !host || (kind !== "TCP" && kind !== "UDP")) return failed;
    if (!active || !radio.registered) return [`+CAOPEN: ${id},21`];
    if (core.gnssHasRadio) return [`+CAOPEN: ${id},${results.aborted}`];
    if (pool.create(kind === "TCP", id) === undefined) return [`+CAOPEN: ${id},1`];
    const opened = (result: keyof typeof results) => {
      if (result !== "connected") pool.close(id);
      done([`+CAOPEN: ${id},${results[result]}`]);
    };
    const trust = kind === "TCP" ? secure.trust(id, host) : undefined;
    if (trust) pool.secure(id, host, remotePort, trust, opened);
    else pool.connect(id, host, remotePort, opened);
    return undefined;
  }

  function send([idText, lengthText]: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const found = find(idText);
    const length = integer(lengthText, 1, core.family.figures.maxSendBytes.value);
    if (!found || length === undefined || found.socket.state !== "connected") return failed;
    port.prompt(length, (bytes) => done(pool.send(found.id, bytes) ? ok : failed));
    return undefined;
  }

  function receive([idText, lengthText]: readonly (string | undefined)[]): AtAnswer {
    const found = find(idText);
    const wanted = integer(lengthText, 1, longestRead);
    if (!found || wanted === undefined) return failed;
    const taken = found.socket.unread.subarray(0, wanted);
    found.socket.unread = found.socket.unread.subarray(taken.length);
    return [taken.length ? `+CARECV: ${taken.length},${taken.toString("latin1")}` : "+CARECV: 0"];
  }

  const own: FamilySockets = {
    commands: {
      ...secure.commands,
      "+CNCFG": keyed("+CNCFG", core.saved),
      "+CNACT": {
        test: "+CNACT: (0-3),(0-2)",
        read: () =>
          [0, 1, 2, 3].map((context) =>
            active && context === 0 ? `+CNACT: 0,1,"${localAddress}"` : `+CNACT: ${context},0,"0.0.0.0"`,
          ),
        set: activate,
      },
      "+CACID": always(ok),
      "+CAOPEN": { test: "", set: open },
      "+CASEND": { test: "", set: send },
      "+CARECV": { test: "", set: receive },
      "+CAACK": {
        test: "",
        set([idText]) {
          const found = find(idText);
          if (!found) return failed;
          const { sentBytes, acknowledgedBytes } = found.socket;
          return [`+CAACK: ${sentBytes},${sentBytes - acknowledgedBytes}`];
        },
      },
      "+CASTATE": {
        test: "",
        read: () =>
          pool.sockets.flatMap((socket, id) =>
            socket ? [`+CASTATE: ${id},${socket.state === "connected" ? 1 : 0}`] : [],
          ),
      },
      "+CACLOSE": {
        test: "",
        set([idText]) {
          const found = find(idText);
          if (!found) return failed;
          pool.close(found.id);
          return ok;
        },
      },
    },
    get blockPsm() {
      return pool.open;
    },
    forget(keepUdp) {
      active = false;
      pool.forget(keepUdp);
    },
  };
  return together(
    own,
    sim7080Mqtt(core, () => active),
  );
}

export const sim7080: ModemFamily = {
  name: "sim7080",
  title: "SIMCom SIM7080G, SIM7070G, SIM7090G",
  models: ["SIMCOM_SIM7080G", "SIMCOM_SIM7070G", "SIMCOM_SIM7090G"],
  figures: sim7080Figures,
  gnss: sim7080Gnss,
  dialect: {
    colon: ": ",
    maker: "SIMCOM INCORPORATED",
    revision: "1951B16SIM7080",
    registrationForms: 4,
    technology: 9,
    causes: ",,,",
    clockQuoted: true,
    signal: "27.007",
    apnCommand: "+CGDCONT",
    context: 1,
    enterPsm: '+CPSMSTATUS: "ENTER PSM"',
    exitPsm: ["+CPIN: READY", '+CPSMSTATUS: "EXIT PSM"'],
    farewell: "NORMAL POWER DOWN",
    farewellIsFinal: true,
    offCommand: "+CPOWD",
    asksPsmOnChangeOnly: false,
    greetings: [
      [0, "RDY"],
      [0, "+CFUN: 1"],
      [600, "+CPIN: READY"],
      [2500, "SMS Ready"],
    ],
  },
  factory: { apn: "" },
  commands: simcomLteCommands,
  sockets,
};
