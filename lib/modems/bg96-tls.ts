/**
 * TLS 1.2 inside Quectel BG95, BG77, BG96: BG96 SSL AT Commands Manual V1.0 and FILE AT Commands Manual V1.0 by public drivers. As
 * it comes, the modem asks for no name, ignores the time and believes every server: all three are set before each connection.
 */
import type { Uart } from "../../boards/types.ts";
import { MODEM_ERROR, NO_ROUTE, SETTINGS, UNTRUSTED } from "../faults.ts";
import type { Done, SerialPort } from "../platform/ports.ts";
import { attach } from "./attach.ts";
import { BAUD } from "./bg96.ts";
import { bg96Family } from "./bg96-family.ts";
import { certificateName, type PlainPort, type TlsOptions } from "./certificate.ts";
import type { Heard, MakeFamily } from "./driver.ts";
import type { ModemFactory } from "./modem.ts";
import { rawPort } from "./raw-port.ts";

/** As for a plain connection, and a handshake over NB-IoT. */
const OPEN_MS = 90000;
/** Seconds: two kilobytes at the lowest rate, and the flash. */
const WRITE_S = 10;
const WRITE_MS = 12000;

export const bg96TlsPort = (port: SerialPort) =>
  Object.assign(rawPort(port, /^\+QSSLURC: *"recv",/, "\n"), { plain: port });

/** @param ca the certificate that the broker's is signed with, in PEM; kept in the modem under a name that its end gives */
export const bg96TlsFamily =
  (ca: string, verify: boolean): MakeFamily =>
  (link, port) => {
    const made = bg96Family(link, port);
    const plain = { open: made.open, close: made.close };
    const file = certificateName(ca);
    let opened = false;
    /** Bytes of the certificate that the modem has. */
    let has = 0;

    /** One after the other, up to the first that is refused: a connection with half of these would believe anybody. */
    const insist = (commands: readonly string[], done: Done) => {
      let i = 0;
      const next = (fault: number) => {
        if (fault || i === commands.length) done(fault);
        else link.ask(commands[i++]!, WRITE_MS, next);
      };
      next(0);
    };
    const look = (then: Done) => {
      has = 0;
      link.ask(`AT+QFLST="${file}"`, WRITE_MS, () => then(has === ca.length ? 0 : MODEM_ERROR));
    };
    const store = (then: Done) =>
      look((missing) =>
        missing
          ? link.askAll([`AT+QFDEL="${file}"`, `AT+QFUPL="${file}",${ca.length},${WRITE_S}`], () => look(then))
          : then(0),
      );

    // in brackets: the build shortens other names
    const heard: Record<string, Heard> = made.heard;
    heard["+QFLST"] = (fields) => void (has = +fields[1]!);
    heard["CONNECT"] = () => (port as PlainPort).plain.write(ca);
    heard["+QSSLURC"] = (fields) => {
      if (fields[0] !== '"recv"') link.lost();
    };

    return Object.assign(made, {
      open(host, remotePort, done, udp) {
        if (verify && !ca) return done(SETTINGS);
        // this is no DTLS
        if (udp) return done(MODEM_ERROR);
        const connect = () => {
          link.expect("+QSSLOPEN", OPEN_MS, (result) => {
            opened = result === "0,0";
            if (opened) return done(0);
            // one code for all: whoever takes a plain connection is there, and was not believed
            plain.open(
              host,
              remotePort,
              (absent) => (absent ? done(NO_ROUTE) : link.askAll(["AT+QICLOSE=0"], () => done(UNTRUSTED))),
              false,
            );
          });
          link.ask(`AT+QSSLOPEN=1,1,0,"${host}",${remotePort},1`, OPEN_MS, (fault) => {
            if (fault) link.tell();
          });
        };
        const settings = ['AT+QSSLCFG="sslversion",1,3', `AT+QSSLCFG="seclevel",1,${verify ? 1 : 0}`];
        if (verify) settings.push('AT+QSSLCFG="ignorelocaltime",1,0', `AT+QSSLCFG="cacert",1,"${file}"`);
        const secure = (fault: number) => {
          if (fault) done(fault);
          else insist(settings, (refused) => (refused ? done(refused) : connect()));
        };
        link.askAll(
          [
            `AT+QICSGP=1,1,"${link.apn}"`,
            "AT+QIACT=1",
            "AT+QSSLCLOSE=0",
            'AT+QSSLCFG="ciphersuite",1,0XFFFF',
            'AT+QSSLCFG="sni",1,1',
            // newer firmware only
            'AT+QSSLCFG="checkhost",1,1',
          ],
          () => (verify ? store(secure) : secure(0)),
        );
      },
      chunk: 512,
      piece: (bytes) => `AT+QSSLSEND=0,${bytes.length}\n${bytes}`,
      close: () => plain.close().concat(opened ? "AT+QSSLCLOSE=0" : []),
    } satisfies Partial<typeof made>);
  };

/** BG95 or BG96 with TLS. Setting `ca`: the broker's CA in PEM; it is written into the modem when it is not there yet. */
export function bg96Tls(uart: Uart, options?: TlsOptions): ModemFactory {
  const verify = !options || options.verify !== false;
  return (settings) =>
    attach(uart, options, bg96TlsFamily("" + (settings["ca"] || ""), verify), bg96TlsPort, BAUD)(settings);
}
