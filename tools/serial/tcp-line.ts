/** A TCP connection as a line: a serial port behind ser2net or socat, or Espruino for Linux. It has no speed and no DTR. */
import { connect, type Socket } from "node:net";
import { UserError } from "../errors.ts";
import type { Line } from "./line.ts";

/** @param url tcp://host:port */
export function tcpLine(url: string): Line {
  const { hostname, port } = address(url);
  let socket: Socket | undefined;
  const line: Line = {
    name: url,
    onData: () => undefined,
    onLost: () => undefined,
    async open() {
      const opened = connect(port, hostname);
      await new Promise<void>((resolve, reject) => {
        opened.once("connect", resolve);
        opened.once("error", (error: NodeJS.ErrnoException) =>
          reject(
            new UserError(`nothing answers there (${error.code ?? error.message})`, {
              where: url,
              fix: "check host and port, and that the program at the other end runs",
            }),
          ),
        );
      });
      opened.setNoDelay(true);
      opened.removeAllListeners("error");
      opened.on("error", () => undefined);
      opened.on("data", (bytes) => line.onData(bytes));
      opened.on("close", () => {
        if (socket !== opened) return;
        socket = undefined;
        line.onLost("the connection was closed");
      });
      socket = opened;
    },
    async close() {
      const open = socket;
      socket = undefined;
      open?.destroy();
    },
    setBaud: async () => undefined,
    setSignals: async () => undefined,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!socket) return reject(new Error("the connection has been lost"));
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  };
  return line;
}

function address(url: string): { hostname: string; port: number } {
  const found = /^tcp:\/\/(\[[^\]]+\]|[^:/]+):(\d+)\/?$/.exec(url);
  if (!found) {
    throw new UserError("this is no address of a TCP connection", {
      where: url,
      fix: "write tcp://HOST:PORT, for instance tcp://localhost:2323",
    });
  }
  return { hostname: found[1]!.replace(/[[\]]/g, ""), port: Number(found[2]) };
}
