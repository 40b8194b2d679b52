/**
 * SIMCom SIM7020 (NB-IoT): from asleep to a TCP connection and back to PSM. AT Command Manual V1.05, TCPIP Application
 * Note V1.02, Low Power Mode Application Note V1.03, Hardware Design V1.02.
 *
 *   up      probe ─ key ─ echo off ─ SIM ─ APN ─ PSM request ─ registered ─ network time
 *   open    socket ─ name ─ connect          down    release ─ close ─ PSM by itself, else off
 */
import { CONNECTION_LOST, MODEM_ERROR, MODEM_SILENT, NO_ROUTE, NOT_REGISTERED, SIM_MISSING } from "../faults.ts";
import type { Done, SerialPort } from "../platform/ports.ts";
import { atSession } from "./at.ts";
import { fromHex, toHex } from "./hex.ts";
import type { Modem, Timers } from "./modem.ts";
import { unixTime } from "./network-time.ts";
import { activeTimeBits, periodicTauBits } from "./psm-timers.ts";

export interface Sim7020Setup {
  readonly port: SerialPort;
  readonly timers: Timers;
  /** Presses or releases the power key; undefined when the modem is always on. */
  readonly key: ((pressed: boolean) => void) | undefined;
  /** "" = the subscription's own. */
  readonly apn: string;
  readonly tauSeconds: number;
  readonly activeSeconds: number;
  readonly registerMs: number;
}

/** Hardware Design table 8: 215 ms, typically 800; the SIM7020X reference asks for more than a second. */
const KEY_MS = 1100;
const PROBE_MS = 250;
/** Autobauding may swallow the first AT. */
const AWAKE_PROBES = 2;
/** UART ready 2 s after the key (table 8); ten seconds leave room for a cold start. */
const BOOT_PROBES = 40;
const ANSWER_MS = 3000;
/** CFUN starts or stops the radio, CSOCL waits for the far end. */
const SLOW_MS = 10000;
const NAME_MS = 20000;
/** TCP's round trips at the worst coverage take 10 s each. */
const CONNECT_MS = 40000;
const SIM_TRIES = 20;
const SIM_RETRY_MS = 500;
/** The +CEREG line comes unasked; asking as well covers a lost one. */
const POLL_MS = 5000;
/** Bytes per AT+CSOSEND (manual 6.2.6). */
const CHUNK = 512;

