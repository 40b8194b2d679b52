import { beforeEach, describe, expect, test } from "vitest";
import { CONNECTION_LOST, MODEM_ERROR, MODEM_SILENT, NO_ROUTE, NOT_REGISTERED, SIM_MISSING } from "../../lib/faults.ts";
import type { Modem } from "../../lib/modems/modem.ts";
import { modemDriver, type ModemSetup } from "../../lib/modems/driver.ts";
import { sim7020Family } from "../../lib/modems/sim7020-family.ts";
import { lines, ScriptedModem } from "./scripted-modem.ts";

// lines as SIMCom's documents show them
const REGISTERED = '+CEREG: 4,1,"5B57","01A50B1A",9,"00",,,"00000001","01011111"';
const NO_PSM = '+CEREG: 4,1,"5B57","01A50B1A",9,"00",,,"11100000","11100000"';
const PSM_SET = '+CPSMS: 1,,,"01011111","00000001"';

let modem: ScriptedModem;
let keys: [second: number, pressed: boolean][];

/** A registered SIM7020 that needs nothing set. Later rules win. */
function awake(): ScriptedModem {
  return new ScriptedModem()
    .answer("AT", lines("OK"))
    .answer("ATE0", lines("OK"))
    .answer("AT+CPIN?", lines("+CPIN: READY", "OK"))
    .answer("AT+CPSMS?", lines(PSM_SET, "OK"))
    .answer("AT*MCGDEFCONT?", lines('*MCGDEFCONT: "IP",""', "OK"))
    .answer(/^AT\+(CPSMS=|CLTS=|CNBIOTRAI=|CSOCL=|CFUN=|CEREG=4)/, lines("OK"))
    .answer("AT+CEREG?", lines(REGISTERED, "OK"))
    .answer("AT+CCLK?", lines("+CCLK: 24/01/02,13:45:59+32", "OK"))
    .answer("AT+CSOC=1,1,1", lines("+CSOC: 0", "OK"))
    .answer(/^AT\+CSOCON=/, lines("OK"))
    .answer(/^AT\+CSOSEND=/, lines("OK"))
    .answer("AT+CPOWD=1", lines("NORMAL POWER DOWN"));
}

function driver(setup: Partial<ModemSetup> = {}): Modem {
  return modemDriver(
    {
      port: modem.port,
      timers: modem.timers,
      key: (pressed) => keys.push([modem.clock.now, pressed]),
      apn: "",
      tauSeconds: 310 * 3600,
      activeSeconds: 2,
      registerMs: 90000,
      ...setup,
    },
    sim7020Family,
  );
}

/** Runs until `up` has ended: its fault, or undefined when it is still busy after that time. */
function up(sim: Modem, seconds = 300): number | undefined {
  let ended: number | undefined;
  sim.up((fault) => {
    expect(ended).toBeUndefined();
    ended = fault;
  });
  modem.run(seconds);
  return ended;
}

interface Link {
  fault?: number;
  received: string;
  closed: number;
}

function open(sim: Modem, host = "10.0.0.1"): Link {
  const link: Link = { received: "", closed: 0 };
  sim.open(
    host,
    1883,
    (bytes) => (link.received += bytes),
    () => link.closed++,
    (fault) => (link.fault = fault),
  );
  modem.run(120);
  return link;
}

function down(sim: Modem, seconds = 60): boolean {
  let ended = false;
  sim.down((fault) => {
    expect(fault).toBe(0);
    ended = true;
  });
  modem.run(seconds);
  return ended;
}

beforeEach(() => {
  modem = awake();
  keys = [];
});

