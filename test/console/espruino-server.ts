/** Espruino for Linux behind a TCP port, as a board is behind a serial one. Its flash is a file that stays. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { buildStorageImage } from "../../tools/flash/storage-image.ts";
import { interpreter } from "../interpreter/bench.ts";
import { openTerminal } from "../flash/terminal.ts";
import { REST } from "./chip.ts";

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

export interface ServerOptions {
  /** Runs at every start, as `.boot0` in Storage: what makes the interpreter a chip (chip.ts). */
  readonly boot0?: string;
  /** At a pseudo-terminal, in place of TCP. */
  readonly terminal?: boolean;
}

/** How long after a restart the ROM speaks. */
const RESTART_MS = 300;

export async function serveEspruino({ boot0, terminal }: ServerOptions = {}): Promise<EspruinoServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "served-"));
  const { program, storageAt } = interpreter();
  if (boot0 !== undefined) {
    const flash = Buffer.alloc(storageAt + 0xe0000, 0xff);
    flash.set(buildStorageImage([{ name: ".boot0", data: Buffer.from(boot0, "latin1") }]), storageAt);
    fs.writeFileSync(path.join(folder, "espruino.flash"), flash);
  }
  /** Undefined while the chip is off. */
  let child: ChildProcessWithoutNullStreams | undefined;
  let send: (bytes: Buffer | string) => void = () => undefined;
  let printed = "";
  let starting: NodeJS.Timeout | undefined;
  const start = (): void => {
    // pipes stay open: at the end of its input the interpreter would read rubbish. One processor: its input thread and
    // its main thread share their queue of events without a lock, and a byte that is appended to an event while that is
    // taken out derails the queue (seen in half of all runs on two processors, never with a lock built in)
    const started = (child = spawn("taskset", ["-c", "0", program], { cwd: folder, stdio: "pipe" }));
    started.stdin.on("error", () => undefined);
    started.stderr.resume();
    started.stdout.on("data", (bytes: Buffer) => {
      if (child !== started) return;
      const text = bytes.toString("latin1");
      const rest = REST.exec(text);
      printed += rest ? text.slice(0, rest.index) : text;
      send(rest ? Buffer.from(text.slice(0, rest.index), "latin1") : bytes);
      if (!rest) return;
      // the chip is off: nothing is heard, and what is sent to it is lost
      started.kill("SIGKILL");
      child = undefined;
      const sleepMs = Number(rest[1]);
      starting = setTimeout(() => {
        const cause = sleepMs ? "rst:0x5 (DEEPSLEEP_RESET)" : "rst:0xc (SW_CPU_RESET)";
        send(`ets Jul 29 2019 12:21:46\r\n\r\n${cause},boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n`);
        start();
      }, sleepMs || RESTART_MS);
    });
  };
  start();
  const toChip = (bytes: Buffer): void => void child?.stdin.write(bytes);
  const common = {
    printed: () => printed,
    storage() {
      const image = Buffer.alloc(0xe0000, 0xff);
      fs.readFileSync(path.join(folder, "espruino.flash")).copy(image, 0, storageAt);
      return image;
    },
    powerCycle() {
      child?.kill("SIGKILL");
      printed = "";
      start();
    },
  };
  const end = (): void => {
    clearTimeout(starting);
    child?.kill("SIGKILL");
    fs.rmSync(folder, { recursive: true, force: true });
  };
  if (terminal) {
    const { name, process: python, write } = await openTerminal(toChip);
    send = write;
    return { ...common, url: name, close: () => (python.kill(), end()) };
  }
  let socket: net.Socket | undefined;
  send = (bytes) => void socket?.write(bytes);
  const server = net.createServer((connection) => {
    socket = connection;
    connection.on("data", toChip);
    connection.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...common,
    url: `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    close() {
      socket?.destroy();
      server.close();
      end();
    },
  };
}
