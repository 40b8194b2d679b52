/**
 * The chip's own Wi-Fi in place of a modem, for nodes near an access point: TCP and UDP through Espruino's `Wifi`, `net`
 * and `dgram`. Settings: `ssid`, `passphrase`. Without TLS, since Espruino's checks no certificate: seal the messages.
 */
import { NO_ROUTE, NOT_REGISTERED, SETTINGS, CONNECTION_LOST } from "../faults.ts";
import { after, cancel, openRadio } from "../platform/espruino.ts";
import type { Done } from "../platform/ports.ts";
import { seconds, type Duration } from "../schedule/every.ts";
import type { ModemFactory } from "./modem.ts";
import { SNTP_PORT, sntpRequest, sntpTime } from "./sntp.ts";

export interface WifiOptions {
  /** Longest wait for the access point and an address. Default "20s". */
  readonly connectLimit?: Duration;
  /** Tells the time by SNTP, in each session once. Default "pool.ntp.org". */
  readonly timeServer?: string;
}

const TIME_TRIES = 2;
const TIME_ANSWER_MS = 2000;
/** What was written leaves in the interpreter's idle turns, and the stack closes the connection in its own time. */
const CLOSING_MS = 500;

export function wifi(options: WifiOptions = {}): ModemFactory {
  return (settings) => {
    const radio = openRadio();
    let unix = 0;
    let timer = 0;
    /** What began in a turn that is over is not told any more. */
    let turn = 0;
    let closing: (() => void) | undefined;
    let write: ((bytes: string) => void) | undefined;
    let end: (() => void) | undefined;

    const askTime = (tries: number, done: Done) => {
      const mine = turn;
      const socket = radio.dgram.createSocket("udp4");
      const over = () => {
        cancel(timer);
        if (mine !== turn) return;
        turn++;
        socket.close();
        if (unix || !tries) done(0);
        else askTime(tries - 1, done);
      };
      socket.on("message", (answer) => {
        unix = sntpTime(answer);
        if (unix) over();
      });
      timer = after(TIME_ANSWER_MS, over);
      socket.send(sntpRequest, SNTP_PORT, options.timeServer || "pool.ntp.org");
    };

    return {
      up(done) {
        const ssid = settings["ssid"];
        if (!ssid) return done(SETTINGS);
        const mine = ++turn;
        const joined = (error?: unknown) => {
          if (mine !== turn) return;
          cancel(timer);
          turn++;
          if (error) done(NOT_REGISTERED);
          else askTime(TIME_TRIES - 1, done);
        };
        timer = after(seconds(options.connectLimit || "20s") * 1000, () => joined(1));
        radio.wifi.connect("" + ssid, { password: "" + (settings["passphrase"] || "") }, joined);
      },
      time: () => unix,
      open(host, port, received, closed, done, udp) {
        const mine = ++turn;
        const hear = (bytes: string) => {
          if (mine === turn) received(bytes);
        };
        // from a timer: the caller's calls would come on top of what `done` begins
        after(0, () => {
          if (mine !== turn) return;
          if (udp) {
            const socket = radio.dgram.createSocket("udp4");
            socket.on("message", hear);
            write = (bytes) => socket.send(bytes, port, host);
            end = () => socket.close();
            return done(0);
          }
          let connected = 0;
          const lost = () => {
            write = undefined;
            if (closing) closing();
            else if (mine === turn) {
              turn++;
              if (connected) closed();
              else done(NO_ROUTE);
            }
          };
          try {
            // looks the name up and connects before it returns; throws when either fails
            const socket = radio.net.connect({ host, port }, () => {
              connected = 1;
              if (mine === turn) done(0);
            });
            write = (bytes) => socket.write(bytes);
            end = () => socket.end();
            socket.on("data", hear);
            socket.on("error", () => {});
            socket.on("close", lost);
          } catch (e) {
            lost();
          }
        });
      },
      send(bytes, done) {
        if (!write) return done(CONNECTION_LOST);
        write(bytes);
        const mine = turn;
        after(0, () => {
          if (mine === turn) done(0);
        });
      },
      down(done) {
        turn++;
        cancel(timer);
        const leave = () => {
          cancel(timer);
          closing = undefined;
          radio.wifi.disconnect();
          done(0);
        };
        if (!end) {
          after(0, leave);
          return;
        }
        closing = leave;
        // a datagram socket says nothing when it is closed
        timer = after(CLOSING_MS, leave);
        if (write) end();
        else leave();
      },
    };
  };
}
