/**
 * From asleep to a connection and back to PSM, as all NB-IoT modems do it (3GPP TS 27.007); a family says what it says
 * differently.
 *
 *   up      probe ─ key ─ echo off ─ SIM ─ APN ─ PSM request ─ registered ─ network time
 *   open    the family's own                 down    release ─ close ─ PSM by itself, else eDRX, else off
 */
import { CONNECTION_LOST, MODEM_SILENT, NOT_REGISTERED, SIM_MISSING } from "../faults.ts";
import type { Done, SerialPort } from "../platform/ports.ts";
import { atSession } from "./at.ts";
import type { Modem, Timers } from "./modem.ts";
import { unixTime } from "./network-time.ts";
import { ACTIVE_UNITS, TAU_UNITS, timerBits, timerSeconds } from "./psm-timers.ts";

/** What the driver offers to its family. */
export interface Link {
  ask(command: string, limitMs: number, done: Done): void;
  /** Asks one after the other, whatever the answers, until one is silence; `then` gets the last fault. */
  askAll(commands: readonly string[], then: Done): void;
  /** `then` gets the next line of that name (what follows its colon), or undefined when none comes in time. */
  expect(name: string, limitMs: number, then: (rest: string | undefined) => void): void;
  /** Ends the waiting of `expect` now. */
  tell(rest?: string): void;
  /** Bytes from the far end. */
  received(bytes: string): void;
  /** The far end is gone, or bytes on the way from it. */
  lost(): void;
  readonly apn: string;
}

/** Gets the line's fields, split at commas, and all that follows the colon; true = the line ends the command as OK does. */
export type Heard = (fields: string[], rest: string) => boolean | void;

/** What one family of modems says differently. Made anew for each wake. */
export interface Family {
  /** The command that sets the APN, up to the APN itself. */
  readonly apn: string;
  /** Settings that the modem keeps, sent when its PSM timers are not those wanted: so, once. */
  readonly once: readonly string[];
  readonly heard: Readonly<Record<string, Heard>>;
  /** Gets lines that nobody waits for. */
  other?(line: string): boolean;
  /** Calls `done` with 0 when connected. */
  open(host: string, port: number, done: Done, udp: boolean | undefined): void;
  /** Bytes per command that sends. */
  readonly chunk: number;
  /** The command that sends some bytes: whole, or as far as their hex digits where it leaves those to the session. */
  piece(bytes: string): string;
  /** What follows those digits. */
  readonly afterHex?: string;
  /** What closes the connection: release assistance first, for the packet that follows. */
  close(): readonly string[];
  readonly off: string;
  /** Unanswered AT before the power key is pressed; more where they wake the modem, whom the key would switch off. */
  readonly probes?: number;
  /** The first command after an answered AT, where it is another than echo off. */
  readonly first?: string;
  /** Where PSM is refused: lets the modem rest otherwise than switched off, or calls `off`. */
  rest?(done: Done, off: () => void): void;
}

export type MakeFamily = (link: Link, port: SerialPort) => Family;

export interface ModemSetup {
  readonly port: SerialPort;
  readonly timers: Timers;
  /** Presses or releases the power key; undefined when the modem is always on. */
  readonly key: ((pressed: boolean) => void) | undefined;
  /** "" = the subscription's own. */
  readonly apn: string;
  readonly tauSeconds: number;
  readonly activeSeconds: number;
  readonly registerMs: number;
  /** Waits in a cheaper state, in which nothing is received and timers stand still. */
  readonly pause?: ((ms: number, run: () => void) => void) | undefined;
}

