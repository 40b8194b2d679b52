/** The SIM7020's own TCP and UDP sockets (AT manual chapter 6), name resolution and SNTP. */
import type { TcpEnd } from "../network/tcp.ts";
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { integer } from "./core.ts";
import type { CommandTable, Done, ModemCore } from "./core.ts";
import type { FamilySockets } from "./family.ts";
import { dateTime, zone } from "./modem-time.ts";
import { sim7020Figures } from "./sim7020-figures.ts";
import { createSocketPool, type PoolSocket } from "./socket-pool.ts";

/** +CSOERR codes; a close by the far end has none of its own and comes as the common one (inferred from lwIP's codes). */
const endCodes: Readonly<Record<TcpEnd, number>> = { closed: -1, aborted: 2, reset: 3, refused: 3 };
const interfaceDown = 11;
const bufferFull = 6;

const socketCount = 5;
const dnsBytes = 60;
const sntpBytes = 76;

export function createSockets(core: ModemCore): FamilySockets {
  const { network, radio, saved, settings, port, quirks } = core;
  const failed = new AtFailure();
  const flags = { send: () => saved.flags["+CSOSENDFLAG"] === "1", text: () => saved.flags["+CSORCVFLAG"] === "1" };
  const manual = () => settings.flags["+CSORXGET"] === "1";
  const pool = createSocketPool(core, socketCount, {
    received,
    acknowledged: (id, bytes) => {
      if (flags.send()) port.urc(`SEND: ${id},${bytes}`);
    },
    ended: (id, reason) => port.urc(`+CSOERR: ${id},${endCodes[reason]}`),
  });
  const lookup = (text: string | undefined): [number, PoolSocket] | undefined => {
    const id = integer(text, 0, socketCount - 1);
    const socket = pool.find(id);
    return socket && [id!, socket];
  };

  function received(id: number, socket: PoolSocket, bytes: Uint8Array): void {
    if (manual()) {
      socket.unread = Buffer.concat([socket.unread, bytes]);
      port.urc(`+CSORXGET: 1,${id}`);
      return;
    }
    const limit = sim7020Figures.maxIndicationBytes.value;
    for (let start = 0; start < bytes.length; start += limit) {
      const piece = Buffer.from(bytes.subarray(start, start + limit));
      const text = flags.text() ? piece.toString("latin1") : piece.toString("hex").toUpperCase();
      port.urc(`+CSONMI: ${id},${text.length},${text}`);
    }
  }

  function connect([idText, portText, address]: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const found = lookup(idText);
    const remotePort = integer(portText, 1, 65_535);
    if (!found || remotePort === undefined || !address || found[1].state !== "created") return failed;
    const [id] = found;
    if (!radio.registered) return new AtFailure(undefined, [`+CSOERR: ${id},${interfaceDown}`]);
    const isName = !/^\d+\.\d+\.\d+\.\d+$/.test(address);
    if (isName && quirks.resolvesNames === false) return failed;
    pool.connect(id, address, remotePort, (result) => {
      if (result === "connected") done([]);
      else done(new AtFailure(undefined, [`+CSOERR: ${id},${result === "unresolved" ? 1 : endCodes[result]}`]));
    });
    return undefined;
  }

  function send([idText, lengthText, data]: readonly (string | undefined)[]): AtAnswer {
    const found = lookup(idText);
    const length = integer(lengthText, 0, 2 * sim7020Figures.maxSendBytes.value);
    if (!found || length === undefined || data === undefined || found[1].state !== "connected") return failed;
    const [id] = found;
    // Length 0 announces text; any other counts the hex digits that follow.
    if (length !== 0 && (length !== data.length || length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(data))) return failed;
    const bytes = new Uint8Array(length === 0 ? Buffer.from(data, "latin1") : Buffer.from(data, "hex"));
    if (bytes.length === 0 || bytes.length > sim7020Figures.maxSendBytes.value) return failed;
    return pool.send(id, bytes) ? [] : new AtFailure(undefined, [`+CSOERR: ${id},${bufferFull}`]);
  }

  function read([mode, idText, lengthText]: readonly (string | undefined)[]): AtAnswer {
    if (mode === "0" || mode === "1") {
      settings.flags = { ...settings.flags, "+CSORXGET": mode };
      return [];
    }
    const found = lookup(idText);
    if (!found) return failed;
    const [id, socket] = found;
    if (mode === "4") return [`+CSORXGET: 4,${id},${socket.unread.length}`];
    const wanted = integer(lengthText, 1, mode === "3" ? 730 : 1460);
    if ((mode !== "2" && mode !== "3") || wanted === undefined) return failed;
    const taken = socket.unread.subarray(0, wanted);
    socket.unread = socket.unread.subarray(taken.length);
    const header = `+CSORXGET: ${mode},${id},${wanted},${taken.length}`;
    return taken.length ? [`${header}\r\n${taken.toString(mode === "3" ? "hex" : "latin1")}`] : [header];
  }

  const commands: CommandTable = {
    "+CSOC": {
      test: "+CSOC: (1-2),(1-3),(1-2)",
      read: () => pool.sockets.flatMap((socket, id) => (socket ? [`+CSOC: ${id},1,${socket.isTcp ? 1 : 2},1`] : [])),
      set([domain, type, protocol]) {
        if (domain !== "1" || (type !== "1" && type !== "2") || integer(protocol, 1, 2) === undefined) return failed;
        const id = pool.create(type === "1");
        if (id === undefined) return failed;
        return [`+CSOC: ${id}`];
      },
    },
    "+CSOCON": {
      test: "",
      read: () =>
        pool.sockets.flatMap((socket, id) =>
          socket?.state === "connected" ? [`+CSOCON: ${id},${socket.isTcp ? 1 : 2}`] : [],
        ),
      set: connect,
    },
    "+CSOSEND": { test: "", set: send },
    "+CSOCL": {
      test: "",
      set([idText]) {
        const found = lookup(idText);
        if (!found) return failed;
        pool.close(found[0]);
        return [];
      },
    },
    "+CSOSTATUS": {
      test: "+CSOSTATUS: (0-4)",
      set([idText]) {
        const id = integer(idText, 0, socketCount - 1);
        if (id === undefined) return failed;
        const socket = pool.find(id);
        return [`+CSOSTATUS: ${id},${socket ? (socket.state === "connected" ? 2 : 1) : 0}`];
      },
    },
    "+CSOACK": {
      test: "+CSOACK: (0-4)",
      set([idText]) {
        const found = lookup(idText);
        if (!found) return failed;
        const [id, { sentBytes, acknowledgedBytes }] = found;
        return [`+CSOACK: ${id},${sentBytes},${acknowledgedBytes},${sentBytes - acknowledgedBytes}`];
      },
    },
    "+CSOSENDFLAG": flag("+CSOSENDFLAG"),
    "+CSORCVFLAG": flag("+CSORCVFLAG"),
    "+CSORXGET": {
      test: "+CSORXGET: (0-4),(0-4),(1-1460)",
      read: () => [`+CSORXGET: ${manual() ? 1 : 0}`],
      set: read,
    },
    "+CDNSGIP": {
      set([host]) {
        if (!host || !radio.registered) return failed;
        pool.exchange(dnsBytes, (answered) =>
          port.urc(answered ? `+CDNSGIP: 1,"${host}","${network.resolve(host)}"` : "+CDNSGIP: 0,8"),
        );
        return [];
      },
    },
    "+CSNTPSTART": {
      set([host, quarters]) {
        if (!host || !radio.registered) return failed;
        const zoneQuarters = integer(quarters?.replace("+", ""), -47, 48) ?? 0;
        pool.exchange(sntpBytes, (answered) => {
          if (!answered) return;
          const unix = network.unixNow();
          core.setTime({ unix, zoneQuarters });
          const milliseconds = Math.floor((unix % 1) * 1000);
          port.urc(
            `+CSNTP: ${dateTime(unix, zoneQuarters)}:${milliseconds}${quarters ? `,${zone(zoneQuarters)}` : ""}`,
          );
        });
        return [];
      },
    },
    "+CSNTPSTOP": { run: () => [] },
  };

  function flag(name: string) {
    return {
      test: `${name}: (0,1)`,
      read: () => [`${name}: ${saved.flags[name] ?? "0"}`],
      set([value]: readonly (string | undefined)[]): AtAnswer {
        if (value !== "0" && value !== "1") return failed;
        saved.flags = { ...saved.flags, [name]: value };
        return [];
      },
    };
  }

  return {
    commands,
    get blockPsm() {
      return pool.open;
    },
    forget: (keepUdp) => pool.forget(keepUdp),
  };
}