export function sim7020Driver(setup: Sim7020Setup): Modem {
  const timers = setup.timers;
  let answers = false;
  let simReady = false;
  let registered = false;
  let psmGranted = false;
  let psmAsked = "";
  let apn = "";
  let unix = 0;
  let socket = "";
  let timer = 0;
  let limit = 0;

  // set only while someone waits for it
  let settled: Done | undefined;
  let resolved: ((address: string | undefined) => void) | undefined;
  let received: ((bytes: string) => void) | undefined;
  let closed: (() => void) | undefined;

  // Espruino gives a timer's number to the next timer once it has fired: a number is forgotten as soon as it is spent
  const later = (ms: number, run: () => void) => {
    timer = timers.after(ms, () => {
      timer = 0;
      run();
    });
  };

  const stop = () => {
    timers.cancel(limit);
    timers.cancel(timer);
    limit = timer = 0;
  };

  const lose = () => {
    const tell = closed;
    closed = undefined;
    if (tell) tell();
  };

  const heardBy: Record<string, (fields: string[], rest: string) => void> = {
    "+CPIN": (_, rest) => {
      simReady = rest === "READY";
    },
    "+CEREG": (fields) => {
      // an answer is <n>,<stat>,… and an unasked line <stat>,…: what follows <stat> is quoted, empty or missing
      const second = fields[1];
      const stat = second && second[0] !== '"' ? second : fields[0];
      registered = stat === "1" || stat === "5";
      const active = fields.length > 7 ? fields[fields.length - 2] : "";
      psmGranted = !!active && active !== '"11100000"';
      if (settled && registered) settled(0);
      if (settled && stat === "3") settled(NOT_REGISTERED);
    },
    "+CPSMS": (_, rest) => {
      psmAsked = rest;
    },
    "*MCGDEFCONT": (fields) => {
      apn = fields[1]!;
    },
    "+CCLK": (_, rest) => {
      unix = unixTime(rest);
    },
    "+CSOC": (fields) => {
      socket = fields[0]!;
    },
    "+CDNSGIP": (fields) => {
      if (resolved) resolved(fields[2]);
    },
    "+CSONMI": (fields) => {
      const hex = fields[2]!;
      // a line that lost characters on the UART breaks the byte stream for good
      if (hex.length !== +fields[1]!) lose();
      else if (closed) received!(fromHex(hex));
    },
    "+CSOERR": lose,
  };

  const at = atSession(setup.port, timers, (line) => {
    const colon = line.indexOf(":");
    const by = colon > 0 && heardBy[line.slice(0, colon)];
    if (by) {
      const rest = line.slice(colon + 1).trim();
      by(rest.split(","), rest);
    }
    return line === "NORMAL POWER DOWN";
  });

  const probe = (tries: number, found: () => void, lost: () => void) => {
    at.ask("AT", PROBE_MS, (fault) => {
      if (!fault) found();
      else if (tries > 1) probe(tries - 1, found, lost);
      else lost();
    });
  };

  /** Asks one after the other, whatever the answers; `then` gets the last fault. */
  const askAll = (commands: readonly string[], then: Done) => {
    commands.forEach((command, i) => at.ask(command, SLOW_MS, i < commands.length - 1 ? () => {} : then));
  };

  const register = (done: Done) => {
    const poll = () => {
      if (settled) at.ask("AT+CEREG?", ANSWER_MS, () => settled && later(POLL_MS, poll));
    };
    settled = (fault) => {
      settled = undefined;
      stop();
      if (fault) done(fault);
      else at.ask("AT+CCLK?", ANSWER_MS, () => done(0));
    };
    limit = timers.after(setup.registerMs, () => settled!(NOT_REGISTERED));
    at.ask("AT+CEREG=4", ANSWER_MS, poll);
  };

  const requestPsm = (done: Done) => {
    const wanted = `1,,,"${periodicTauBits(setup.tauSeconds)}","${activeTimeBits(setup.activeSeconds)}"`;
    at.ask("AT+CPSMS?", ANSWER_MS, () => {
      if (psmAsked === wanted) register(done);
      // the network is asked on the change from 0 to 1 only; network time (CLTS) takes effect at the next start
      else askAll(["AT+CLTS=1", "AT+CPSMS=0", "AT+CPSMS=" + wanted], () => register(done));
    });
  };

  const setApn = (done: Done) => {
    const wanted = `"${setup.apn}"`;
    if (!setup.apn) requestPsm(done);
    else
      at.ask("AT*MCGDEFCONT?", ANSWER_MS, () => {
        if (apn === wanted) requestPsm(done);
        else askAll(["AT+CFUN=0", 'AT*MCGDEFCONT="IP",' + wanted, "AT+CFUN=1"], () => requestPsm(done));
      });
  };

  const checkSim = (tries: number, done: Done) => {
    at.ask("AT+CPIN?", ANSWER_MS, (fault) => {
      if (fault === MODEM_SILENT) done(fault);
      else if (simReady) setApn(done);
      else if (tries > 1) later(SIM_RETRY_MS, () => checkSim(tries - 1, done));
      else done(SIM_MISSING);
    });
  };

  const resolve = (host: string, then: (address: string | undefined) => void) => {
    // an IPv4 address ends with a digit, a name with a letter
    if (host[host.length - 1]! <= "9") return then(`"${host}"`);
    resolved = (address) => {
      resolved = undefined;
      stop();
      then(address);
    };
    const give = () => resolved && resolved(undefined);
    limit = timers.after(NAME_MS, give);
    at.ask(`AT+CDNSGIP="${host}"`, NAME_MS, (fault) => fault && give());
  };

  return {
    up(done) {
      const found = () => {
        answers = true;
        at.ask("ATE0", ANSWER_MS, () => checkSim(SIM_TRIES, done));
      };
      const boot = () => probe(BOOT_PROBES, found, () => done(MODEM_SILENT));
      probe(AWAKE_PROBES, found, () => {
        const key = setup.key;
        if (!key) return boot();
        key(true);
        later(KEY_MS, () => {
          key(false);
          boot();
        });
      });
    },
    time: () => unix,
    open(host, port, onReceived, onClosed, done) {
      at.ask("AT+CSOC=1,1,1", ANSWER_MS, (fault) => {
        if (fault || !socket) return done(fault || MODEM_ERROR);
        resolve(host, (address) => {
          if (!address) return done(NO_ROUTE);
          at.ask(`AT+CSOCON=${socket},${port},${address}`, CONNECT_MS, (refused) => {
            if (refused) return done(NO_ROUTE);
            received = onReceived;
            closed = onClosed;
            done(0);
          });
        });
      });
    },
    send(bytes, done) {
      if (!closed || !bytes) return done(closed ? 0 : CONNECTION_LOST);
      for (let from = 0; from < bytes.length; from += CHUNK) {
        // no name for a piece: what has one stays in RAM while the modem is written to
        const count = Math.min(CHUNK, bytes.length - from);
        const last = from + CHUNK >= bytes.length;
        at.ask(`AT+CSOSEND=${socket},${count * 2},${toHex(bytes.substr(from, CHUNK))}`, SLOW_MS, (fault) => {
          if (fault) {
            // what follows a hole must not reach the broker
            at.abort();
            done(CONNECTION_LOST);
          } else if (last) done(0);
        });
      }
    },
    down(done) {
      at.abort();
      stop();
      settled = resolved = closed = undefined;
      if (setup.key) setup.key(false);
      if (!answers) return done(0);
      const rest = (fault: number) => {
        if (registered && psmGranted && fault !== MODEM_SILENT) done(0);
        else at.ask("AT+CPOWD=1", SLOW_MS, () => done(0));
      };
      // release assistance holds for the next packet, which closes the connection and has one answer;
      // an open socket would keep the modem out of PSM
      const commands = socket ? ["AT+CNBIOTRAI=2", "AT+CSOCL=" + socket] : [];
      if (!psmGranted) commands.push("AT+CEREG?");
      if (commands.length) askAll(commands, rest);
      else rest(0);
    },
  };
}
