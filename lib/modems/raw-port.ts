/** A UART on which not all bytes are lines: data whose length the modem tells before it, and prompts that want data. */
import type { SerialPort } from "../platform/ports.ts";

/** Longer than any piece that a driver asks for: a length above it is noise. */
const LONGEST = 1600;

export interface RawPort extends SerialPort {
  /** Set by the family: gets data as they come. */
  taken(bytes: string): void;
}

/**
 * What is written may have a second part behind a line feed: it goes out at the modem's prompt.
 * @param head how data is announced, at the beginning: with or without a space behind its colon  @param end what stands between its length (the last field before) and its bytes
 */
export function rawPort(port: SerialPort, head: RegExp, end: string): RawPort {
  let buffer = "";
  let taking = false;
  let fresh = false;
  let payload = "";

  const take = (listener: (data: string) => void) => {
    while (buffer) {
      const line = buffer.indexOf("\n") + 1;
      const found = head.exec(buffer);
      const start = found ? found[0].length : 0;
      const from = found ? buffer.indexOf(end, start) + 1 : 0;
      if (payload && buffer[0] === ">") {
        port.write(payload);
        payload = "";
        buffer = buffer.slice(1);
      } else if (from && (!line || from <= line)) {
        const count = parseInt(buffer.slice(Math.max(start, buffer.lastIndexOf(",", from - 2) + 1)), 10);
        const known = count <= LONGEST ? from + count : from;
        if (buffer.length < known) return;
        const bytes = buffer.slice(from, known);
        buffer = buffer.slice(known);
        if (bytes) raw.taken(bytes);
      } else if (line) {
        const text = buffer.slice(0, line);
        // first, since whoever listens may write
        buffer = buffer.slice(line);
        listener(text);
      } else {
        // a line without an end is noise
        if (buffer.length > LONGEST + LONGEST) buffer = "";
        return;
      }
    }
  };

  const raw: RawPort = {
    taken() {},
    read: () => port.read(),
    write(data) {
      // bytes that were announced and have not come since the last command will not come any more
      if (!taking && !fresh) buffer = "";
      fresh = taking;
      const cut = data.indexOf("\n");
      payload = cut < 0 ? "" : data.slice(cut + 1, -1);
      port.write(cut < 0 ? data : data.slice(0, cut) + "\r");
    },
    on(event, listener) {
      port.on(event, (data) => {
        buffer += data;
        taking = fresh = true;
        take(listener);
        taking = false;
      });
    },
    removeAllListeners: (event) => port.removeAllListeners(event),
  };
  return raw;
}
