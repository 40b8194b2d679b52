/**
 * Dialogues as the manuals print them, replayed byte for byte to the drivers: with a space behind the colons, and without
 * (as Quectel's BC95 writes), in one piece and in crumbs, with the lines between them that the manuals warn of.
 */
import { describe, expect, test } from "vitest";
import type { ModemName } from "../../tools/simulator/modems/families.ts";
import { modemDriver, type ModemSetup } from "../../lib/modems/driver.ts";
import { drivers } from "./linked.ts";
import { ScriptedModem, type Answer } from "./scripted-modem.ts";

const framed = (...lines: string[]) => lines.map((line) => `\r\n${line}\r\n`).join("");
const ok = framed("OK");

interface Transcript {
  readonly source: string;
  readonly time: string;
  /** Granted timers that are worth it, or not. */
  readonly sleeps: boolean;
  readonly udp?: true;
  readonly host: string;
  readonly port: number;
  /** The start: what reads settings. */
  readonly start: readonly (readonly [command: string, answer: Answer])[];
  /** From opening to closing. `"data"` is sent. */
  readonly dialogue: readonly (readonly [command: string, answer: Answer])[];
  /** Follows the sending. */
  readonly arrives: string;
  readonly received: string;
  /** Ends the connection. */
  readonly ends: string;
  /** Unasked, at any moment. */
  readonly between: readonly string[];
}

const psmSet = framed('+CPSMS: 1,,,"01011111","00000001"', "OK");
const noApn = framed('+CGDCONT: 1,"IP",""', "OK");

