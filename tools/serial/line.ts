/** A line of bytes to a board: a serial port, a TCP connection, or a simulated board. */
export interface Line {
  /** As the user names it: /dev/ttyUSB0, tcp://localhost:2323. */
  readonly name: string;
  /** Of the USB device behind it, where that is known. */
  readonly usb?: { readonly vendorId: number; readonly productId: number } | undefined;
  /** Called with what arrives. */
  onData: (bytes: Uint8Array) => void;
  /** Called once when the line breaks without being closed: unplugged, connection lost. */
  onLost: (reason: string) => void;
  open(baud: number): Promise<void>;
  close(): Promise<void>;
  /** Bits per second from now on. */
  setBaud(baud: number): Promise<void>;
  /** Modem lines. On most boards RTS holds the chip in reset, and DTR pulls the pin that asks for the loader. */
  setSignals(signals: Signals): Promise<void>;
  /** Resolves when the bytes are on their way; rejects when they cannot be sent. */
  write(bytes: Uint8Array): Promise<void>;
}

export interface Signals {
  readonly dtr?: boolean;
  readonly rts?: boolean;
}

/** Espressif's USB vendor, and the serial port built into the C3 and S3. */
export const ESPRESSIF = 0x303a;
export const USB_SERIAL_JTAG = 0x1001;
