import { describe, expect, it } from "vitest";
import { type OneWireTarget, Wires } from "../../../tools/simulator/espruino/wires.ts";
import { rig, run } from "./rig.ts";

const catching = (code: string): string => `try { ${code} } catch (e) { print(e.message); }`;

describe("I2C", () => {
  const sensor = (answers = true): { wires: Wires; written: number[][] } => {
    const wires = new Wires();
    const written: number[][] = [];
    wires.i2c("D21", "D22").attach({
      address: 0x44,
      write: (data) => (written.push([...data]), answers),
      read: (count) => (answers ? Uint8Array.from({ length: count }, (_, i) => 0x60 + i) : undefined),
    });
    return { wires, written };
  };

  it("writes and reads whole transfers of the part at that address", () => {
    const { wires, written } = sensor();
    const program = `
      I2C1.setup({ sda: D21, scl: D22 });
      I2C1.writeTo(0x44, 0xFD); I2C1.writeTo({ address: 0x44, stop: false }, [1, "a", new Uint8Array([300])]); I2C1.writeTo(0x44);
      var d = I2C1.readFrom(0x44, 3); print(d, d instanceof Uint8Array, I2C1.readReg(0x44, 7, 1)[0], I2C1.readFrom(0x44, 0));`;
    expect(run(program, 1, { wires })).toEqual(["new Uint8Array([96, 97, 98]) true 96 undefined"]);
    expect(written).toEqual([[0xfd], [1, 97, 44], [7]]);
  });

  it("says in the interpreter's words what went wrong", () => {
    const { wires } = sensor(false);
    const program = `
      ${catching("I2C1.readFrom(0x44, 1)")}
      ${catching("I2C1.setup({ bitrate: 5 })")}
      I2C1.setup({ sda: D21, scl: D22 });
      ${catching("I2C1.writeTo(0x44, 1)")} ${catching("I2C1.readFrom(0x44, 1)")} ${catching("I2C1.writeTo(0x10, 1)")}`;
    expect(run(program, 1, { wires })).toEqual([
      "jshI2CRead:, unknown error code 259",
      "Invalid I2C bitrate",
      "jshI2CWrite: slave doesn't ACK the transfer",
      "jshI2CRead: slave doesn't ACK the transfer",
      "jshI2CWrite: slave doesn't ACK the transfer",
    ]);
  });

  it("waits a second for a bus that is held down", () => {
    const { wires } = sensor();
    wires.i2c("D21", "D22").stuck = () => true;
    const program = `I2C1.setup({ sda: D21, scl: D22 }); ${catching("I2C1.writeTo(0x44, 1)")} print(getTime());`;
    expect(run(program, 5, { wires })).toEqual(["jshI2CWrite:, Operation timeout because the bus is busy", "1"]);
  });

  it("takes nine bits a byte at the bus's speed", () => {
    const { wires } = sensor();
    const timed = (setup: string): string =>
      `I2C1.setup({ sda: D21, scl: D22 ${setup} }); var t = getTime(); I2C1.readFrom(0x44, 6); print(Math.round((getTime() - t) * 1e6));`;
    expect(run(timed(""), 1, { wires })).toEqual(["650"]);
    expect(run(timed(", bitrate: 400000"), 1, { wires })).toEqual(["162"]);
  });

  it("software I2C never reports a missing acknowledge", () => {
    const program =
      "var i = new I2C(); i.setup({ sda: D4, scl: D5 }); i.writeTo(0x10, 1); print(i.readFrom(0x10, 2).join());";
    expect(run(program)).toEqual(["255,255"]);
  });

  it("records each transfer in order", () => {
    const { wires } = sensor();
    const bench = rig("I2C1.setup({ sda: D21, scl: D22 }); I2C1.writeTo(0x44, 1); I2C1.readFrom(0x44, 1);", { wires });
    expect(bench.log.map(({ bus, kind, address, data }) => [bus, kind, address, ...data])).toEqual([
      ["I2C1", "write", 0x44, 1],
      ["I2C1", "read", 0x44, 0x60],
    ]);
  });
});

