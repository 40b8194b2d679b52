/** TCP and UDP sockets inside a modem, name resolution and time questions, whatever the commands look like. */
import { openTcp } from "../network/tcp.ts";
import { deafToPlain, openTls, type TlsEnd, type Trust } from "../network/tls.ts";
import type { TcpConnection, TcpEnd } from "../network/tcp.ts";
import type { ModemCore } from "./core.ts";

export interface PoolSocket {
  readonly isTcp: boolean;
  state: "created" | "connecting" | "connected";
  host: string;
  port: number;
  tcp?: TcpConnection;
  sentBytes: number;
  acknowledgedBytes: number;
  /** Received and not read yet, where the family reads. */
  unread: Buffer;
}

export interface PoolEvents {
  received(id: number, socket: PoolSocket, bytes: Uint8Array): void;
  /** A connection that stood is over. */
  ended(id: number, reason: TcpEnd): void;
  acknowledged?(id: number, bytes: number): void;
}

export interface SocketPool {
  readonly sockets: readonly (PoolSocket | undefined)[];
  find(id: number | undefined): PoolSocket | undefined;
  /** The socket of that number, or of the lowest free one; undefined when there is none. */
  create(isTcp: boolean, id?: number): number | undefined;
  /** `done` gets "connected", why not, or "unresolved" for a name that nobody knows. */
  connect(id: number, address: string, port: number, done: (result: "connected" | "unresolved" | TcpEnd) => void): void;
  /** The same with TLS. */
  secure(
    id: number,
    address: string,
    port: number,
    trust: Trust,
    done: (result: "connected" | "unresolved" | TcpEnd | TlsEnd) => void,
  ): void;
  /** False when the buffer is full. */
  send(id: number, bytes: Uint8Array): boolean;
  close(id: number): void;
  /** A question and its answer over UDP, asked again when one of them gets lost. */
  exchange(bytes: number, done: (answered: boolean) => void): void;
  readonly open: boolean;
  /** All sockets are gone, or all but UDP ones. */
  forget(keepUdp: boolean): void;
}

const exchangeAttempts = 3;
const exchangeRetryUs = 5e6;
const dnsBytes = 60;

export function createSocketPool(core: ModemCore, count: number, events: PoolEvents): SocketPool {
  const { clock, network, radio } = core;
  const sockets: (PoolSocket | undefined)[] = new Array<PoolSocket | undefined>(count).fill(undefined);

  function exchange(bytes: number, done: (answered: boolean) => void, attempts = exchangeAttempts): void {
    const missed = () => {
      if (attempts > 1) clock.after(exchangeRetryUs, () => exchange(bytes, done, attempts - 1));
      else done(false);
    };
    const lookup = { stream: core, kind: "lookup", content: bytes, again: attempts < exchangeAttempts } as const;
    const answer = (): void => {
      const went = radio.downlink(bytes, (answered) => (answered ? done(true) : missed()), true);
      if (went) radio.carried?.({ ...lookup, direction: "down" });
    };
    if (radio.uplink(bytes, (asked) => (asked ? answer() : missed()), true))
      radio.carried?.({ ...lookup, direction: "up" });
  }

  function connectTcp(
    id: number,
    socket: PoolSocket,
    done: (result: "connected" | TcpEnd | TlsEnd) => void,
    trust: Trust | undefined,
  ): void {
    const host = network.hostOf(socket.host);
    const certificate = network.certificate(host, socket.port);
    const options = {
      clock,
      bearer: radio,
      server: certificate && !trust ? deafToPlain(network.server) : network.server,
      host,
      port: socket.port,
      natSeconds: network.profile.natSeconds.value,
      events: {
        connected() {
          socket.state = "connected";
          done("connected");
        },
        data: (bytes: Uint8Array) => events.received(id, socket, bytes),
        refused(end: TlsEnd) {
          socket.state = "created";
          core.planSleep();
          done(end);
        },
        acknowledged(bytes: number) {
          socket.acknowledgedBytes += bytes;
          events.acknowledged?.(id, bytes);
        },
        ended(reason: TcpEnd) {
          const wasConnected = socket.state === "connected";
          socket.state = "created";
          core.planSleep();
          if (wasConnected) events.ended(id, reason);
          else done(reason);
        },
      },
    };
    socket.tcp = trust ? openTls({ ...options, certificate, trust }) : openTcp(options);
  }

  /** A datagram goes out; what comes back passes the operator's address translation only for a while. */
  function sendDatagram(id: number, socket: PoolSocket, bytes: Uint8Array): void {
    const datagram = { stream: socket, kind: "udp" } as const;
    const deliver = (arrived: boolean): void => {
      if (!arrived) return;
      const sentUs = clock.nowUs;
      network.server.datagram?.(network.hostOf(socket.host), socket.port, bytes, (answer) => {
        if (clock.nowUs - sentUs > network.profile.natSeconds.value * 1e6) return;
        const passOn = (came: boolean): void => {
          if (came && sockets[id] === socket) events.received(id, socket, answer);
        };
        const heard = radio.downlink(answer.length, passOn, true);
        if (heard) radio.carried?.({ ...datagram, direction: "down", content: answer });
      });
    };
    const went = radio.uplink(bytes.length, deliver, true);
    if (went) radio.carried?.({ ...datagram, direction: "up", content: bytes });
  }

  function connect(
    id: number,
    address: string,
    port: number,
    done: (result: "connected" | "unresolved" | TcpEnd | TlsEnd) => void,
    trust: Trust | undefined,
  ): void {
    const socket = sockets[id]!;
    socket.host = address;
    socket.port = port;
    const go = () => {
      if (sockets[id] !== socket) return;
      if (socket.isTcp) return connectTcp(id, socket, done, trust);
      socket.state = "connected";
      done("connected");
    };
    socket.state = "connecting";
    if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) return go();
    exchange(dnsBytes, (answered) => {
      if (answered) return go();
      socket.state = "created";
      done("unresolved");
    });
  }

  return {
    sockets,
    find: (id) => (id === undefined ? undefined : sockets[id]),
    create(isTcp, id = sockets.indexOf(undefined)) {
      if (id < 0 || id >= count || sockets[id]) return undefined;
      const unread = Buffer.alloc(0);
      sockets[id] = { isTcp, state: "created", host: "", port: 0, sentBytes: 0, acknowledgedBytes: 0, unread };
      return id;
    },
    connect: (id, address, port, done) => connect(id, address, port, (result) => done(result as TcpEnd), undefined),
    secure: (id, address, port, trust, done) => connect(id, address, port, done, trust),
    send(id, bytes) {
      const socket = sockets[id]!;
      if (!socket.tcp) sendDatagram(id, socket, bytes);
      else if (socket.tcp.unacknowledgedBytes + bytes.length > core.family.figures.sendBufferBytes.value) return false;
      else socket.tcp.send(bytes);
      socket.sentBytes += bytes.length;
      return true;
    },
    close(id) {
      const socket = sockets[id];
      sockets[id] = undefined;
      socket?.tcp?.close();
      core.planSleep();
    },
    exchange,
    get open() {
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
