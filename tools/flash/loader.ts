/** The loader in a board's ROM, through esptool-js: connect, compare, write, read. */
import type { Chip } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import type { Line } from "../serial/line.ts";
import { chipIds, chipNames } from "./app-image.ts";
import { explainSilence } from "./silence.ts";
import { webSerialPort } from "./web-serial.ts";

/** How the board is brought into its loader. `auto`: as the port suggests; `none`: it is in there already. */
export type Reset = "auto" | "usb" | "none";

export interface Loader {
  readonly chip: Chip;
  /** Name and revision, as esptool-js says it. */
  readonly description: string;
  readonly mac: string;
  /** 0 where the flash does not tell. */
  readonly flashBytes: number;
  /** MD5 of a range of the flash, in hexadecimal digits, computed by the chip. */
  md5(address: number, bytes: number): Promise<string>;
  read(address: number, bytes: number): Promise<Uint8Array>;
  /** Erases and writes whole pages. @param progress told the share that is sent, 0 to 1 */
  write(address: number, data: Uint8Array, progress: (share: number) => void): Promise<void>;
  /** Leaves the line open, with the application started. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Speed at which every loader starts. */
export const FIRST_BAUD = 115200;
const SECURE_DOWNLOAD = "secure download mode";

/** Throws a UserError where a person must act (no answer, unknown chip), and esptool-js's own errors for what may pass. */
export async function openLoader(line: Line, { baud, reset }: { baud: number; reset: Reset }): Promise<Loader> {
  // esptool-js takes a while to load
  const { ESPLoader, Transport } = await import("esptool-js");
  const { port, heard, lost, refused } = webSerialPort(line);
  const transport = new Transport(port as ConstructorParameters<typeof Transport>[0]);
  // it writes to the console
  transport.trace = () => undefined;
  const esp = new ESPLoader({
    transport,
    baudrate: baud,
    romBaudrate: FIRST_BAUD,
    terminal: { clean: () => undefined, write: () => undefined, writeLine: () => undefined },
  });
  const close = async (): Promise<void> => {
    await transport.disconnect().catch(() => undefined);
  };
  try {
    const mode = reset === "usb" ? "usb_reset" : reset === "none" ? "no_reset" : "default_reset";
    const description = await esp.main(mode).catch((error: unknown) => {
      const silent = error instanceof Error && /Failed to connect/.test(error.message);
      throw silent && (lost() ?? refused()) === undefined ? explainSilence(line.name, heard(), reset) : error;
    });
    if (esp.secureDownloadMode) throw locked(line.name, SECURE_DOWNLOAD);
    const id = (esp.chip as { IMAGE_CHIP_ID?: number }).IMAGE_CHIP_ID;
    const chip = (Object.keys(chipIds) as Chip[]).find((name) => chipIds[name] === id);
    if (!chip) {
      throw new UserError(`the board has an ${esp.chip.CHIP_NAME}, which Hibernode does not know`, {
        where: line.name,
        fix: `use a board with one of ${Object.values(chipNames).join(", ")}`,
      });
    }
    return {
      chip,
      description,
      mac: (await esp.chip.readMac(esp)).toLowerCase(),
      flashBytes: sizeOf(await esp.detectFlashSize()),
      md5: (address, bytes) => esp.flashMd5sum(address, bytes),
      read: (address, bytes) => esp.readFlash(address, bytes),
      write: (address, data, progress) =>
        esp.writeFlash({
          fileArray: [{ data, address }],
          flashMode: "keep",
          flashFreq: "keep",
          flashSize: "keep",
          eraseAll: false,
          compress: true,
          reportProgress: (_, written, total) => progress(written / total),
        }),
      async restart() {
        await line.setSignals({ dtr: false, rts: true });
        await new Promise((resolve) => setTimeout(resolve, 100));
        await line.setSignals({ dtr: false, rts: false });
        await line.setBaud(FIRST_BAUD);
      },
      close,
    };
  } catch (error) {
    const reason = lost() ?? refused();
    await close();
    if (reason !== undefined && !(error instanceof UserError)) throw new Error(reason);
    throw error;
  }
}

/** @param text as in 4MB or 512KB */
const sizeOf = (text: string | undefined): number => parseInt(text ?? "0") * (text?.endsWith("KB") ? 1024 : 1 << 20);

const locked = (where: string, why: string): UserError =>
  new UserError(`the chip is in ${why}: its flash cannot be read or compared`, {
    where,
    fix: "use a board whose security fuses are not burnt",
  });