describe("bringing a SIM7020 up", () => {
  test("asks, and sets nothing that is set already", () => {
    const sim = driver();
    expect(up(sim)).toBe(0);
    expect(modem.commands).toEqual([
      "AT",
      "ATE0",
      "AT+CPIN?",
      "AT*MCGDEFCONT?",
      "AT+CPSMS?",
      "AT+CEREG=4",
      "AT+CEREG?",
      "AT+CCLK?",
    ]);
    expect(keys).toEqual([]);
    expect(sim.time()).toBe(Date.parse("2024-01-02T05:45:59Z") / 1000);
  });

  test("takes less than a quarter of a second when the modem is awake and registered", () => {
    expect(up(driver(), 0.25)).toBe(0);
  });

  test("presses the key for 1.1 s when the modem sleeps, then probes until it answers", () => {
    modem.on = false;
    modem.clock.after(3.4e6, () => {
      modem.on = true;
      modem.say(lines("RDY", "+CFUN: 1", "+CPIN: READY", "SMS Ready"));
    });
    expect(up(driver())).toBe(0);
    expect(keys).toEqual([
      [0.5, true],
      [1.6, false],
    ]);
  });

  test("works with echo on and the smallest chunks", () => {
    modem.echo = true;
    modem.chunk = 1;
    expect(up(driver())).toBe(0);
  });

  test("says MODEM_SILENT within 12 s when nothing ever answers, and down() asks nothing then", () => {
    modem.on = false;
    const sim = driver();
    expect(up(sim, 12)).toBe(MODEM_SILENT);
    expect(down(sim, 0)).toBe(true);
  });

  test("gives noise on the line the same limit", () => {
    modem.answer("AT", "\xff\xfe\r\n+++\0");
    expect(up(driver(), 15)).toBe(MODEM_SILENT);
  });

  test("waits for a SIM that is not ready yet", () => {
    let asked = 0;
    modem.answer("AT+CPIN?", () => (asked++ < 3 ? lines("+CPIN: NOT READY", "OK") : lines("+CPIN: READY", "OK")));
    expect(up(driver())).toBe(0);
  });

  test.each([
    ["refuses", lines("+CME ERROR: 10")],
    ["wants its PIN", lines("+CPIN: SIM PIN", "OK")],
  ])("says SIM_MISSING when the SIM %s", (_, answer) => {
    modem.answer("AT+CPIN?", answer);
    expect(up(driver(), 15)).toBe(SIM_MISSING);
  });

  test.each([
    ["off", "+CPSMS: 0"],
    ["on with other timers", '+CPSMS: 1,,,"00100110","00000001"'],
  ])("turns PSM from 0 to 1 when it is %s: only that makes the modem ask the network", (_, line) => {
    modem.answer("AT+CPSMS?", lines(line, "OK"));
    expect(up(driver())).toBe(0);
    expect(modem.commands.filter((command) => command.includes("CPSMS="))).toEqual([
      "AT+CPSMS=0",
      'AT+CPSMS=1,,,"01011111","00000001"',
    ]);
  });

  test("says MODEM_SILENT within 15 s when the modem dies on the way to its SIM", () => {
    modem.answer("AT+CPIN?", () => {
      modem.on = false;
      return undefined;
    });
    expect(up(driver(), 15)).toBe(MODEM_SILENT);
  });

  test("sets the APN with the radio off, and only when it differs", () => {
    modem.answer("AT*MCGDEFCONT?", lines('*MCGDEFCONT: "IP","cmnbiot"', "OK"));
    modem.answer(/^AT\*MCGDEFCONT=/, lines("OK"));
    expect(up(driver({ apn: "cmnbiot" }))).toBe(0);
    expect(modem.commands.join()).not.toContain("CFUN");

    expect(up(driver({ apn: "iot.1nce.net" }))).toBe(0);
    expect(modem.commands.slice(-6, -3)).toEqual(["AT+CFUN=0", 'AT*MCGDEFCONT="IP","iot.1nce.net"', "AT+CFUN=1"]);
  });

  test("goes on at the unasked line when registration takes a while", () => {
    modem.answer("AT+CEREG?", lines("+CEREG: 4,2", "OK"));
    modem.clock.after(37.3e6, () => modem.say(lines('+CEREG: 5,"5B57","01A50B1A",9,"00",,,"00000001","01011111"')));
    expect(up(driver(), 37.4)).toBe(0);
  });

  test("notices a registration whose line was lost", () => {
    modem.answer("AT+CEREG?", lines("+CEREG: 4,2", "OK"));
    modem.clock.after(12e6, () => modem.answer("AT+CEREG?", lines(REGISTERED, "OK")));
    expect(up(driver(), 18)).toBe(0);
  });

  test("says NOT_REGISTERED at the limit without coverage, and at once when denied", () => {
    modem.answer("AT+CEREG?", lines("+CEREG: 4,2", "OK"));
    expect(up(driver({ registerMs: 30000 }), 31)).toBe(NOT_REGISTERED);
    modem.answer("AT+CEREG?", lines("+CEREG: 4,3", "OK"));
    expect(up(driver(), 1)).toBe(NOT_REGISTERED);
  });

  test.each([
    ["a clock that was never set", lines("+CCLK: 00/01/01,00:18:15+32", "OK")],
    ["an error", lines("ERROR")],
  ])("knows no time after %s", (_, answer) => {
    modem.answer("AT+CCLK?", answer);
    const sim = driver();
    expect([up(sim), sim.time()]).toEqual([0, 0]);
  });

  test("ends within its limits whichever command meets silence", () => {
    const asked = ["ATE0", "AT+CPIN?", "AT+CPSMS?", "AT+CEREG=4", "AT+CEREG?", "AT+CCLK?"];
    for (const command of asked) {
      modem = awake().answer(command, undefined);
      expect(up(driver({ registerMs: 30000 }), 100), command).toBeDefined();
    }
  });
});

