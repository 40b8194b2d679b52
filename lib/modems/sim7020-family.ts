/** SIMCom SIM7020: AT Command Manual V1.05, TCPIP Application Note V1.02, Low Power Mode Application Note V1.03. */
import { NO_ROUTE } from "../faults.ts";
import type { Family, Link } from "./driver.ts";
import { fromHex } from "./hex.ts";

const NAME_MS = 20000;
/** TCP's round trips at the worst coverage take 10 s each. */
const CONNECT_MS = 40000;

export function sim7020Family(link: Link): Family {
  let socket = "";
  return {
    apn: '*MCGDEFCONT="IP",',
    // network time takes effect at the next start
    once: ["AT+CLTS=1"],
    heard: {
      "+CSOC": (fields) => {
        socket = fields[0]!;
      },
      "+CSONMI": (fields) => {
        const hex = fields[2]!;
        // a line that lost characters on the UART breaks the byte stream for good
        if (hex.length === +fields[1]!) link.received(fromHex(hex));
        else link.lost();
      },
      "+CSOERR": link.lost,
      "NORMAL POWER DOWN": () => true,
    },
    open(host, port, done, udp) {
      const finish = (fault: number) => done(fault && NO_ROUTE);
      const connect = (answer: string | undefined) => {
        const address = (answer || "").split(",")[2];
        if (address) link.ask(`AT+CSOCON=${socket},${port},${address}`, CONNECT_MS, finish);
        else finish(NO_ROUTE);
      };
      link.ask(`AT+CSOC=1,${udp ? 2 : 1},1`, NAME_MS, (fault) => {
        if (fault) done(fault);
        // an IPv4 address ends with a digit, a name with a letter
        else if (host[host.length - 1]! <= "9") connect(`,,"${host}"`);
        else {
          link.expect("+CDNSGIP", NAME_MS, connect);
          link.ask(`AT+CDNSGIP="${host}"`, NAME_MS, () => {});
        }
      });
    },
    // bytes per AT+CSOSEND (manual 6.2.6)
    chunk: 512,
    piece: (bytes) => `AT+CSOSEND=${socket},${bytes.length * 2},`,
    afterHex: "",
    // release assistance holds for the next packet, which closes the connection and has one answer;
    // an open socket would keep the modem out of PSM
    close: () => (socket ? ["AT+CNBIOTRAI=2", "AT+CSOCL=" + socket] : []),
    off: "AT+CPOWD=1",
  };
}
