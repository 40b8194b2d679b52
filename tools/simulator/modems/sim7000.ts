/** SIM7000 series: AT command manual V1.06, hardware design V1.07. One connection, as AT+CIPMUX=0 has it. */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { ok, remembered } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { Done, ModemCore } from "./core.ts";
import type { FamilySockets, ModemFamily } from "./family.ts";
import { simcomLteCommands, sim7080 } from "./sim7080.ts";
import { sim7000Figures, sim7000Gnss } from "./sim7000-figures.ts";
import { createSocketPool } from "./socket-pool.ts";

const localAddress = "10.94.36.44";
const longestHexRead = 730;
const longestRead = 1460;

type State = "IP INITIAL" | "IP START" | "IP GPRSACT" | "IP STATUS" | "CONNECT OK" | "TCP CLOSED" | "PDP DEACT";

function sockets(core: ModemCore): FamilySockets {
  const { radio, port, settings } = core;
  const failed = new AtFailure(3);
  let state: State = "IP INITIAL";
  const manual = () => settings.flags["+CIPRXGET"] === "1";
  const pool = createSocketPool(core, 1, {
    received(_, socket, bytes) {
      if (manual()) {
        if (socket.unread.length === 0) port.urc("+CIPRXGET: 1");
        socket.unread = Buffer.concat([socket.unread, bytes]);
        return;
      }
      // Without AT+CIPHEAD=1 the bytes come as they are.
      port.urc(Buffer.from(bytes).toString("latin1"));
    },
    ended() {
      state = "TCP CLOSED";
      port.urc("CLOSED");
    },
  });

  function start([kind, host, portText]: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const remotePort = integer(portText, 0, 65_535);
    if ((kind !== "TCP" && kind !== "UDP") || !host || remotePort === undefined) return failed;
    if (state === "CONNECT OK") return { final: "ERROR", after: ["ALREADY CONNECT"] };
    if ((state !== "IP STATUS" && state !== "TCP CLOSED") || !radio.registered) return failed;
    pool.close(0);
    pool.create(kind === "TCP", 0);
    done(ok);
    pool.connect(0, host, remotePort, (result) => {
      state = result === "connected" ? "CONNECT OK" : "TCP CLOSED";
      port.urc(result === "connected" ? "CONNECT OK" : "CONNECT FAIL");
    });
    return undefined;
  }

  function send([lengthText]: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const length = integer(lengthText, 1, core.family.figures.maxSendBytes.value);
    if (length === undefined || state !== "CONNECT OK") return failed;
    port.prompt(length, (bytes) => done({ final: pool.send(0, bytes) ? "SEND OK" : "SEND FAIL" }));
    return undefined;
  }

  function read([mode, lengthText]: readonly (string | undefined)[]): AtAnswer {
    if (mode === "0" || mode === "1") {
      settings.flags = { ...settings.flags, "+CIPRXGET": mode };
      return ok;
    }
    const socket = pool.find(0);
    if (!socket || !manual()) return failed;
    if (mode === "4") return [`+CIPRXGET: 4,${socket.unread.length}`];
    const wanted = integer(lengthText, 1, mode === "3" ? longestHexRead : longestRead);
    if ((mode !== "2" && mode !== "3") || wanted === undefined) return failed;
    const taken = socket.unread.subarray(0, wanted);
    socket.unread = socket.unread.subarray(taken.length);
    const header = `+CIPRXGET: ${mode},${taken.length},${socket.unread.length}`;
    return taken.length
      ? [`${header}\r\n${mode === "3" ? taken.toString("hex").toUpperCase() : taken.toString("latin1")}`]
      : [header];
  }

  const shut = () => {
    pool.forget(false);
    state = "IP INITIAL";
    core.planSleep();
  };

  return {
    commands: {
      "+CIPMUX": remembered("+CIPMUX", settings),
      "+CIPHEAD": remembered("+CIPHEAD", settings),
      "+CSTT": {
        test: "",
        run: () => (state === "IP INITIAL" ? ((state = "IP START"), ok) : failed),
        set: () => (state === "IP INITIAL" ? ((state = "IP START"), ok) : failed),
      },
      "+CIICR": {
        test: "",
        run: () => (state === "IP START" && radio.registered ? ((state = "IP GPRSACT"), ok) : failed),
      },
      // The address alone, and no OK behind it.
      "+CIFSR": {
        test: "",
        run() {
          if (state === "IP INITIAL" || state === "IP START") return failed;
          if (state === "IP GPRSACT") state = "IP STATUS";
          return { final: localAddress };
        },
      },
      "+CIPSTATUS": { test: "", run: () => ({ after: [`STATE: ${state}`] }) },
      "+CIPSTART": { test: "", set: start },
      "+CIPSEND": { test: "", set: send },
      "+CIPRXGET": { test: "", read: () => [`+CIPRXGET: ${manual() ? 1 : 0}`], set: read },
      "+CIPCLOSE": {
        test: "",
        run() {
          if (state !== "CONNECT OK") return failed;
          pool.close(0);
          state = "TCP CLOSED";
          return { final: "CLOSE OK" };
        },
      },
      "+CIPSHUT": { test: "", run: () => (shut(), { final: "SHUT OK" }) },
    },
    get blockPsm() {
      return pool.open;
    },
    forget: shut,
  };
}

export const sim7000: ModemFamily = {
  ...sim7080,
  name: "sim7000",
  title: "SIMCom SIM7000E, SIM7000G",
  models: ["SIMCOM_SIM7000G", "SIMCOM_SIM7000E"],
  figures: sim7000Figures,
  gnss: sim7000Gnss,
  dialect: { ...sim7080.dialect, revision: "1529B08SIM7000", registrationForms: 4 },
  commands: simcomLteCommands,
  sockets,
};