const transcripts: Partial<Record<ModemName, Transcript>> = {
  sim7020: {
    source: "SIM7020 AT manual V1.05, TCPIP application note V1.02, low power application note V1.03",
    time: "2024-01-02T05:45:59Z",
    sleeps: false,
    host: "117.131.85.139",
    port: 8309,
    start: [
      ["AT*MCGDEFCONT?", framed('*MCGDEFCONT: "IP",""', "OK")],
      ["AT+CEREG?", framed('+CEREG: 4,1,"5B57","01A50B1A",9,"00",,,"11100000","11100000"', "OK")],
      ["AT+CCLK?", framed("+CCLK: 24/01/02,13:45:59+32", "OK")],
    ],
    dialogue: [
      ["AT+CSOC=1,1,1", framed("+CSOC: 0", "OK")],
      ['AT+CSOCON=0,8309,"117.131.85.139"', ok],
      ["AT+CSOSEND=0,8,64617461", framed("OK", "SEND: 0,8")],
      ["AT+CNBIOTRAI=2", ok],
      ["AT+CSOCL=0", ok],
    ],
    arrives: framed("+CSONMI: 0,10,68656C6C6F"),
    received: "hello",
    ends: framed("+CSOERR: 0,-1"),
    between: ["+CPIN: READY", "SMS Ready", '+CPSMSTATUS: "EXIT PSM"', "+CLTS: 24/01/02,13:45:59+32"],
  },
  sim7080: {
    source: "SIM7080 TCPUDP(S) application note V1.03, 5.1.1; low power application note V1.02",
    time: "2021-05-26T05:37:37Z",
    sleeps: false,
    host: "117.131.85.139",
    port: 6004,
    start: [
      ["AT+CGDCONT?", noApn],
      ["AT+CEREG?", framed('+CEREG: 4,1,"5B57","195071B",9,,,"00000000","01100000"', "OK")],
      ["AT+CCLK?", framed('+CCLK: "21/05/26,13:37:37+32"', "OK")],
    ],
    dialogue: [
      ["AT+CNACT=0,1", framed("OK", "+APP PDP: 0,ACTIVE")],
      ['AT+CAOPEN=0,0,"TCP","117.131.85.139",6004', framed("+CAOPEN: 0,0", "OK")],
      ["AT+CASEND=0,4", "\r\n>"],
      ["AT+CARECV=0,512", framed("+CARECV: 10,GET / HTTP", "OK")],
      ["AT+CRAI=2", ok],
      ["AT+CACLOSE=0", ok],
      ["AT+CNACT=0,0", framed("OK", "+APP PDP: 0,DEACTIVE")],
    ],
    arrives: framed("+CADATAIND: 0"),
    received: "GET / HTTP",
    ends: framed("+CASTATE: 0,0"),
    between: [
      "+CPIN: READY",
      "SMS Ready",
      '*PSUTTZ: 21/05/26,05:37:37","+32",0',
      "+CTZV: +32",
      "DST: 0",
      '*PSNWID: "460","11","CHN-CT",0,"CHN-CT",0',
    ],
  },
  sim7000: {
    source: "SIM7000 AT manual V1.06 and TCPIP application note, by excerpts",
    time: "2021-05-26T05:37:37Z",
    sleeps: true,
    host: "117.131.85.139",
    port: 5300,
    start: [
      ["AT+CGDCONT?", noApn],
      ["AT+CEREG?", framed('+CEREG: 4,1,"5B57","195071B",9,,,"00000001","01011111"', "OK")],
      ["AT+CCLK?", framed('+CCLK: "21/05/26,13:37:37+32"', "OK")],
    ],
    dialogue: [
      ["AT+CIPSHUT", framed("SHUT OK")],
      ["AT+CIPRXGET=1", ok],
      ['AT+CSTT=""', ok],
      ["AT+CIICR", ok],
      ["AT+CIFSR", framed("10.94.36.44")],
      ['AT+CIPSTART="TCP","117.131.85.139",5300', framed("OK", "CONNECT OK")],
      ["AT+CIPSEND=4", "\r\n> "],
      ["AT+CIPRXGET=3,512", framed("+CIPRXGET: 3,4,0", "74657374", "OK")],
      ["AT+CRAI=2", ok],
      ["AT+CIPCLOSE", framed("CLOSE OK")],
      ["AT+CIPSHUT", framed("SHUT OK")],
    ],
    arrives: framed("+CIPRXGET: 1"),
    received: "test",
    ends: framed("CLOSED"),
    between: ["+CPIN: READY", "SMS Ready", "+CTZV: +32", "DST: 0"],
  },
  bc660k: {
    source: "BC660K-GL AT manual and public drivers of its sockets",
    time: "2026-10-02T15:50:20Z",
    sleeps: true,
    host: "220.180.239.212",
    port: 8062,
    start: [
      ["AT+CGDCONT?", framed('+CGDCONT: 0,"IP",""', "OK")],
      ["AT+CEREG?", framed('+CEREG: 4,1,"A924","00288516",9,,,"00000001","01011111"', "OK")],
      ["AT+CCLK?", framed('+CCLK: "26/10/02,23:50:20+32"', "OK")],
    ],
    dialogue: [
      ["AT+QSCLK=0", ok],
      ["AT+QICLOSE=0", framed("OK", "CLOSE OK")],
      ['AT+QICFG="dataformat",1,1', ok],
      ['AT+QICFG="viewmode",1', ok],
      ['AT+QIOPEN=0,"TCP","220.180.239.212",8062,0,1', framed("OK", "+QIOPEN: 0,0")],
      ['AT+QISEND=0,4,"64617461"', framed("OK", "SEND OK")],
      ["AT+QNBIOTRAI=1", ok],
      ["AT+QICLOSE=0", framed("OK", "CLOSE OK")],
      ["AT+QSCLK=1", ok],
    ],
    arrives: framed('+QIURC: "recv",0,4,"74657374"'),
    received: "test",
    ends: framed('+QIURC: "closed",0'),
    between: [
      "+CSCON: 1",
      "+CSCON: 0",
      "+IP: 10.7.157.1",
      '+QNBIOTEVENT: "EXIT PSM"',
      '+CTZEU: "+8",1,"2026/10/02,23:50:20"',
    ],
  },
  bc66: {
    source: "BC26 as RT-Thread's at_device drives it",
    time: "2026-10-02T15:50:20Z",
    sleeps: true,
    host: "220.180.239.212",
    port: 8062,
    start: [
      ["AT+CGDCONT?", noApn],
      ["AT+CEREG?", framed('+CEREG: 4,1,"A924","00288516",9,,,"00000001","01011111"', "OK")],
      ["AT+CCLK?", framed('+CCLK: "26/10/02,23:50:20+32"', "OK")],
    ],
    dialogue: [
      ["AT+QSCLK=0", ok],
      ["AT+QICLOSE=0", framed("ERROR")],
      ['AT+QICFG="dataformat",1,1', ok],
      ['AT+QICFG="viewmode",1', ok],
      ['AT+QIOPEN=1,0,"TCP","220.180.239.212",8062,0,1', framed("OK", "+QIOPEN: 0,0")],
      ['AT+QISEND=0,4,"64617461"', framed("OK", "SEND OK")],
      ["AT+QNBIOTRAI=2", ok],
      ["AT+QICLOSE=0", framed("OK", "CLOSE OK")],
      ["AT+QSCLK=1", ok],
    ],
    // without the view mode the digits stand on a line of their own
    arrives: '\r\n+QIURC: "recv",0,4\r\n74657374\r\n',
    received: "test",
    ends: framed('+QIURC: "closed",0'),
    between: ["+CSCON: 1", "+IP: 10.7.157.1"],
  },
  bg96: {
    source: "BG96 AT manual V2.3, TCP/IP application note V1.2",
    time: "2026-10-02T15:50:20Z",
    sleeps: true,
    host: "220.180.239.212",
    port: 8062,
    start: [
      ["AT+CGDCONT?", noApn],
      ["AT+CEREG?", framed('+CEREG: 4,1,"A924","288516",9,,,"00000001","01011111"', "OK")],
      ["AT+CCLK?", framed('+CCLK: "26/10/02,23:50:20+32"', "OK")],
    ],
    dialogue: [
      ['AT+QICSGP=1,1,""', ok],
      ["AT+QIACT=1", ok],
      ["AT+QICLOSE=0", ok],
      ['AT+QIOPEN=1,0,"TCP","220.180.239.212",8062,0,1', framed("OK", "+QIOPEN: 0,0")],
      ['AT+QISENDEX=0,"64617461"', framed("SEND OK")],
      ["AT+QICLOSE=0", ok],
    ],
    arrives: '\r\n+QIURC: "recv",0,4\r\ntest',
    received: "test",
    ends: framed('+QIURC: "closed",0'),
    between: ["APP RDY", "+CPIN: READY", "+QIND: SMS DONE", '+CTZE: "+32",0,"2026/10/02,23:50:20"'],
  },
  "sara-n2": {
    source: "Robinson 2019's tests with SARA-N200 and BC95, RT-Thread's bc28",
    time: "2026-10-02T15:50:20Z",
    sleeps: false,
    udp: true,
    host: "1.2.3.4",
    port: 7,
    start: [
      ["AT+CGDCONT?", noApn],
      ["AT+CEREG?", framed('+CEREG: 5,1,"9C40","23DC10D",7,,,,"00000110"', "OK")],
      ["AT+CCLK?", framed('+CCLK: "26/10/02,23:50:20+32"', "OK")],
    ],
    dialogue: [
      ['AT+NSOCR="DGRAM",17,16666', framed("0", "OK")],
      ['AT+NSOSTF=0,"1.2.3.4",7,0x400,4,"64617461"', framed("0,4", "OK")],
      ["AT+NSORF=0,512", framed("0,1.2.3.4,7,5,48656c6c6F,0", "OK")],
      ["AT+NSOCL=0", ok],
    ],
    arrives: framed("+NSONMI: 0,5"),
    received: "Hello",
    ends: framed("+NSOCLI: 0"),
    between: ["+CSCON: 1", "+CSCON: 0", "+NPSMR: 0", "+NSOSTR: 0,1,1"],
  },
};

