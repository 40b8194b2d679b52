/** A serial port as a line, through `serialport`. */
import type { SerialPort } from "serialport";
import { UserError } from "../errors.ts";
import type { Line, Signals } from "./line.ts";

/** @param usb of the device behind the port, where it is known */
export function serialLine(path: string, usb?: Line["usb"]): Line {
  let port: SerialPort | undefined;
  let baud = 0;
  const call = <T>(start: (done: (error?: Error | null) => void) => T): Promise<void> =>
    new Promise((resolve, reject) => void start((error) => (error ? reject(error) : resolve())));
  const line: Line = {
    name: path,
    usb,
    onData: () => undefined,
    onLost: () => undefined,
    async open(rate) {
      // loaded when needed: it brings a native part
      const { SerialPort } = await import("serialport");
      baud = rate;
      const opened = new SerialPort({ path, baudRate: rate, autoOpen: false, hupcl: false });
      await call((done) => opened.open(done)).catch((error: Error) => {
        throw openError(path, error);
      });
      port = opened;
      opened.on("data", (bytes: Buffer) => line.onData(bytes));
      opened.on("close", (reason?: Error) => {
        if (port !== opened) return;
        port = undefined;
        line.onLost(reason?.message ?? "the port was closed");
      });
      opened.on("error", () => undefined);
    },
    async close() {
      const open = port;
      port = undefined;
      if (open?.isOpen) await call((done) => open.close(done));
    },
    async setBaud(rate) {
      if (rate === baud || !port) return;
      baud = rate;
      await call((done) => port!.update({ baudRate: rate }, done));
    },
    async setSignals({ dtr, rts }: Signals) {
      const wanted = { ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }) };
      // a pseudo-terminal has no such lines
      await call((done) => port!.set(wanted, done)).catch((error: Error) => {
        if (!/ENOTTY|Inappropriate ioctl/i.test(error.message)) throw error;
      });
    },
    async write(bytes) {
      if (!port) throw new Error("the device has been lost");
      const open = port;
      await call((done) => open.write(bytes, undefined, (error) => done(error)));
      await call((done) => open.drain(done));
    },
  };
  return line;
}

/** What the system says when a port cannot be opened, as a person can act on it. */
export function openError(path: string, error: Error): Error {
  const say = (message: string, fix: string): UserError => new UserError(message, { where: path, fix });
  if (/permission denied|EACCES/i.test(error.message))
    return say("no permission to open the port", permissionFix(path));
  if (/cannot lock|EBUSY|EAGAIN|temporarily unavailable|access denied/i.test(error.message))
    return say("another program uses the port", "close the other program: a monitor, a terminal, an IDE");
  if (/no such file|ENOENT|ENXIO|ENODEV|file not found/i.test(error.message))
    return say("there is no such port", "plug the board in; hibernode doctor lists the ports");
  return error;
}

export const permissionFix = (path: string): string =>
  process.platform === "linux"
    ? `sudo usermod -aG ${/ttyACM|ttyUSB/.test(path) ? "dialout" : "dialout,tty"} $USER, then log in again (Arch: uucp); for now: sudo chmod a+rw ${path}`
    : "give your user access to the port";