/** SIM7020: 215 ms, typically 800; SIM7080G and SIM7000: a second; BG96: half of one. More than 12 s would reset. */
const KEY_MS = 1100;
const PROBE_MS = 250;
/** Autobauding may swallow the first AT, and so does a sleeping modem. */
const AWAKE_PROBES = 2;
/** UART ready 2 to 5 s after the key; ten seconds leave room for a cold start. */
const BOOT_PROBES = 38;
/** Most answers come at once; CFUN starts or stops the radio, closing waits for the far end. */
const SLOW_MS = 10000;
/** Enough for the answers to how the modem is set. */
const LONGEST_SAID = 500;
const SIM_TRIES = 20;
const SIM_RETRY_MS = 500;
/** The +CEREG line comes unasked; asking as well covers one that was lost, or that came while the chip slept. */
const POLL_MS = 2500;
/**
 * PSM that listens longer after each report, or wakes for the network more often, costs more than to attach anew: some
 * 6 J (Robinson 2019), against 5 mA of listening and 0.4 J per update.
 */
const LONGEST_ACTIVE_S = 300;
const SHORTEST_TAU_S = 1200;

export function modemDriver(setup: ModemSetup, makeFamily: MakeFamily): Modem {
  let answers = false;
  let registered = false;
  let sleeps = false;
  let unix = 0;
  /**
   * What the modem said since the last start, without the spaces that only some put behind a colon. Ends with a line
   * feed: Espruino's `indexOf` finds a text also where the last characters are its first ones.
   */
  let said = "";

  // set only while someone waits for it
  let expected = "";
  let told: ((rest: string | undefined) => void) | undefined;
  let limit = 0;
  let received: ((bytes: string) => void) | undefined;
  let closed: (() => void) | undefined;

  /** What was planned for a turn that is over does not happen. */
  let turn = 0;
  const later = (ms: number, run: () => void, pause?: ModemSetup["pause"]) => {
    const mine = turn;
    (pause || setup.timers.after)(ms, () => mine === turn && run());
  };
  /** Where the modem says nothing meanwhile that could not be asked for again. */
  const pause = setup.pause;

  const tell = (rest?: string) => {
    const then = told;
    if (!then) return;
    told = undefined;
    turn++;
    setup.timers.cancel(limit);
    limit = 0;
    // from a timer: the UART's, the session's and the family's calls would come on top of each other
    later(0, () => then(rest));
  };

  const at = atSession(setup.port, setup.timers, (line) => {
    const name = line.split(":")[0]!;
    const rest = line.slice(name.length + 1).trim();
    const fields = rest.split(",");
    const by = family.heard[name];
    if (by) return by(fields, rest);
    if (name === "+CEREG") {
      // an answer is <n>,<stat>,… and an unasked line <stat>,…: what follows <stat> is quoted, empty or missing
      const stat = (fields[1] || '"') < "0" ? fields[0] : fields[1];
      const last = fields.length - 1;
      registered = stat === "1" || stat === "5";
      sleeps =
        last > 6 &&
        timerSeconds(fields[last - 1]!, ACTIVE_UNITS) <= LONGEST_ACTIVE_S &&
        !(timerSeconds(fields[last]!, TAU_UNITS) < SHORTEST_TAU_S);
      if (expected === name && (registered || stat === "3")) tell();
      return;
    }
    if (name === "+CCLK") unix = unixTime(rest);
    said = (said + name + rest + "\n").slice(-LONGEST_SAID);
    if (name === expected) tell(rest);
    else if (family.other) return family.other(line);
  });

  const link: Link = {
    ask: at.ask,
    askAll(commands, then) {
      let i = 0;
      const next = (fault: number) => {
        if (fault === MODEM_SILENT || i === commands.length) then(fault);
        else at.ask(commands[i++]!, SLOW_MS, next);
      };
      next(0);
    },
    expect(name, limitMs, then) {
      turn++;
      expected = name;
      told = then;
      setup.timers.cancel(limit);
      limit = setup.timers.after(limitMs, tell);
    },
    tell,
    received(bytes) {
      if (closed) received!(bytes);
    },
    lost() {
      const end = closed;
      closed = undefined;
      if (end) end();
    },
    apn: setup.apn,
  };
  const family = makeFamily(link, setup.port);

  const register = (done: Done) => {
    said = "";
    // counted, because a pause may stop the timer
    let polls = setup.registerMs / POLL_MS;
    const poll = () => {
      if (polls-- < 0) tell();
      else if (told) at.ask("AT+CEREG?", SLOW_MS, () => told && later(POLL_MS, poll, pause));
    };
    link.expect("+CEREG", setup.registerMs, () => {
      // from a timer, as in `open`
      if (registered) at.ask("AT+CCLK?", SLOW_MS, () => later(0, () => done(0)));
      else done(NOT_REGISTERED);
    });
    poll();
  };

  /** Asks how the modem is set, sets what is not as wanted, and goes on to the network. */
  const start = (tries: number, done: Done) => {
    const wantedApn = `"${setup.apn}"`;
    const wantedPsm = `"${timerBits(setup.tauSeconds, TAU_UNITS)}","${timerBits(setup.activeSeconds, ACTIVE_UNITS)}"`;
    const setApn = "AT" + family.apn;
    const has = (text: string) => said.indexOf(text) >= 0;
    said = "";
    link.askAll([family.first || "ATE0", "AT+CPIN?", setApn.split("=")[0] + "?", "AT+CPSMS?"], (fault) => {
      let changes: readonly string[] = [];
      if (fault === MODEM_SILENT) done(fault);
      else if (has("+CPINREADY")) {
        if (setup.apn && !has(wantedApn)) changes = ["AT+CFUN=0", setApn + wantedApn, "AT+CFUN=1"];
        // the network is asked on the change from 0 to 1 only
        if (!has("+CPSMS1") || !has(wantedPsm))
          changes = changes.concat(family.once, "AT+CPSMS=0", "AT+CPSMS=1,,," + wantedPsm);
        link.askAll(changes.concat("AT+CEREG=4"), () => register(done));
      } else if (tries) later(SIM_RETRY_MS, () => start(tries - 1, done), pause);
      else done(SIM_MISSING);
    });
  };

  return {
    up(done) {
      const key = setup.key;
      let tries = 0;
      const probe = () =>
        at.ask("AT", PROBE_MS, (fault) => {
          tries++;
          if (!fault) {
            answers = true;
            start(SIM_TRIES, done);
          } else if (tries === (family.probes || AWAKE_PROBES) && key) {
            key(true);
            const release = () => {
              key(false);
              // no modem boots faster
              later(KEY_MS, probe, pause);
            };
            later(KEY_MS, release, pause);
          } else if (tries < BOOT_PROBES) probe();
          else done(fault);
        });
      probe();
    },
    time: () => unix,
    open(host, port, onReceived, onClosed, done, udp) {
      said = "";
      const opened = (fault: number) => {
        received = onReceived;
        if (!fault) closed = onClosed;
        later(0, () => done(fault));
      };
      // both from a timer: what the family says, and what is sent then, comes on top of fewer calls
      later(0, () => family.open(host, port, opened, udp));
    },
    send(bytes, done) {
      if (!closed || !bytes) return done(closed ? 0 : CONNECTION_LOST);
      const chunk = family.chunk;
      for (let from = 0; from < bytes.length; from += chunk) {
        const last = from + chunk >= bytes.length;
        const piece = bytes.substr(from, chunk);
        const sent = (fault: number) => {
          if (fault) {
            // what follows a hole must not reach the broker
            at.abort();
            done(CONNECTION_LOST);
          } else if (last) done(0);
        };
        if (family.afterHex === undefined) at.ask(family.piece(piece), SLOW_MS, sent);
        else at.ask(family.piece(piece), SLOW_MS, sent, piece, family.afterHex);
      }
    },
    down(done) {
      const key = setup.key;
      const off = () => at.ask(family.off, SLOW_MS, () => done(0));
      at.abort();
      told = closed = undefined;
      turn++;
      if (key) key(false);
      if (!answers) return done(0);
      link.askAll(family.close().concat(sleeps ? [] : "AT+CEREG?"), (fault) => {
        if (!registered || fault === MODEM_SILENT) off();
        else if (sleeps) done(0);
        else if (family.rest) family.rest(done, off);
        else off();
      });
    },
  };
}
