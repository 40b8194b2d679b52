/** Espruino for Linux behind a TCP port, as a board is behind a serial one. Its flash is a file that stays. */
import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { interpreter } from "../interpreter/bench.ts";

export interface EspruinoServer {
  readonly url: string;
  /** What the interpreter has printed. */
  printed(): string;
  /** The Storage partition. */
  storage(): Buffer;
  /** Ends the interpreter and starts it again, as a power cut does. */
  powerCycle(): void;
  close(): void;
}

export async function serveEspruino(): Promise<EspruinoServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "served-"));
  const { program, storageAt } = interpreter();
  let child: ChildProcess;
  let socket: net.Socket | undefined;
  let printed = "";
  const start = (): void => {
    // pipes stay open: at the end of its input the interpreter would read rubbish
    child = spawn(program, [], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    child.stdout!.on("data", (bytes: Buffer) => {
      printed += bytes.toString("latin1");
      socket?.write(bytes);
    });
  };
  start();
  const server = net.createServer((connection) => {
    socket = connection;
    connection.on("data", (bytes) => void child.stdin!.write(bytes));
    connection.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    printed: () => printed,
    storage() {
      const image = Buffer.alloc(0xe0000, 0xff);
      fs.readFileSync(path.join(folder, "espruino.flash")).copy(image, 0, storageAt);
      return image;
    },
    powerCycle() {
      child.kill("SIGKILL");
      printed = "";
      start();
    },
    close() {
      child.kill("SIGKILL");
      socket?.destroy();
      server.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
