/** The wiring of all tests. */
export const BUS = { bus: "I2C1", sda: "D21", scl: "D22" } as const;
export const UART = { port: "Serial3", tx: "D17", rx: "D16" } as const;
export const SPI_BUS = { bus: "SPI1", sck: "D18", miso: "D19", mosi: "D23" } as const;
/** What a part answers: bytes by the register (hex of the last bytes written to it), "" = any other. */
export type Answers = Readonly<Record<string, readonly number[]>>;
