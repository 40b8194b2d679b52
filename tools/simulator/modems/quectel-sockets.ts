/** AT+QIOPEN and what belongs to it, as BG96, BG95, BC66 and BC660K have it, each a little differently. */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { keyed, ok } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { Done, ModemCore } from "./core.ts";
import type { FamilySockets } from "./family.ts";
import { createSocketPool, type PoolSocket } from "./socket-pool.ts";

export interface QuectelSockets {
  readonly count: number;
  /** AT+QIOPEN begins with the context (BG96, BC66) or with the socket's number (BC660K). */
  readonly contextFirst: boolean;
  /** Data stand in the command that sends them (BC660K, BC66); the others prompt. */
  readonly inline: boolean;
  /** A context must be activated first (BG96). */
  readonly context: boolean;
  /** Default of AT+QIOPEN's access mode: 0 buffered, 1 pushed. */
  readonly access: 0 | 1;
  /** Follows the OK of AT+QICLOSE. */
  readonly closed: readonly string[];
}

const socketFailed = 566;
const unresolved = 565;
const longestRead = 1500;

export function quectelSockets(core: ModemCore, form: QuectelSockets): FamilySockets & { readonly active: boolean } {
  const { radio, port, settings, clock } = core;
  const failed = new AtFailure();
  const pushed = new Set<number>();
  let active = !form.context;
  const hex = () => settings.flags["+QICFG dataformat"] === "1,1";
  const inLine = () => settings.flags["+QICFG viewmode"] === "1";
  const shown = (bytes: Uint8Array) =>
    hex() ? Buffer.from(bytes).toString("hex").toUpperCase() : Buffer.from(bytes).toString("latin1");

  const pool = createSocketPool(core, form.count, {
    received(id, socket, bytes) {
      if (!pushed.has(id)) {
        if (socket.unread.length === 0) port.urc(`+QIURC: "recv",${id}`);
        socket.unread = Buffer.concat([socket.unread, bytes]);
        return;
      }
      const limit = core.family.figures.maxIndicationBytes.value;
      for (let at = 0; at < bytes.length; at += limit) {
        const piece = bytes.subarray(at, at + limit);
        const head = `+QIURC: "recv",${id},${piece.length}`;
        if (hex() || inLine()) port.urc(`${head}${inLine() ? "," : "\r\n"}${shown(piece)}`);
        else port.push(head, piece);
      }
    },
    ended: (id) => port.urc(`+QIURC: "closed",${id}`),
  });
  const find = (text: string | undefined): { readonly id: number; readonly socket: PoolSocket } | undefined => {
    const id = integer(text, 0, form.count - 1);
    const socket = pool.find(id);
    return socket && { id: id!, socket };
  };

  function open(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const rest = form.contextFirst ? values.slice(1) : values;
    const [idText, kind, host, portText, , mode] = rest;
    const id = integer(idText, 0, form.count - 1);
    const remotePort = integer(portText, 0, 65_535);
    if (id === undefined || remotePort === undefined || !host || (kind !== "TCP" && kind !== "UDP")) return failed;
    if (form.contextFirst && integer(values[0], 0, 16) === undefined) return failed;
    if (!active || !radio.registered || pool.create(kind === "TCP", id) === undefined) return failed;
    if ((integer(mode, 0, 2) ?? form.access) === 1) pushed.add(id);
    else pushed.delete(id);
    done(ok);
    pool.connect(id, host, remotePort, (result) => {
      const code = result === "connected" ? 0 : result === "unresolved" ? unresolved : socketFailed;
      if (code) pool.close(id);
      port.urc(`+QIOPEN: ${id},${code}`);
    });
    return undefined;
  }

  const sent = (id: number, bytes: Uint8Array): AtAnswer => {
    const isSent = pool.send(id, bytes);
    if (form.inline) return isSent ? { after: ["SEND OK"] } : failed;
    return { final: isSent ? "SEND OK" : "SEND FAIL" };
  };

  function send([idText, lengthText, data]: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const found = find(idText);
    const longest = core.family.figures.maxSendBytes.value;
    const length = integer(lengthText, 0, longest);
    if (!found || found.socket.state !== "connected" || length === undefined) return failed;
    if (length === 0) {
      const { sentBytes, acknowledgedBytes } = found.socket;
      return [`+QISEND: ${sentBytes},${acknowledgedBytes},${sentBytes - acknowledgedBytes}`];
    }
    if (data === undefined || !form.inline) {
      port.prompt(length, (bytes) => done(sent(found.id, bytes)));
      return undefined;
    }
    const bytes = new Uint8Array(Buffer.from(data, hex() ? "hex" : "latin1"));
    return bytes.length === length ? sent(found.id, bytes) : failed;
  }

  /** Digits in the command, 512 of them at most; BG95 takes a release assistance behind them. */
  function sendHex([idText, digits, release]: readonly (string | undefined)[]): AtAnswer {
    const found = find(idText);
    if (!found || found.socket.state !== "connected" || !digits || digits.length > 512) return failed;
    if (digits.length % 2 || !/^[0-9a-fA-F]+$/.test(digits)) return failed;
    const indication = integer(release, 0, 2);
    if (indication) radio.assist(indication as 1 | 2);
    return sent(found.id, new Uint8Array(Buffer.from(digits, "hex")));
  }

  function read([idText, lengthText]: readonly (string | undefined)[]): AtAnswer {
    const found = find(idText);
    const wanted = integer(lengthText, 1, longestRead);
    if (!found || wanted === undefined) return failed;
    const taken = found.socket.unread.subarray(0, wanted);
    found.socket.unread = found.socket.unread.subarray(taken.length);
    return [taken.length ? `+QIRD: ${taken.length}\r\n${shown(taken)}` : "+QIRD: 0"];
  }

  return {
    commands: {
      "+QICSGP": { test: "", set: ([context]) => (integer(context, 1, 16) === undefined ? failed : ok) },
      "+QIACT": {
        test: "",
        read: () => (active && form.context ? ['+QIACT: 1,1,1,"10.7.157.1"'] : ok),
        set([context], done) {
          if (integer(context, 1, 16) === undefined || active || !radio.registered) return failed;
          clock.after(400_000, () => {
            active = true;
            done(ok);
          });
          return undefined;
        },
      },
      "+QIDEACT": {
        test: "",
        set() {
          pool.forget(false);
          active = false;
          return ok;
        },
      },
      "+QICFG": keyed("+QICFG", settings),
      "+QIOPEN": { test: "", set: open },
      "+QISEND": { test: "", set: send },
      "+QISENDEX": { test: "", set: sendHex },
      "+QIRD": { test: "", set: read },
      "+QISTATE": {
        test: "",
        set: () =>
          pool.sockets.flatMap((socket, id) => {
            if (!socket) return [];
            const state = socket.state === "connected" ? 2 : socket.state === "connecting" ? 1 : 4;
            const kind = socket.isTcp ? "TCP" : "UDP";
            return [`+QISTATE: ${id},"${kind}","${socket.host}",${socket.port},0,${state},1,${id},0,"uart1"`];
          }),
      },
      "+QICLOSE": {
        test: "",
        set([idText]) {
          const id = integer(idText, 0, form.count - 1);
          if (id === undefined) return failed;
          if (pool.find(id)) pool.close(id);
          return { after: form.closed };
        },
      },
    },
    get blockPsm() {
      return pool.open;
    },
    get active() {
      return active;
    },
    forget(keepUdp) {
      if (form.context) active = false;
      pool.forget(keepUdp);
    },
  };
}
