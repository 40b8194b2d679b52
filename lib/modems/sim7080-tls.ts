/**
 * TLS 1.2 inside SIMCom SIM7080G, SIM7070G, SIM7090G: SSL Application Note V1.00, TCPUDP(S) Application Note V1.03. Without a CA
 * the modem would trust every server (5.2.2 there), so without one nothing is sent.
 */
import type { Uart } from "../../boards/types.ts";
import { MODEM_ERROR, NO_ROUTE, SETTINGS, UNTRUSTED } from "../faults.ts";
import type { Done, SerialPort } from "../platform/ports.ts";
import { attach } from "./attach.ts";
import { certificateName, type PlainPort, type TlsOptions } from "./certificate.ts";
import type { MakeFamily } from "./driver.ts";
import type { ModemFactory } from "./modem.ts";
import { sim7080Family, sim7080Port } from "./sim7080-family.ts";

/** Two kilobytes at the lowest rate, and the flash. */
const WRITE_MS = 10000;
/** "/customer/" in the modem's file system. */
const FOLDER = 3;
/** AT+CAOPEN's results from 24 on are about certificates, and 27 is a connection that failed though somebody is there. */
const CERTIFICATE = 24;

export const sim7080TlsPort = (port: SerialPort) => Object.assign(sim7080Port(port), { plain: port });

/** @param ca the certificate that the broker's is signed with, in PEM; kept in the modem under a name that its end gives */
export const sim7080TlsFamily =
  (ca: string, verify: boolean): MakeFamily =>
  (link, port) => {
    const made = sim7080Family(link, port);
    const heard: Record<string, (fields: string[], rest: string) => boolean | void> = made.heard;
    const opened = heard["+CAOPEN"]!;
    const plainOpen = made.open;
    const file = certificateName(ca);
    let result = 0;
    heard["+CAOPEN"] = (fields, rest) => {
      result = +fields[1]!;
      opened(fields, rest);
    };
    heard["DOWNLOAD"] = () => (port as PlainPort).plain.write(ca);

    const write = (then: Done) =>
      link.askAll(
        [
          "AT+CFSINIT",
          `AT+CFSWFILE=${FOLDER},"${file}",0,${ca.length},${WRITE_MS}`,
          `AT+CSSLCFG="CONVERT",2,"${file}"`,
          "AT+CFSTERM",
        ],
        then,
      );

    return Object.assign(made, {
      open(host, remotePort, done, udp) {
        result = 0;
        if (verify && !ca) return done(SETTINGS);
        const words = [
          'AT+CSSLCFG="SSLVERSION",0,3',
          `AT+CSSLCFG="SNI",0,"${host}"`,
          'AT+CASSLCFG=0,"SSL",1',
          'AT+CASSLCFG=0,"CRINDEX",0',
        ];
        // last, because its answer is the one that counts
        if (verify) words.push(`AT+CASSLCFG=0,"CACERT","${file}"`);
        const connect = (fault: number) => {
          if (fault) return done(fault);
          plainOpen(
            host,
            remotePort,
            (refused) => done(refused === NO_ROUTE && result >= CERTIFICATE ? UNTRUSTED : refused),
            udp,
          );
        };
        link.askAll(words, (fault) => {
          // refused where the modem does not have that file, or a write was cut off
          if (fault === MODEM_ERROR && verify) write(() => link.askAll(words, connect));
          else connect(fault);
        });
      },
    } satisfies Partial<typeof made>);
  };

/** SIM7080G with TLS. Setting `ca`: the broker's CA in PEM; it is written into the modem when it is not there yet. */
export function sim7080Tls(uart: Uart, options?: TlsOptions): ModemFactory {
  const verify = !options || options.verify !== false;
  return (settings) =>
    attach(uart, options, sim7080TlsFamily("" + (settings["ca"] || ""), verify), sim7080TlsPort)(settings);
}
