/** SIMCom SIM7000 series on NB-IoT: AT Command Manual V1.06, TCPIP Application Note, Hardware Design V1.07. */
import type { SerialPort } from "../platform/ports.ts";
import { NO_ROUTE } from "../faults.ts";
import type { Family, Link } from "./driver.ts";
import { fromHex } from "./hex.ts";
import { rawPort } from "./raw-port.ts";

const SLOW_MS = 60000;
const READ_MS = 3000;
/** Bytes that AT+CIPRXGET=3 gives at once as hex digits; the manual allows 730. */
const PIECE = 512;

/** No data are announced by their length, but prompts want data. */
export const sim7000Port = (port: SerialPort) => rawPort(port, /^!!/, "\0");

export function sim7000Family(link: Link): Family {
  let opened = false;
  let reading = false;
  /** Digits that follow on the next line. */
  let digits = 0;
  let waiting = 0;

  const read = () => {
    if (reading) return;
    reading = true;
    link.ask("AT+CIPRXGET=3," + PIECE, READ_MS, () => {
      reading = false;
      if (waiting) read();
    });
  };

  return {
    apn: '+CGDCONT=1,"IP",',
    // LTE only, of it NB-IoT only; network time
    once: ["AT+CNMP=38", "AT+CMNB=2", "AT+CLTS=1"],
    heard: {
      "+CIPRXGET": (fields) => {
        waiting = digits = 0;
        if (fields[0] === "1") read();
        else {
          digits = +fields[1]! * 2;
          waiting = +fields[2]!;
        }
      },
      // in brackets: the build shortens other names
      ["CLOSED"]: link.lost,
      "CONNECT OK": () => link.tell(""),
      "CONNECT FAIL": () => link.tell(),
      "SEND OK": () => true,
      "SHUT OK": () => true,
      "CLOSE OK": () => true,
      "NORMAL POWER DOWN": () => true,
    },
    other(line) {
      // AT+CIFSR answers with the address alone
      if (line[0] !== "+" && line.indexOf(".") > 0) return true;
      if (digits && line.length === digits) link.received(fromHex(line));
      digits = 0;
      return false;
    },
    open(host, remotePort, done, udp) {
      link.askAll(["AT+CIPSHUT", "AT+CIPRXGET=1", `AT+CSTT="${link.apn}"`, "AT+CIICR", "AT+CIFSR"], () => {
        link.expect("", SLOW_MS, (answer) => {
          opened = answer === "";
          done(opened ? 0 : NO_ROUTE);
        });
        link.ask(`AT+CIPSTART="${udp ? "UDP" : "TCP"}","${host}",${remotePort}`, SLOW_MS, (fault) => {
          if (fault) link.tell();
        });
      });
    },
    chunk: PIECE,
    piece: (bytes) => `AT+CIPSEND=${bytes.length}\n${bytes}`,
    close: () => (opened ? ["AT+CRAI=2", "AT+CIPCLOSE", "AT+CIPSHUT"] : []),
    off: "AT+CPOWD=1",
  };
}