describe("Serial", () => {
  const modem = (): {
    wires: Wires;
    heard: [number, string][];
    bench: (program: string) => ReturnType<typeof rig>;
    say: (text: string, baud?: number) => void;
  } => {
    const wires = new Wires();
    const wire = wires.serial("D17", "D16");
    const heard: [number, string][] = [];
    let now = (): number => 0;
    wire.attach({ receive: (bytes) => void heard.push([now(), Buffer.from(bytes).toString("latin1")]) });
    return {
      wires,
      heard,
      bench(program) {
        const bench = rig(`Serial3.setup(115200, { tx: D17, rx: D16 }); ${program}`, { wires });
        now = () => bench.clock.nowUs;
        return bench;
      },
      say: (text, baud = 115200) => wire.line.transmit(Buffer.from(text, "latin1"), baud),
    };
  };

  it("sends: the part hears a text when its last byte has arrived", () => {
    const { bench, heard } = modem();
    const { until } = bench("Serial3.write('AT\\r\\n'); Serial3.println('x');");
    until(1);
    expect(heard.map(([at, text]) => [Math.round(at), text])).toEqual([
      [347, "AT\r\n"],
      [608, "x\r\n"],
    ]);
  });

  it("blocks only when more than 1024 bytes are waiting", () => {
    const { bench } = modem();
    const { printed, until } = bench(
      "var t = getTime(); Serial3.write(new Uint8Array(1024)); print(Math.round((getTime() - t) * 1000)); Serial3.write(new Uint8Array(1152)); print(Math.round((getTime() - t) * 1000));",
    );
    until(2);
    expect(printed()).toEqual(["0", "100"]);
  });

  it("receives in pieces as the serial task finds them every 5 ms", () => {
    const { bench, say } = modem();
    const { printed, until } = bench(
      "Serial3.on('data', function (d) { print(Math.round(getTime() * 1000), d.length); });",
    );
    until(1.001);
    say("x".repeat(200));
    until(2);
    expect(printed()).toEqual(["1005 46", "1010 57", "1015 58", "1020 39"]);
  });

  it("finds a byte within 100 ms after 25 s of silence, and loses what did not fit into 1024 bytes", () => {
    const { bench, say } = modem();
    const { printed, until } = bench(
      "var n = 0; Serial3.on('data', function (d) { n += d.length; if (n == d.length) print(getTime() > 26.05); }); setTimeout(function () { print(n); }, 27000);",
    );
    until(26.001);
    say("x".repeat(3000), 230400);
    until(30);
    const [late, total] = printed();
    expect(late).toBe("true");
    expect(Number(total)).toBeLessThan(3000);
  });

  it("keeps 512 characters for a listener that comes late, and hands them over in the queue", () => {
    const { bench, say } = modem();
    const { printed, until } = bench(
      "setTimeout(function () { print(Serial3.available()); Serial3.on('data', function (d) { print('got', d.length); }); print('listening'); }, 500);",
    );
    say("x".repeat(600));
    until(1);
    expect(printed()).toEqual(["512", "listening", "got 512"]);
  });

  it("hears noise at the wrong speed", () => {
    const { bench, say } = modem();
    const { printed, until } = bench("Serial3.on('data', function (d) { print(d == 'OK'); });");
    say("OK", 9600);
    until(1);
    expect(printed()).not.toContain("true");
  });

  it("an error in one listener keeps neither the others nor the rest from running", () => {
    const { bench, say } = modem();
    const { printed, until } = bench(
      "Serial3.on('data', function () { throw new Error('first'); }); Serial3.on('data', function (d) { print(d); });",
    );
    say("a");
    until(1);
    say("b");
    until(2);
    expect(printed().filter((line) => !/^\s+at/.test(line))).toEqual([
      "Uncaught Error: first",
      "a",
      "Uncaught Error: first",
      "b",
    ]);
  });

  it("refuses an impossible speed", () => {
    expect(run(catching("Serial2.setup(50)"))).toEqual(["Invalid baud rate 50"]);
  });
});

describe("SPI and OneWire", () => {
  it("shifts bytes through the part whose select line is low", () => {
    const wires = new Wires();
    wires.spi.push({ cs: "D5", transfer: (out) => out.map((byte) => byte ^ 0xff) });
    const program =
      "SPI1.setup({ sck: D18, miso: D19, mosi: D23 }); print(SPI1.send(1, D5), SPI1.send([1, 2], D5), SPI1.send('\\x0F', D5).charCodeAt(0), SPI1.send(1));";
    expect(run(program, 1, { wires })).toEqual(["254 new Uint8Array([254, 253]) 240 0"]);
  });

  /** A part that only knows the ROM search. */
  const romOnly = (rom: string): OneWireTarget => {
    const bits = [...Buffer.from(rom, "hex")].flatMap((byte) =>
      Array.from({ length: 8 }, (_, i) => ((byte >> i) & 1) as 0 | 1),
    );
    let command: number[] = [];
    let at = 0;
    let phase = 0;
    let active = true;
    return {
      reset: () => ((command = []), (at = phase = 0), (active = true)),
      write(bit) {
        if (command.length < 8) return void command.push(bit);
        if (active && phase === 2) {
          active = bit === bits[at++];
          phase = 0;
        }
      },
      read: () => (!active || at > 63 ? 1 : phase++ === 0 ? bits[at]! : bits[at] === 1 ? 0 : 1),
    };
  };

  it("finds every part on a 1-Wire line by its ROM code", () => {
    const wires = new Wires();
    for (const rom of ["28ff112233445566", "28aa112233445577"]) wires.attachOneWire("D4", romOnly(rom));
    expect(
      run(`var o = new OneWire(D4); print(o.reset(), o.search().sort().join()); ${catching("o.select('zz')")}`, 5, {
        wires,
      }),
    ).toEqual(["true 28aa112233445577,28ff112233445566", 'Invalid OneWire device address "zz"']);
    expect(run("var o = new OneWire(D4); print(o.reset(), o.search().length);")).toEqual(["false 0"]);
  });
});

