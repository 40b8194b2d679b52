import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { MODEM_ERROR, MODEM_SILENT } from "../../lib/faults.ts";
import { atSession, type AtSession } from "../../lib/modems/at.ts";
import { lines, ScriptedModem } from "./scripted-modem.ts";

let modem: ScriptedModem;
let heard: string[];
let ends: (string | number)[];
let at: AtSession;

const ask = (command: string, limitMs = 1000) => at.ask(command, limitMs, (fault) => ends.push(command, fault));

beforeEach(() => {
  modem = new ScriptedModem();
  heard = [];
  ends = [];
  at = atSession(modem.port, modem.timers, (line) => {
    heard.push(line);
    return line === "NORMAL POWER DOWN";
  });
});

describe("an AT session", () => {
  test("sends one command at a time and ends each with its result", () => {
    modem.answer("AT", lines("OK")).answer("AT+CSQ", lines("+CSQ: 20,0", "OK")).answer("AT+X", lines("ERROR"));
    modem.answer("AT+CPIN?", lines("+CME ERROR: 10"));
    for (const command of ["AT", "AT+CSQ", "AT+X", "AT+CPIN?"]) ask(command);
    expect(modem.commands).toEqual(["AT"]);
    modem.run(1);
    expect(ends).toEqual(["AT", 0, "AT+CSQ", 0, "AT+X", MODEM_ERROR, "AT+CPIN?", MODEM_ERROR]);
    expect(heard).toEqual(["+CSQ: 20,0"]);
  });

  test("takes a line in any chunks", () => {
    for (const chunk of [1, 2, 3, 7]) {
      modem.chunk = chunk;
      modem.answer("AT+CCLK?", lines("+CCLK: 24/01/02,13:45:59+32", "OK"));
      ask("AT+CCLK?");
      modem.run(1);
    }
    expect(ends).toEqual(["AT+CCLK?", 0, "AT+CCLK?", 0, "AT+CCLK?", 0, "AT+CCLK?", 0]);
    expect(new Set(heard)).toEqual(new Set(["+CCLK: 24/01/02,13:45:59+32"]));
  });

  test("overlooks echo", () => {
    modem.echo = true;
    modem.answer("ATE0", lines("OK"));
    ask("ATE0");
    modem.run(1);
    expect([ends, heard]).toEqual([["ATE0", 0], []]);
  });

  test("hears unasked lines before, within and after an answer", () => {
    modem.answer('AT+CSOCON=0,1883,"1.2.3.4"', lines('+CEREG: 1,"5B57","01A50B1A",9', "OK", "+CSONMI: 0,4,2002"));
    modem.say(lines("+CPIN: READY", "SMS Ready"), 1);
    ask('AT+CSOCON=0,1883,"1.2.3.4"');
    modem.run(1);
    modem.say(lines('+CPSMSTATUS: "ENTER PSM"'));
    modem.run(1);
    expect(ends).toEqual(['AT+CSOCON=0,1883,"1.2.3.4"', 0]);
    expect(heard).toEqual([
      "+CPIN: READY",
      "SMS Ready",
      '+CEREG: 1,"5B57","01A50B1A",9',
      "+CSONMI: 0,4,2002",
      '+CPSMSTATUS: "ENTER PSM"',
    ]);
  });

  test("gives up after the limit, and goes on with the next command", () => {
    modem.answer("AT", lines("OK"));
    ask("AT+CGATT?", 5000);
    ask("AT");
    modem.run(4.9);
    expect(ends).toEqual([]);
    modem.run(1);
    expect(ends).toEqual(["AT+CGATT?", MODEM_SILENT, "AT", 0]);
  });

  test("does not take late answers to earlier probes for answers to later commands", () => {
    // the modem wakes up and answers three AT in one burst
    ask("AT", 250);
    ask("AT", 250);
    ask("AT", 250);
    modem.answer("ATE0", lines("OK")).answer("AT+CPIN?", lines("+CPIN: READY", "OK"));
    modem.run(0.6);
    modem.say(lines("OK", "OK", "OK"));
    ask("ATE0");
    at.ask("AT+CPIN?", 1000, (fault) => ends.push("ready", fault, heard.length));
    modem.run(1);
    expect(ends).toEqual(["AT", MODEM_SILENT, "AT", MODEM_SILENT, "AT", 0, "ATE0", 0, "ready", 0, 1]);
  });

  test("ends a command on the line that the driver says ends it", () => {
    modem.answer("AT+CPOWD=1", lines("NORMAL POWER DOWN"));
    ask("AT+CPOWD=1");
    modem.run(0.1);
    expect(ends).toEqual(["AT+CPOWD=1", 0]);
  });

  test("forgets everything on abort, and its next command meets silence first", () => {
    modem.answer("AT+CPOWD=1", lines("NORMAL POWER DOWN"));
    ask('AT+CSOCON=0,1,"x"', 40000);
    ask("AT");
    at.abort();
    ask("AT+CPOWD=1");
    modem.say(lines("ERROR"), 50);
    modem.run(0.09);
    expect(modem.commands).toEqual(['AT+CSOCON=0,1,"x"']);
    modem.run(1);
    expect(ends).toEqual(["AT+CPOWD=1", 0]);
  });

  test("finds the next line after noise of any length", () => {
    modem.answer("AT", lines("OK"));
    modem.say("\xff\0\x80garbage".repeat(1000), 1);
    modem.run(1);
    ask("AT");
    modem.run(1);
    expect(ends).toEqual(["AT", 0]);
  });

  test("ends every command within its limit, whatever the modem says", () => {
    const noise = fc.array(
      fc.oneof(
        fc.constantFrom("OK", "ERROR", "\r\n", "\r", "\n", "+CME ERROR: 3", "+CEREG: 1", "AT", ">"),
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 40 }), (parts, chunk) => {
        const wild = new ScriptedModem();
        wild.chunk = chunk;
        const session = atSession(wild.port, wild.timers, () => false);
        let count = 0;
        for (let i = 0; i < 5; i++) session.ask("AT+X", 1000, () => count++);
        for (const part of parts) {
          wild.say(part);
          wild.run(0.05);
        }
        wild.run(6);
        expect(count).toBe(5);
      }),
      { numRuns: 500 },
    );
  });
});
