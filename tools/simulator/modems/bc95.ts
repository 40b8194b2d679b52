/** Quectel BC95 and u-blox SARA-N2 (Neul's command set): UDP alone, counters of the radio's own work. */
import { AtFailure } from "./at-port.ts";
import { always, keyed, ok } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { CommandTable, ModemCore } from "./core.ts";
import type { Dialect, FamilySockets, ModemFamily } from "./family.ts";
import { bc95Figures, saraN2Figures } from "./bc95-figures.ts";
import { at } from "../network/network.ts";
import { createSocketPool } from "./socket-pool.ts";

const socketCount = 7;
/** Flags of AT+NSOSTF: release after this uplink, or after the next downlink. */
const releaseNow = 0x200;
const releaseAfterAnswer = 0x400;

/** u-blox writes `NUESTATS: "RADIO","TX time",…`, Quectel the plain list. */
const commands =
  (quotes: boolean) =>
  (core: ModemCore): CommandTable => {
    const { radio, saved, settings, network } = core;
    const statistics = (): [string, string | number][] => {
      const { coverage, cell } = network.profile;
      const tenths = (value: number) => Math.round(value * 10);
      // without a cell, as public logs show
      const isServed = radio.registered && network.covered();
      const power = (dbm: number) => (isServed ? tenths(dbm) : -32_768);
      return [
        ["Signal power", power(coverage.rsrpDbm.value)],
        ["Total power", power(coverage.rsrpDbm.value + 11)],
        ["TX power", tenths(at(coverage.transmitDbm, radio.level))],
        ["TX time", Math.round(radio.counters.transmitMs)],
        ["RX time", Math.round(radio.counters.receiveMs)],
        ["Cell ID", parseInt(cell.cellId, 16)],
        ["ECL", isServed ? radio.level : 255],
        ["SNR", tenths(coverage.snrDb.value)],
        ["EARFCN", cell.earfcn],
        ["PCI", cell.physicalCell],
        ["RSRQ", -110],
      ];
    };
    const shown = () =>
      statistics().map(([name, value]) => (quotes ? `NUESTATS: "RADIO","${name}",${value}` : `${name}:${value}`));
    return {
      "+NRB": { test: "", run: (done) => (done({ lines: ["REBOOTING"], final: "" }), core.restart(), undefined) },
      "+NCONFIG": keyed("+NCONFIG", saved),
      "+NBAND": keyed("+NBAND", saved),
      "+NPSMR": {
        test: "",
        read: () => [`+NPSMR: ${settings.reportPsm}`],
        set([value]) {
          settings.reportPsm = value === "1" ? 1 : 0;
          return ok;
        },
      },
      "+NUESTATS": { test: "", run: shown, set: ([kind]) => (kind === "RADIO" || kind === "ALL" ? shown() : []) },
      "+CSCLK": always(new AtFailure()),
    };
  };

const sockets =
  (quotes: boolean) =>
  (core: ModemCore): FamilySockets => {
    const { port, radio } = core;
    const failed = new AtFailure();
    const pool = createSocketPool(core, socketCount, {
      received(id, socket, bytes) {
        socket.unread = Buffer.from(bytes);
        port.urc(`+NSONMI: ${id},${bytes.length}`);
      },
      ended: () => undefined,
    });

    function send(values: readonly (string | undefined)[], flags: number): readonly string[] | AtFailure {
      const [idText, host, portText, lengthText, data] = values;
      const id = integer(idText, 0, socketCount - 1);
      const remotePort = integer(portText, 1, 65_535);
      const length = integer(lengthText, 1, core.family.figures.maxSendBytes.value);
      const socket = pool.find(id);
      if (id === undefined || !socket || !host || remotePort === undefined || length === undefined) return failed;
      if (!radio.registered || data?.length !== 2 * length || !/^[0-9a-fA-F]+$/.test(data)) return failed;
      if (!/^\d+\.\d+\.\d+\.\d+$/.test(host)) return failed;
      pool.connect(id, host, remotePort, () => undefined);
      if (flags & releaseNow) radio.assist(1);
      if (flags & releaseAfterAnswer) radio.assist(2);
      pool.send(id, new Uint8Array(Buffer.from(data, "hex")));
      return [`${id},${length}`];
    }

    return {
      commands: {
        "+NSOCR": {
          test: "",
          set([kind, protocol]) {
            if (kind !== "DGRAM" || protocol !== "17") return failed;
            const id = pool.create(false);
            return id === undefined ? failed : [String(id)];
          },
        },
        "+NSOST": { test: "", set: (values) => send(values, 0) },
        "+NSOSTF": {
          test: "",
          set: ([id, host, remotePort, flags, length, data]) =>
            send([id, host, remotePort, length, data], Number(flags ?? 0) || 0),
        },
        "+NSORF": {
          test: "",
          set([idText, lengthText]) {
            const id = integer(idText, 0, socketCount - 1);
            const socket = pool.find(id);
            const wanted = integer(lengthText, 1, 1358);
            if (!socket || wanted === undefined) return failed;
            const taken = socket.unread.subarray(0, wanted);
            socket.unread = socket.unread.subarray(taken.length);
            if (taken.length === 0) return ok;
            const data = taken.toString("hex").toUpperCase();
            const [host, hex] = quotes ? [`"${socket.host}"`, `"${data}"`] : [socket.host, data];
            return [`${id},${host},${socket.port},${taken.length},${hex},${socket.unread.length}`];
          },
        },
        "+NSOCL": {
          test: "",
          set([idText]) {
            const id = integer(idText, 0, socketCount - 1);
            if (id === undefined || !pool.find(id)) return failed;
            pool.close(id);
            return ok;
          },
        },
      },
      blockPsm: false,
      forget: (keepUdp) => pool.forget(keepUdp),
    };
  };

const dialect: Dialect = {
  colon: ": ",
  maker: "u-blox",
  revision: "06.57,A07.03",
  registrationForms: 5,
  technology: 7,
  causes: ",,,",
  clockQuoted: false,
  signal: "27.007",
  apnCommand: "+CGDCONT",
  context: 0,
  enterPsm: "+NPSMR: 1",
  exitPsm: ["+NPSMR: 0"],
  farewell: "",
  farewellIsFinal: false,
  offCommand: "+CFUN",
  asksPsmOnChangeOnly: false,
  greetings: [[0, "REBOOT_CAUSE_SECURITY_RESET_PIN"]],
};

export const saraN2: ModemFamily = {
  name: "sara-n2",
  title: "u-blox SARA-N200, SARA-N211",
  models: ["SARA-N200", "SARA-N211"],
  figures: saraN2Figures,
  dialect,
  factory: { baud: 9600, apn: "", slowClock: 2 },
  alwaysOn: true,
  wakesOnUart: true,
  commands: commands(true),
  sockets: sockets(true),
};

export const bc95: ModemFamily = {
  ...saraN2,
  name: "bc95",
  title: "Quectel BC95-G, BC95-B8",
  models: ["BC95-G"],
  figures: bc95Figures,
  dialect: { ...dialect, colon: ":", maker: "Quectel", revision: "SECURITY,V100R100C10B657SP2" },
  commands: commands(false),
  sockets: sockets(false),
};
