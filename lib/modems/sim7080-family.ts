/** SIMCom SIM7080G, SIM7070G, SIM7090G on NB-IoT: AT Command Manual V1.05, Low Power Mode Application Note V1.02. */
import type { SerialPort } from "../platform/ports.ts";
import { NO_ROUTE } from "../faults.ts";
import type { Family, Link } from "./driver.ts";
import { rawPort, type RawPort } from "./raw-port.ts";

/** Activation takes up to 60 s where coverage is poor. */
const SLOW_MS = 60000;
const READ_MS = 3000;
/** Bytes per AT+CASEND and AT+CARECV; the manual allows 1459. */
const PIECE = 512;

export const sim7080Port = (port: SerialPort) => rawPort(port, /^\+CARECV: */, ",");

export function sim7080Family(link: Link, port: SerialPort): Family {
  let result = "";
  let reading = false;

  const read = () => {
    if (reading) return;
    reading = true;
    link.ask("AT+CARECV=0," + PIECE, READ_MS, () => {
      reading = false;
    });
  };

  (port as RawPort).taken = (bytes) => {
    link.received(bytes);
    reading = false;
    // no second indication comes for what did not fit
    if (bytes.length === PIECE) read();
  };

  return {
    apn: '+CGDCONT=1,"IP",',
    // LTE only, of it NB-IoT only; network time
    once: ["AT+CNMP=38", "AT+CMNB=2", "AT+CLTS=1"],
    heard: {
      "+CADATAIND": read,
      "+CAOPEN": (fields) => {
        result = fields[1]!;
      },
      "+CASTATE": (fields) => {
        if (fields[1] === "0") link.lost();
      },
      "NORMAL POWER DOWN": () => true,
    },
    open(host, remotePort, done, udp) {
      link.expect("+APP PDP", SLOW_MS, () => {
        link.ask(`AT+CAOPEN=0,0,"${udp ? "UDP" : "TCP"}","${host}",${remotePort}`, SLOW_MS, (fault) =>
          done(fault || result !== "0" ? NO_ROUTE : 0),
        );
      });
      link.ask("AT+CNACT=0,1", SLOW_MS, (fault) => {
        // refused where it is active already
        if (fault) link.tell();
      });
    },
    chunk: PIECE,
    piece: (bytes) => `AT+CASEND=0,${bytes.length}\n${bytes}`,
    // the indication holds for the next packet, which closes the connection and has one answer
    close: () => (result ? ["AT+CRAI=2", "AT+CACLOSE=0", "AT+CNACT=0,0"] : []),
    off: "AT+CPOWD=1",
  };
}
