/** The SIM7020's own TCP and UDP sockets (AT manual chapter 6), name resolution and SNTP. */
import { openTcp } from "../network/tcp.ts";
import type { TcpConnection, TcpEnd } from "../network/tcp.ts";
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { dateTime, zone } from "./modem-time.ts";
import { sim7020Figures } from "./sim7020-figures.ts";
import { integer } from "./sim7020-core.ts";
import type { CommandTable, Done, Sim7020Core } from "./sim7020-core.ts";

interface Socket {
  readonly isTcp: boolean;
  state: "created" | "connecting" | "connected";
  tcp?: TcpConnection;
  sentBytes: number;
  acknowledgedBytes: number;
  /** Received and not read yet, with AT+CSORXGET=1. */
  unread: Buffer;
}

export interface Sockets {
  readonly commands: CommandTable;
  /** A TCP connection keeps the modem out of PSM. */
  readonly blockPsm: boolean;
  /** All sockets are gone, or all but UDP ones. */
  forget(keepUdp: boolean): void;
}

/** +CSOERR codes; a close by the far end has none of its own and comes as the common one (inferred from lwIP's codes). */
const endCodes: Readonly<Record<TcpEnd, number>> = { closed: -1, aborted: 2, reset: 3, refused: 3 };
const interfaceDown = 11;
const bufferFull = 6;

const socketCount = 5;
const exchangeAttempts = 3;
const exchangeRetryUs = 5e6;
const dnsBytes = 60;
const sntpBytes = 76;