describe("pins", () => {
  it("are pulled up at boot where the port does it, then released in sleep", () => {
    const wires = new Wires();
    const levels: Record<string, unknown[]> = { D4: [], D12: [] };
    for (const name of ["D4", "D12"] as const)
      wires.pin(name).listen({ changed: (level) => levels[name]!.push(level) });
    const bench = rig(
      "setTimeout(function () { digitalWrite(D4, 1); digitalWrite([D4, D12], 1); }, 100); setTimeout(function () { ESP32.deepSleep(60e6); }, 200);",
      { wires, bootMs: 700 },
    );
    bench.until(30);
    expect(levels).toEqual({ D4: [1, 0, undefined], D12: [1, undefined] });
  });

  it("read what a part drives, their own output, and pull resistors", () => {
    const wires = new Wires();
    wires.pin("D34").line.drive(1);
    const program = `
      pinMode(D4, "input_pullup"); pinMode(D2, "input_pulldown"); D15.set();
      print(digitalRead(D34), digitalRead(D4), digitalRead(D2), D15.read(), digitalRead([D34, D2, D4]));
      print(D4 + "", JSON.stringify(D4), D4.getMode(), D4 instanceof Pin, new Pin(4) === D4, Pin("D99"));
      ${catching("pinMode(D4, 'sideways')")} ${catching("digitalWrite('Z', 1)")} ${catching("digitalPulse(D4, 1, -1)")}`;
    expect(run(program, 1, { wires })).toEqual([
      "1 1 0 true 5",
      'D4 "D4" input_pullup true true undefined',
      "Unknown pin mode",
      "Invalid pin",
      "Pulse Time is less than 0 or not a number",
    ]);
  });

  it("pulse without blocking", () => {
    const wires = new Wires();
    const edges: [number, unknown][] = [];
    const bench = rig("digitalPulse(D4, 1, 10); digitalPulse(D4, 1, [5, 5]); print(Math.round(getTime() * 1000));", {
      wires: (wires.pin("D4"), wires),
    });
    bench.wires.pin("D4").listen({ changed: (level) => void edges.push([bench.clock.now * 1000, level]) });
    bench.until(1);
    expect(bench.printed()).toEqual(["0"]);
    expect(edges).toEqual([
      [10, 0],
      [20, 1],
    ]);
  });

  it("measure 0 to 1 of 3.6 V on the pins of ADC1 only", () => {
    const wires = new Wires();
    wires.analog("D35", () => 1.8);
    expect(run("print(analogRead(D35), analogRead(D4), analogRead(D33));", 1, { wires })).toEqual(["0.5 NaN 0"]);
    expect(run("print(analogRead(D3));", 1, { chip: "esp32s3" })).toEqual(["NaN"]);
  });

  it("setWatch tells edge, time and level, once or again and again, debounced if asked for", () => {
    const wires = new Wires();
    const { line } = wires.pin("D4");
    line.drive(0);
    const bench = rig(
      `
      setWatch(function (e) { print("once", e.state, Math.round(e.time * 1000), e.pin); }, D4, { edge: "rising" });
      setWatch(function (e) { print("all", e.state, e.lastTime === undefined ? "first" : Math.round((e.time - e.lastTime) * 1000)); }, D4, { repeat: true });
      setWatch(function (e) { print("calm", e.state, Math.round(e.time * 1000)); }, D4, { repeat: true, debounce: 50 });`,
      { wires },
    );
    for (const [ms, level] of [
      [100, 1],
      [110, 0],
      [120, 1],
      [300, 0],
    ] as const)
      bench.clock.at(ms * 1000, () => line.drive(level));
    bench.until(1);
    expect(bench.printed()).toEqual([
      "once true 100 D4",
      "all true first",
      "all false 10",
      "all true 10",
      "calm true 120",
      "all false 180",
      "calm false 300",
    ]);
  });
});