describe("a TCP connection", () => {
  let sim: Modem;
  beforeEach(() => {
    sim = driver();
    expect(up(sim)).toBe(0);
    modem.commands.splice(0);
  });

  test("opens to an address", () => {
    expect(open(sim).fault).toBe(0);
    expect(modem.commands).toEqual(["AT+CSOC=1,1,1", 'AT+CSOCON=0,1883,"10.0.0.1"']);
  });

  test("uses whatever socket it is given, also without the blank of the manual", () => {
    modem.answer("AT+CSOC=1,1,1", lines("+CSOC:3", "OK"));
    open(sim);
    expect(modem.commands).toContain('AT+CSOCON=3,1883,"10.0.0.1"');
  });

  test("resolves a name first", () => {
    modem.answer(
      'AT+CDNSGIP="broker.example"',
      lines("OK") + lines('+CDNSGIP: 1,"broker.example","119.75.218.77","119.75.217.56"'),
    );
    expect(open(sim, "broker.example").fault).toBe(0);
    expect(modem.commands).toContain('AT+CSOCON=0,1883,"119.75.218.77"');
  });

  test.each([
    ["is unknown", lines("OK") + lines("+CDNSGIP: 0,8")],
    ["cannot be asked for", lines("ERROR")],
    ["never comes", lines("OK")],
    ["meets silence", undefined],
  ])("says NO_ROUTE when a name %s", (_, answer) => {
    modem.answer(/^AT\+CDNSGIP/, answer);
    expect(open(sim, "broker.example").fault).toBe(NO_ROUTE);
  });

  test("says NO_ROUTE when the far end refuses or does not answer", () => {
    modem.answer(/^AT\+CSOCON/, lines("ERROR", "+CSOERR: 0,3"));
    expect(open(sim)).toMatchObject({ fault: NO_ROUTE, closed: 0 });
    modem.answer(/^AT\+CSOCON/, undefined);
    expect(open(sim)).toMatchObject({ fault: NO_ROUTE });
  });

  test("says MODEM_ERROR without a socket", () => {
    modem.answer("AT+CSOC=1,1,1", lines("ERROR"));
    expect(open(sim).fault).toBe(MODEM_ERROR);
  });

  test("sends bytes in hex, 512 at a time, in the order of the calls", () => {
    open(sim);
    const ends: number[] = [];
    sim.send("\x00\x7f\xff" + "a".repeat(1021), (fault) => ends.push(1, fault));
    sim.send("\x10", (fault) => ends.push(2, fault));
    modem.run(1);
    expect(modem.commands.slice(2)).toEqual([
      "AT+CSOSEND=0,1024,007fff" + "61".repeat(509),
      "AT+CSOSEND=0,1024," + "61".repeat(512),
      "AT+CSOSEND=0,2,10",
    ]);
    expect(ends).toEqual([1, 0, 2, 0]);
  });

  test("sends nothing after a piece that was refused", () => {
    open(sim);
    const ends: number[] = [];
    modem.answer(/^AT\+CSOSEND/, lines("ERROR"));
    sim.send("a".repeat(1000), (fault) => ends.push(fault));
    modem.run(30);
    expect(ends).toEqual([CONNECTION_LOST]);
    expect(modem.commands.length).toBe(3);
  });

  test("hears bytes at any moment", () => {
    const link = open(sim);
    modem.say(lines("+CSONMI: 0,8,20020000"));
    modem.run(1);
    modem.answer(/^AT\+CSOSEND/, lines("+CSONMI: 0,8,40020002", "OK"));
    sim.send("x", () => {});
    modem.run(1);
    modem.say("\r\n+CSONMI: 0,28,68656C6C6F2053494D3730323045\r\n");
    modem.run(1);
    expect(link.received).toBe("\x20\x02\x00\x00\x40\x02\x00\x02hello SIM7020E");
  });

  test("hears the end of the connection once, and sends nothing after it", () => {
    const link = open(sim);
    modem.say(lines("+CSOERR: 0,3", "+CSOERR: 0,2"));
    modem.run(1);
    let fault: number | undefined;
    sim.send("x", (code) => (fault = code));
    modem.run(1);
    expect([link.closed, fault]).toEqual([1, CONNECTION_LOST]);
  });

  test("treats bytes that the UART lost as the end of the connection", () => {
    const link = open(sim);
    modem.say("\r\n+CSONMI: 0,28,68656C6C6F2053");
    modem.run(1);
    modem.say("4D3730323045\r\n");
    modem.run(1);
    expect(link).toMatchObject({ received: "", closed: 1 });
  });
});

