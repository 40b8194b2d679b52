/** Quectel BC660K-GL and, with small differences, BC66 and BC26: BC660K-GL AT Commands Manual. */
import type { Family, Link } from "./driver.ts";
import { NO_ROUTE } from "../faults.ts";
import { fromHex } from "./hex.ts";

const SLOW_MS = 60000;

/**
 * @param context what AT+QIOPEN wants first: BC66 and BC26 take the context before the socket's number
 * @param release release assistance that fits the closing of a connection: BC660K knows only 1
 */
export const bc660kFamily =
  (context: string, release: number) =>
  (link: Link): Family => {
    let opened = false;
    /** Digits that follow on the next line. */
    let digits = 0;
    const take = (hex: string) => (hex.length === digits ? link.received(fromHex(hex)) : link.lost());
    return {
      apn: '+CGDCONT=1,"IP",',
      once: [],
      heard: {
        "+QIURC": (fields) => {
          if (fields[0] !== '"recv"') return link.lost();
          digits = +fields[2]! * 2;
          const hex = fields[3];
          if (hex) take(hex[0] === '"' ? hex.slice(1, -1) : hex);
        },
        "SEND FAIL": link.lost,
      },
      other(line) {
        if (digits && line.length === digits) take(line);
        digits = 0;
        return false;
      },
      open(host, remotePort, done, udp) {
        // ten seconds without a command would let it sleep, and lose the next one
        link.askAll(["AT+QSCLK=0", "AT+QICLOSE=0", 'AT+QICFG="dataformat",1,1', 'AT+QICFG="viewmode",1'], () => {
          link.expect("+QIOPEN", SLOW_MS, (result) => {
            opened = result === "0,0";
            done(opened ? 0 : NO_ROUTE);
          });
          // data are pushed as they come
          link.ask(`AT+QIOPEN=${context}0,"${udp ? "UDP" : "TCP"}","${host}",${remotePort},0,1`, SLOW_MS, (fault) => {
            if (fault) link.tell();
          });
        });
      },
      chunk: 512,
      piece: (bytes) => `AT+QISEND=0,${bytes.length},"`,
      afterHex: '"',
      close: () => (opened ? ["AT+QNBIOTRAI=" + release, "AT+QICLOSE=0", "AT+QSCLK=1"] : ["AT+QSCLK=1"]),
      off: "AT+QPOWD=0",
      // on BC660K an AT ends deep sleep, and is lost
      probes: context ? 2 : 8,
    };
  };