export function createSockets(core: Sim7020Core): Sockets {
  const { clock, network, radio, saved, settings, port } = core;
  const sockets: (Socket | undefined)[] = new Array<Socket | undefined>(socketCount).fill(undefined);
  const failed = new AtFailure();
  const lookup = (text: string | undefined): [number, Socket] | undefined => {
    const id = integer(text, 0, socketCount - 1);
    const socket = id === undefined ? undefined : sockets[id];
    return socket && [id!, socket];
  };

  /** A question and its answer over UDP, asked again when one of them gets lost. */
  function exchange(bytes: number, done: (answered: boolean) => void, attempts = exchangeAttempts): void {
    const missed = () => {
      if (attempts > 1) clock.after(exchangeRetryUs, () => exchange(bytes, done, attempts - 1));
      else done(false);
    };
    radio.uplink(bytes, (asked) =>
      asked ? radio.downlink(bytes, (answered) => (answered ? done(true) : missed())) : missed(),
    );
  }

  function received(id: number, socket: Socket, bytes: Uint8Array): void {
    if (settings.manualReceive) {
      socket.unread = Buffer.concat([socket.unread, bytes]);
      port.urc(`+CSORXGET: 1,${id}`);
      return;
    }
    const limit = sim7020Figures.maxIndicationBytes.value;
    for (let start = 0; start < bytes.length; start += limit) {
      const piece = Buffer.from(bytes.subarray(start, start + limit));
      const text = saved.socketTextFlag ? piece.toString("latin1") : piece.toString("hex").toUpperCase();
      port.urc(`+CSONMI: ${id},${text.length},${text}`);
    }
  }

  function connectTcp(id: number, socket: Socket, host: string, remotePort: number, done: Done): void {
    socket.state = "connecting";
    socket.tcp = openTcp({
      clock,
      bearer: radio,
      server: network.server,
      host,
      port: remotePort,
      events: {
        connected() {
          socket.state = "connected";
          done([]);
        },
        data: (bytes) => received(id, socket, bytes),
        acknowledged(bytes) {
          socket.acknowledgedBytes += bytes;
          if (saved.socketSendFlag) port.urc(`SEND: ${id},${bytes}`);
        },
        ended(reason) {
          const wasConnected = socket.state === "connected";
          socket.state = "created";
          core.planSleep();
          const line = `+CSOERR: ${id},${endCodes[reason]}`;
          if (wasConnected) port.urc(line);
          else done(new AtFailure(undefined, [line]));
        },
      },
    });
  }

  function connect([idText, portText, address]: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const found = lookup(idText);
    const remotePort = integer(portText, 1, 65_535);
    if (!found || remotePort === undefined || !address || found[1].state !== "created") return failed;
    const [id, socket] = found;
    if (!radio.registered) return new AtFailure(undefined, [`+CSOERR: ${id},${interfaceDown}`]);
    if (!socket.isTcp) {
      socket.state = "connected";
      return [];
    }
    const host = network.hostOf(address);
    const isName = !/^\d+\.\d+\.\d+\.\d+$/.test(address);
    if (!isName) connectTcp(id, socket, host, remotePort, done);
    else if (!core.resolvesNames) return failed;
    else {
      socket.state = "connecting";
      exchange(dnsBytes, (answered) => {
        if (answered) return connectTcp(id, socket, host, remotePort, done);
        socket.state = "created";
        done(new AtFailure(undefined, [`+CSOERR: ${id},1`]));
      });
    }
    return undefined;
  }

  function send([idText, lengthText, data]: readonly (string | undefined)[]): AtAnswer {
    const found = lookup(idText);
    const length = integer(lengthText, 0, 2 * sim7020Figures.maxSendBytes.value);
    if (!found || length === undefined || data === undefined || found[1].state !== "connected") return failed;
    const [id, socket] = found;
    // Length 0 announces text; any other counts the hex digits that follow.
    if (length !== 0 && (length !== data.length || length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(data))) return failed;
    const bytes = new Uint8Array(length === 0 ? Buffer.from(data, "latin1") : Buffer.from(data, "hex"));
    if (bytes.length === 0 || bytes.length > sim7020Figures.maxSendBytes.value) return failed;
    if (!socket.tcp) radio.uplink(bytes.length, () => undefined);
    else if (socket.tcp.unacknowledgedBytes + bytes.length > sim7020Figures.sendBufferBytes.value) {
      return new AtFailure(undefined, [`+CSOERR: ${id},${bufferFull}`]);
    } else socket.tcp.send(bytes);
    socket.sentBytes += bytes.length;
    return [];
  }

  function read([mode, idText, lengthText]: readonly (string | undefined)[]): AtAnswer {
    if (mode === "0" || mode === "1") {
      settings.manualReceive = mode === "1" ? 1 : 0;
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
      read: () => sockets.flatMap((socket, id) => (socket ? [`+CSOC: ${id},1,${socket.isTcp ? 1 : 2},1`] : [])),
      set([domain, type, protocol]) {
        const id = sockets.indexOf(undefined);
        if (domain !== "1" || (type !== "1" && type !== "2") || integer(protocol, 1, 2) === undefined || id < 0)
          return failed;
        const unread = Buffer.alloc(0);
        sockets[id] = { isTcp: type === "1", state: "created", sentBytes: 0, acknowledgedBytes: 0, unread };
        return [`+CSOC: ${id}`];
      },
    },
    "+CSOCON": {
      test: "",
      read: () =>
        sockets.flatMap((socket, id) =>
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
        sockets[found[0]] = undefined;
        found[1].tcp?.close();
        core.planSleep();
        return [];
      },
    },
    "+CSOSTATUS": {
      test: "+CSOSTATUS: (0-4)",
      set([idText]) {
        const id = integer(idText, 0, socketCount - 1);
        if (id === undefined) return failed;
        const socket = sockets[id];
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
    "+CSOSENDFLAG": flag("+CSOSENDFLAG", "socketSendFlag"),
    "+CSORCVFLAG": flag("+CSORCVFLAG", "socketTextFlag"),
    "+CSORXGET": {
      test: "+CSORXGET: (0-4),(0-4),(1-1460)",
      read: () => [`+CSORXGET: ${settings.manualReceive}`],
      set: read,
    },
    "+CDNSGIP": {
      set([host]) {
        if (!host || !radio.registered) return failed;
        exchange(dnsBytes, (answered) =>
          port.urc(answered ? `+CDNSGIP: 1,"${host}","${network.resolve(host)}"` : "+CDNSGIP: 0,8"),
        );
        return [];
      },
    },
    "+CSNTPSTART": {
      set([host, quarters]) {
        if (!host || !radio.registered) return failed;
        const zoneQuarters = integer(quarters?.replace("+", ""), -47, 48) ?? 0;
        exchange(sntpBytes, (answered) => {
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

  function flag(name: string, key: "socketSendFlag" | "socketTextFlag") {
    return {
      test: `${name}: (0,1)`,
      read: () => [`${name}: ${saved[key]}`],
      set([value]: readonly (string | undefined)[]): AtAnswer {
        if (value !== "0" && value !== "1") return failed;
        saved[key] = value === "1" ? 1 : 0;
        return [];
      },
    };
  }

  return {
    commands,
    get blockPsm() {
      return sockets.some((socket) => socket?.isTcp && socket.state !== "created");
    },
    forget(keepUdp) {
      sockets.forEach((socket, id) => {
        if (!socket || (keepUdp && !socket.isTcp)) return;
        socket.tcp?.drop();
        sockets[id] = undefined;
      });
    },
  };
}
