/**
 * Espruino's `Wifi`, `net` and `dgram` on the ESP32 (libs/network of 2v29), as far as a client needs them. `net.connect` stands
 * still until the connection is there, because its socket is a blocking one (network_esp32.c), and throws when it is not.
 */
import type { TcpConnection, TcpEnd } from "../network/tcp.ts";
import type { WifiRadio } from "../network/wifi.ts";
import { bytesOf, fromLatin1, toInt } from "./data.ts";
import { adopt, type Listeners } from "./events.ts";
import type { Callback, Machine } from "./machine.ts";

/** How often the interpreter's task looks whether its blocked call is over. */
const LOOK_US = 10_000;
/** socketerrors.h */
const NOT_SENT = -7;

export interface WifiModules {
  readonly libraries: Readonly<Record<string, object>>;
  drop(): void;
}

export function wifiModules(machine: Machine, listeners: Listeners, radio: WifiRadio): WifiModules {
  const { realm, clock } = machine;
  const tell = (target: object, event: string, ...args: unknown[]): void =>
    machine.post(() => void listeners.deliver(target, event, ...args));
  const callback = (given: unknown): Callback | undefined => {
    if (given === undefined || given === null || typeof given === "function") return given as Callback | undefined;
    throw new realm.Error(`Expecting callback function but got ${String(given)}`);
  };
  const observe = (bus: string, kind: "write" | "read", data: Uint8Array): void =>
    machine.observe?.({ atUs: clock.nowUs, bus, kind, data });

  const Wifi = adopt(machine, {
    connect(ssid: unknown, options?: unknown, done?: unknown) {
      machine.check();
      if (typeof ssid !== "string") throw new realm.Error("No SSID provided");
      const told = callback(done);
      const { password } = (options ?? {}) as { password?: unknown };
      if (password !== undefined && typeof password !== "string")
        throw new realm.Error(`Expecting options.password to be a string but got ${typeof password}`);
      radio.join(ssid, password ?? "", (why) => {
        if (told) machine.post(() => machine.queue(told, undefined, [why ?? null]));
      });
    },
    disconnect(done?: unknown) {
      machine.check();
      const told = callback(done);
      radio.leave();
      if (told) machine.queue(told, undefined, []);
    },
    stopAP(done?: unknown) {
      const told = callback(done);
      if (told) machine.queue(told, undefined, []);
    },
  });

  const net = adopt(machine, {
    connect(options: unknown, connected?: unknown) {
      machine.check();
      const { host, port } = (options ?? {}) as { host?: unknown; port?: unknown };
      const told = callback(connected);
      let state: "connecting" | "connected" | TcpEnd = "connecting";
      let closing = false;
      const socket = adopt(machine, {
        write(data: unknown) {
          machine.check();
          const bytes = Uint8Array.from(bytesOf([data], realm));
          observe("net", "write", bytes);
          connection?.send(bytes);
          return true;
        },
        end(data?: unknown) {
          if (data !== undefined) socket.write(data);
          closing = true;
          closeWhenSent();
        },
      });
      const closed = (failed: boolean): void => {
        connection = undefined;
        tell(socket, "close", failed);
      };
      /** What was written goes out first. */
      const closeWhenSent = (): void => {
        if (!closing || !connection || connection.unacknowledgedBytes) return;
        connection.close();
        closed(false);
      };
      let connection: TcpConnection | undefined;
      if (radio.joined)
        connection = radio.connect(String(host), toInt(port), {
          connected: () => (state = "connected"),
          data(bytes) {
            observe("net", "read", bytes);
            tell(socket, "data", fromLatin1(bytes));
          },
          acknowledged: closeWhenSent,
          ended(reason) {
            const wasConnected = state === "connected";
            state = reason;
            if (!wasConnected) return;
            const unsent = connection?.unacknowledgedBytes ?? 0;
            if (unsent) tell(socket, "error", adopt(machine, { code: NOT_SENT, message: "unsent data" }));
            closed(unsent > 0);
          },
        });
      // without an address the name is not found, at once
      while (connection && (state as string) === "connecting") machine.spend(LOOK_US);
      if ((state as string) !== "connected")
        throw new realm.Error(connection ? "Unable to create socket" : "Unable to locate host");
      if (told) machine.queue(told, socket, [socket]);
      return socket;
    },
  });

  const dgram = adopt(machine, {
    createSocket() {
      machine.check();
      let open = true;
      const socket = adopt(machine, {
        send(data: unknown, port: unknown, host: unknown) {
          machine.check();
          if (!open || !radio.joined) return;
          const bytes = Uint8Array.from(bytesOf([data], realm));
          observe("dgram", "write", bytes);
          radio.datagram(String(host), toInt(port), bytes, (answer) => {
            if (!open) return;
            observe("dgram", "read", answer);
            const from = adopt(machine, { address: String(host), port: toInt(port), size: answer.length });
            tell(socket, "message", fromLatin1(answer), from);
          });
        },
        close() {
          open = false;
        },
      });
      return socket;
    },
  });

  return { libraries: { Wifi, net, dgram }, drop: () => radio.leave() };
}
