/** Quectel BG96, BG95, BG77 on NB-IoT: BG96 AT Commands Manual V2.3, TCP/IP Application Note V1.2. */
import type { SerialPort } from "../platform/ports.ts";
import { NO_ROUTE } from "../faults.ts";
import type { Family, Link } from "./driver.ts";
import { toHex } from "./hex.ts";
import { rawPort, type RawPort } from "./raw-port.ts";

/** Activation and connection take up to 150 s by the manual; a minute is all that a wake can spend on them. */
const SLOW_MS = 60000;

export const bg96Port = (port: SerialPort) => rawPort(port, /^\+QIURC: *"recv",/, "\n");

export function bg96Family(link: Link, port: SerialPort): Family {
  let opened = false;
  (port as RawPort).taken = link.received;
  return {
    apn: '+CGDCONT=1,"IP",',
    // LTE only, of it NB-IoT only; network time into the clock
    once: ['AT+QCFG="nwscanmode",3', 'AT+QCFG="iotopmode",1', "AT+CTZU=1"],
    heard: {
      "+QIURC": (fields) => {
        if (fields[0] !== '"recv"') link.lost();
      },
      "SEND OK": () => true,
      "SEND FAIL": link.lost,
    },
    open(host, remotePort, done, udp) {
      link.askAll([`AT+QICSGP=1,1,"${link.apn}"`, "AT+QIACT=1", "AT+QICLOSE=0"], () => {
        link.expect("+QIOPEN", SLOW_MS, (result) => {
          opened = result === "0,0";
          done(opened ? 0 : NO_ROUTE);
        });
        // data are pushed as they come
        link.ask(`AT+QIOPEN=1,0,"${udp ? "UDP" : "TCP"}","${host}",${remotePort},0,1`, SLOW_MS, (fault) => {
          if (fault) link.tell();
        });
      });
    },
    // 512 hex digits (TCP/IP Application Note 2.2.9)
    chunk: 256,
    piece: (bytes) => `AT+QISENDEX=0,"${toHex(bytes)}"`,
    close: () => (opened ? ["AT+QICLOSE=0"] : []),
    off: "AT+QPOWD=1",
  };
}