const styles = {
  "as printed": (text: string) => text,
  "without spaces behind colons": (text: string) => text.replace(/(\r\n[+*][A-Z ]+): /g, "$1:"),
};

function talk(
  name: ModemName,
  transcript: Transcript,
  style: (text: string) => string,
  chunk: number,
  between: boolean,
) {
  const { family, wrap } = drivers[name];
  const modem = new ScriptedModem().answer(/^AT/, ok);
  modem.chunk = chunk;
  const say = (answer: Answer): Answer =>
    typeof answer === "string"
      ? () => {
          const other = transcript.between[modem.commands.length % transcript.between.length]!;
          return style(between ? framed(other) + answer + (answer.endsWith("\n") ? framed(other) : "") : answer);
        }
      : answer;
  const rules: (readonly [string, Answer])[] = [
    ["AT+CPIN?", framed("+CPIN: READY", "OK")],
    ["AT+CPSMS?", psmSet],
    ...transcript.start,
    ...transcript.dialogue,
  ];
  for (const [command, answer] of rules) modem.answer(command, say(answer));
  const prompted: string[] = [];
  const { port } = modem;
  const setup: ModemSetup = {
    port: {
      ...port,
      write(data) {
        if (data.startsWith("AT")) return port.write(data);
        prompted.push(data);
        modem.say(style(name === "sim7000" ? framed("SEND OK") : ok));
      },
    },
    timers: modem.timers,
    key: undefined,
    apn: "",
    tauSeconds: 310 * 3600,
    activeSeconds: 2,
    registerMs: 90_000,
  };
  const driver = modemDriver(wrap ? { ...setup, port: wrap(setup.port) } : setup, family);
  const faults: (number | undefined)[] = [];
  let received = "";
  let closed = 0;
  const step = (run: (done: (fault: number) => void) => void) => {
    const at = faults.push(undefined) - 1;
    run((fault) => (faults[at] = fault));
    modem.run(70);
  };
  step((done) => driver.up(done));
  const time = driver.time();
  const first = modem.commands.length;
  step((done) =>
    driver.open(
      transcript.host,
      transcript.port,
      (bytes) => (received += bytes),
      () => closed++,
      done,
      transcript.udp,
    ),
  );
  step((done) => driver.send("data", done));
  modem.say(style(transcript.arrives));
  modem.run(10);
  modem.say(style(transcript.ends));
  modem.run(10);
  step((done) => driver.down(done));
  return { faults, time, received, closed, prompted, commands: modem.commands.slice(first) };
}

describe.each(Object.entries(transcripts) as [ModemName, Transcript][])("%s", (name, transcript) => {
  test.each(
    Object.entries(styles).flatMap(([title, style]) =>
      [Infinity, 3].flatMap((chunk) => [false, true].map((between) => [title, chunk, between, style] as const)),
    ),
  )(`${transcript.source}: %s, %s bytes at a time, other lines between: %s`, (_, chunk, between, style) => {
    const said = talk(name, transcript, style, chunk, between);
    expect(said.faults).toEqual([0, 0, 0, 0]);
    expect(said.time).toBe(Date.parse(transcript.time) / 1000);
    expect(said.received).toBe(transcript.received);
    expect(said.closed).toBe(1);
    // without a grant that is worth it, the modem is switched off at the end
    const expected = transcript.dialogue.map(([command]) => command);
    expect(said.commands.slice(0, expected.length)).toEqual(expected);
    expect(said.commands.slice(expected.length).filter((command) => command !== "AT+CEREG?").length).toBe(
      transcript.sleeps ? 0 : 1,
    );
    if (said.prompted.length) expect(said.prompted).toEqual(["data"]);
  });
});