describe("letting a SIM7020 sleep", () => {
  test("announces the last exchange, closes the socket and leaves the modem to PSM", () => {
    const sim = driver();
    up(sim);
    open(sim);
    modem.commands.splice(0);
    expect(down(sim, 1)).toBe(true);
    expect(modem.commands).toEqual(["AT+CNBIOTRAI=2", "AT+CSOCL=0"]);
  });

  test("turns the modem off when the network refused PSM", () => {
    modem.answer("AT+CEREG?", lines(NO_PSM, "OK"));
    const sim = driver();
    up(sim);
    open(sim);
    expect(down(sim, 1)).toBe(true);
    expect(modem.commands.slice(-4)).toEqual(["AT+CNBIOTRAI=2", "AT+CSOCL=0", "AT+CEREG?", "AT+CPOWD=1"]);
  });

  test("leaves it on when PSM was granted after all", () => {
    modem.answer("AT+CEREG?", lines(NO_PSM, "OK"));
    const sim = driver();
    up(sim);
    modem.answer("AT+CEREG?", lines(REGISTERED, "OK"));
    expect(down(sim, 1)).toBe(true);
    expect(modem.commands).not.toContain("AT+CPOWD=1");
  });

  test("turns the modem off when it found no network: a search costs more than anything", () => {
    modem.answer("AT+CEREG?", lines("+CEREG: 4,2", "OK"));
    const sim = driver({ registerMs: 1000 });
    expect(up(sim, 2)).toBe(NOT_REGISTERED);
    expect(down(sim, 2)).toBe(true);
    expect(modem.commands.at(-1)).toBe("AT+CPOWD=1");
  });

  test("turns it off when the socket does not close, which would block PSM", () => {
    const sim = driver();
    up(sim);
    open(sim);
    modem.answer(/^AT\+CSOCL/, undefined);
    expect(down(sim, 15)).toBe(true);
    expect(modem.commands.at(-1)).toBe("AT+CPOWD=1");
  });

  test("works at every moment, ends within 45 s, and nothing that was given up calls back", () => {
    for (let ms = 0; ms < 5000; ms += 35) {
      modem = awake();
      keys = [];
      modem.latencyMs = 150;
      modem.on = false;
      modem.clock.after(2.5e6, () => (modem.on = true));
      const sim = driver();
      let over = false;
      const late = () => expect(over).toBe(false);
      sim.up((fault) => {
        late();
        if (!fault) sim.open("10.0.0.1", 1883, late, late, late);
      });
      modem.run(ms / 1000);
      over = true;
      expect(down(sim, 45), `after ${ms} ms`).toBe(true);
      expect(keys.at(-1)?.[1] ?? false).toBe(false);
    }
  });

  test("ends within 45 s when the modem died", () => {
    const sim = driver();
    up(sim);
    open(sim);
    modem.on = false;
    expect(down(sim, 45)).toBe(true);
  });
});
