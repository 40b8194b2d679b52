/**
 * The board's wiring: what the world plugs into the pins and buses of a microcontroller. Parts are attached here before
 * the microcontroller starts; it looks up who is listening when the firmware sets up a bus or moves a pin.
 */
import type { PinName } from "../../../boards/types.ts";
import type { I2cTarget, Level, PinLine, PinTarget, SerialLine, SerialTarget } from "../hardware.ts";

/**
 * A part on an SPI bus. With `cs` it answers only while that pin of the microcontroller is low, with `mosi` only to the
 * bus that was set up with that pin.
 */
export interface SpiTarget {
  readonly cs?: PinName;
  readonly mosi?: PinName;
  /** Shifts `out` in and returns as many bytes shifted out at the same time. */
  transfer(out: Uint8Array): Uint8Array;
}

/** A part on a 1-Wire line, bit by bit. */
export interface OneWireTarget {
  /** A reset pulse; true when the part answers with a presence pulse. */
  reset(): boolean;
  write(bit: 0 | 1): void;
  /** The bit that the part drives in a read slot; 1 when it leaves the line alone. */
  read(): 0 | 1;
}

export class I2cWire {
  readonly targets: I2cTarget[] = [];
  /** True while something holds the bus down: a transfer times out after a second. */
  stuck: () => boolean = () => false;

  constructor(
    readonly sda: PinName,
    readonly scl: PinName,
  ) {}

  attach(target: I2cTarget): this {
    this.targets.push(target);
    return this;
  }
}

export class SerialWire {
  /** What the microcontroller does with arriving bytes; set while it is on. */
  arrive: ((bytes: Uint8Array, baud: number) => void) | undefined;
  target: SerialTarget | undefined;
  /** For the part: the direction towards the microcontroller. */
  readonly line: SerialLine = { transmit: (bytes, baud) => this.arrive?.(bytes, baud) };

  /** `tx` and `rx` are the microcontroller's pins. */
  constructor(
    readonly tx: PinName,
    readonly rx: PinName,
  ) {}

  attach(target: SerialTarget): this {
    this.target = target;
    return this;
  }
}

export class PinWire {
  readonly targets: PinTarget[] = [];
  /** Level driven by a part; undefined when none drives. */
  driven: Level;
  /** Set by the microcontroller. */
  moved: ((level: 0 | 1) => void) | undefined;
  /** For the part that drives this pin. */
  readonly line: PinLine = {
    drive: (level) => {
      if (level === this.driven) return;
      this.driven = level;
      this.moved?.(level);
    },
  };

  readonly #pulled = new Set<PinLine>();

  /** For one of several open-drain outputs on this pin, which a resistor pulls up: low as long as one of them is. */
  puller(): PinLine {
    const own: PinLine = {
      drive: (level) => {
        if (level === 0) this.#pulled.add(own);
        else this.#pulled.delete(own);
        this.line.drive(this.#pulled.size ? 0 : 1);
      },
    };
    return own;
  }

  /** Level last shown to the listeners. */
  shown: Level;

  listen(target: PinTarget): this {
    this.targets.push(target);
    return this;
  }

  show(level: Level): void {
    if (level === this.shown) return;
    this.shown = level;
    for (const target of this.targets) target.changed(level);
  }
}

export class Wires {
  readonly #i2c: I2cWire[] = [];
  readonly #serial: SerialWire[] = [];
  readonly #pins = new Map<string, PinWire>();
  readonly #analog = new Map<string, () => number>();
  readonly #oneWire = new Map<string, OneWireTarget[]>();
  readonly spi: SpiTarget[] = [];
  readonly #mistakes = new Map<string, number>();

  /** Notes what no wiring would do: a transfer to nobody, a speed that a part cannot follow. */
  mistake(text: string): void {
    this.#mistakes.set(text, (this.#mistakes.get(text) ?? 0) + 1);
  }

  /** What was noted, with how often; the first first. */
  get mistakes(): string[] {
    return [...this.#mistakes].map(([text, times]) => (times > 1 ? `${text} (${times} times)` : text));
  }

  /** The bus on these two pins of the microcontroller, made on first use. */
  i2c(sda: PinName, scl: PinName): I2cWire {
    let wire = this.findI2c(sda, scl);
    if (!wire) this.#i2c.push((wire = new I2cWire(sda, scl)));
    return wire;
  }

  /** The UART on these two pins of the microcontroller, made on first use. */
  serial(tx: PinName, rx: PinName): SerialWire {
    let wire = this.findSerial(tx, rx);
    if (!wire) this.#serial.push((wire = new SerialWire(tx, rx)));
    return wire;
  }

  pin(name: PinName): PinWire {
    let wire = this.#pins.get(name);
    if (!wire) this.#pins.set(name, (wire = new PinWire()));
    return wire;
  }

  /** Volts at an analog pin, asked for at every conversion. */
  analog(name: PinName, volts: () => number): void {
    this.#analog.set(name, volts);
  }

  attachOneWire(name: PinName, target: OneWireTarget): void {
    const targets = this.#oneWire.get(name);
    if (targets) targets.push(target);
    else this.#oneWire.set(name, [target]);
  }

  findI2c(sda: string, scl: string): I2cWire | undefined {
    return this.#i2c.find((wire) => wire.sda === sda && wire.scl === scl);
  }

  findSerial(tx: string, rx: string): SerialWire | undefined {
    return this.#serial.find((wire) => wire.tx === tx && wire.rx === rx);
  }

  volts(name: string): number | undefined {
    return this.#analog.get(name)?.();
  }

  oneWire(name: string): readonly OneWireTarget[] {
    return this.#oneWire.get(name) ?? [];
  }
}
