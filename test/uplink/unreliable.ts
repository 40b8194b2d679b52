/** The network between a node and a broker, as bad as it is told to be; and a modem that goes through it. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { CONNECTION_LOST, NO_ROUTE } from "../../lib/faults.ts";
import type { Modem } from "../../lib/modems/modem.ts";

/** What happens to one connection after so many bytes: it is cut, or both ends hear nothing any more and do not know. */
export interface Trouble {
  readonly kind: "none" | "cut" | "half-open" | "repeats";
  readonly afterUp: number;
  readonly afterDown: number;
}

const PUBACK = 0x40;

/**
 * A way to a port of this machine. "repeats" says each acknowledgement of the broker twice, and once more the one before it:
 * acknowledgements that come late, twice and in the wrong order. (Bytes do not: TCP sees to that.)
 */
export async function wayTo(target: number, next: () => Trouble) {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const { kind, afterUp, afterDown } = next();
    const far = connect(target, "127.0.0.1");
    let dead = false;
    let up = 0;
    let down = 0;
    let last: Buffer | undefined;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      socket.on("error", () => undefined);
    }
    const trouble = (): void => {
      if (dead || kind === "none" || kind === "repeats") return;
      dead = true;
      if (kind === "cut") for (const socket of [near, far]) socket.destroy();
    };
    near.on("data", (bytes) => {
      if (dead) return;
      const passed = bytes.subarray(0, Math.max(0, afterUp - up));
      up += bytes.length;
      far.write(passed);
      if (up >= afterUp) trouble();
    });
    far.on("data", (bytes) => {
      if (dead) return;
      const passed = bytes.subarray(0, Math.max(0, afterDown - down));
      down += bytes.length;
      near.write(passed);
      if (kind === "repeats" && bytes[0] === PUBACK && bytes.length === 4) {
        near.write(Buffer.concat([bytes, ...(last ? [last] : [])]));
        last = bytes;
      }
      if (down >= afterDown) trouble();
    });
    near.on("close", () => dead || far.end());
    far.on("close", () => dead || near.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** A modem whose connections are this machine's. */
export function socketModem(): Modem & { vanish(): void } {
  let socket: Socket | undefined;
  return {
    up: (done) => done(0),
    time: () => 0,
    open(host, port, received, closed, done) {
      const own = (socket = connect(port, host));
      let stood = false;
      own.setNoDelay(true);
      own.once("connect", () => {
        stood = true;
        done(0);
      });
      own.on("error", () => undefined);
      own.on("data", (bytes) => received(bytes.toString("latin1")));
      own.once("close", () => (stood ? closed() : done(NO_ROUTE)));
    },
    send(bytes, done) {
      if (!socket || socket.destroyed) return void setImmediate(done, CONNECTION_LOST);
      socket.write(Buffer.from(bytes, "latin1"), (error) => done(error ? CONNECTION_LOST : 0));
    },
    down(done) {
      socket?.destroy();
      done(0);
    },
    /** As when the power is cut: the broker hears of it, but not from the session. */
    vanish: () => void socket?.destroy(),
  };
}
