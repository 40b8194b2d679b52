/** A line in the form that esptool-js expects: the Web Serial port of a browser. */
import type { Line } from "../serial/line.ts";

const FRAME_END = 0xc0;
/** Of what arrived outside of frames, this much is kept to explain a failure. */
const HEARD = 400;

export interface WebSerialPort {
  readonly port: object;
  /** Text that arrived outside of the loader's frames: boot messages, a running program, noise. */
  heard(): string;
  /** Why the line broke, if it did. */
  lost(): string | undefined;
  /** What the system said when it last refused a write, if it did. */
  refused(): string | undefined;
}

/**
 * Passes on only what stands in frames: esptool-js gives up at any byte between them, and a board prints its boot
 * messages there.
 */
export function webSerialPort(line: Line): WebSerialPort {
  let heard = "";
  let lost: string | undefined;
  let refused: string | undefined;
  let inFrame = false;
  let empty = true;
  let incoming: ReadableStreamDefaultController<Uint8Array> | undefined;

  const framed = (bytes: Uint8Array): Uint8Array => {
    const passed: number[] = [];
    for (const byte of bytes) {
      if (byte === FRAME_END) {
        passed.push(byte);
        // two in a row: a new frame begins, whatever the first one was
        inFrame = !(inFrame && !empty);
        empty = true;
      } else if (inFrame) {
        passed.push(byte);
        empty = false;
      } else heard = (heard + String.fromCharCode(byte)).slice(-HEARD);
    }
    return Uint8Array.from(passed);
  };

  // not a stream: esptool-js never unlocks one whose write failed, and waits for that for ever
  const writer = {
    async write(bytes: Uint8Array): Promise<void> {
      if (lost !== undefined) throw new Error(lost);
      // the answer begins with a frame: what was cut off before is over
      inFrame = false;
      // esptool-js takes it for silence
      await line.write(bytes).catch((error: unknown) => {
        refused = error instanceof Error ? error.message : String(error);
        throw error;
      });
    },
    releaseLock: () => undefined,
  };
  const writable = { locked: false, getWriter: () => writer };

  const port = {
    readable: null as ReadableStream<Uint8Array> | null,
    writable,
    getInfo: () => (line.usb ? { usbVendorId: line.usb.vendorId, usbProductId: line.usb.productId } : {}),
    async open({ baudRate }: { baudRate: number }) {
      line.onData = (bytes) => {
        const passed = framed(bytes);
        if (passed.length) incoming?.enqueue(passed);
      };
      line.onLost = (reason) => {
        lost = reason;
        incoming?.error(new Error(reason));
        incoming = undefined;
        port.readable = null;
      };
      await line.open(baudRate);
      port.readable = new ReadableStream({
        start: (controller) => void (incoming = controller),
        cancel: () => void (incoming = undefined),
      });
    },
    async close() {
      incoming = undefined;
      port.readable = null;
      await line.close();
    },
    setBaudRate: (baud: number) => line.setBaud(baud),
    setSignals: ({ dataTerminalReady: dtr, requestToSend: rts }: Record<string, boolean | undefined>) =>
      line.setSignals({ ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }) }),
  };
  return { port, heard: () => heard, lost: () => lost, refused: () => refused };
}
