/** Which serial ports there are, and which of them a board is behind. */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import type { Line } from "./line.ts";
import { serialLine } from "./serial-line.ts";
import { tcpLine } from "./tcp-line.ts";

export interface Port {
  readonly path: string;
  readonly usb?: Line["usb"];
  /** What is behind it, by its USB numbers. */
  readonly known?: string | undefined;
}

/** USB-serial bridges on ESP32 boards, and Espressif's own. Numbers: the USB ID repository. */
const bridges: Readonly<Record<string, string>> = {
  "303a:1001": "ESP32-C3/S3, its own USB",
  "10c4:ea60": "CP210x",
  "1a86:7523": "CH340",
  "1a86:55d3": "CH343",
  "1a86:55d4": "CH9102",
  "0403:6001": "FT232",
  "0403:6010": "FT2232",
  "0403:6015": "FT231X",
};

export async function listPorts(): Promise<Port[]> {
  // serialport's own list needs udevadm on Linux, which small systems lack
  if (process.platform === "linux") return linuxPorts();
  const { SerialPort } = await import("serialport");
  const ports = await SerialPort.list();
  return ports.map(({ path, vendorId, productId }) =>
    port(path, vendorId && productId ? [parseInt(vendorId, 16), parseInt(productId, 16)] : undefined),
  );
}

/** @param root for tests: another folder than / */
export function linuxPorts(root = "/"): Port[] {
  const devices = join(root, "dev");
  const names = readdirSync(devices).filter((name) => /^tty(USB|ACM)\d+$/.test(name));
  return names.sort().map((name) => port(`/dev/${name}`, usbOf(join(root, "sys/class/tty", name, "device"))));
}

function port(path: string, usb: readonly [number, number] | undefined): Port {
  if (!usb) return { path };
  const [vendorId, productId] = usb;
  const id = [vendorId, productId].map((number) => number.toString(16).padStart(4, "0")).join(":");
  return { path, usb: { vendorId, productId }, known: bridges[id] };
}

/** The USB numbers stand in one of the folders above the port's device. */
function usbOf(device: string): readonly [number, number] | undefined {
  try {
    for (let folder = realpathSync(device); folder.length > 1; folder = dirname(folder)) {
      try {
        const read = (file: string): number => parseInt(readFileSync(join(folder, file), "latin1"), 16);
        return [read("idVendor"), read("idProduct")];
      } catch {
        continue;
      }
    }
  } catch {
    return undefined;
  }
  return undefined;
}

/**
 * The line that the user names, or the only board that is plugged in. Throws a UserError when there is none, or a choice.
 * @param name a port's path, tcp://host:port, or undefined
 */
export async function chooseLine(name: string | undefined, list = listPorts): Promise<Line> {
  if (name?.includes("://")) return tcpLine(name);
  const ports = await list();
  if (name !== undefined) return serialLine(name, ports.find(({ path }) => path === name)?.usb);
  const boards = ports.some(({ known }) => known) ? ports.filter(({ known }) => known) : ports;
  if (boards.length === 1) return serialLine(boards[0]!.path, boards[0]!.usb);
  if (!boards.length) {
    throw new UserError("no board is plugged in", {
      where: "--port",
      fix: "plug it in with a cable that carries data; hibernode doctor says more",
    });
  }
  throw new UserError(
    `more than one port: ${boards.map(({ path, known }) => `${path} (${known ?? "unknown"})`).join(", ")}`,
    {
      where: "--port",
      fix: `name one: --port ${boards[0]!.path}`,
    },
  );
}
