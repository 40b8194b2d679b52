/** Quectel BC95 and u-blox SARA-N2: UDP alone. Neul's command set as in both vendors' AT manuals. */
import { NO_ROUTE } from "../faults.ts";
import type { Family, Link } from "./driver.ts";
import { fromHex } from "./hex.ts";

const READ_MS = 3000;
const NAME_MS = 20000;
const LOCAL_PORT = 16666;
/** Bytes per datagram (SARA-N2; BC95 allows 1358). */
const LONGEST = 512;

export function bc95Family(link: Link): Family {
  let socket = "";
  let wanted = false;
  let address = "";
  let port = 0;
  let reading = false;

  const read = () => {
    if (reading) return;
    reading = true;
    link.ask(`AT+NSORF=${socket},${LONGEST}`, READ_MS, () => {
      reading = false;
    });
  };

  return {
    apn: '+CGDCONT=1,"IP",',
    once: ['AT+NCONFIG="AUTOCONNECT","TRUE"'],
    heard: {
      "+NSONMI": read,
      "+NSOCLI": link.lost,
    },
    other(line) {
      const fields = line.split(",");
      // the answer to NSOCR is the socket's number alone, to NSORF: socket, address, port, length, data, rest
      if (wanted && fields.length === 1) socket = line;
      else if (fields.length > 4) link.received(fromHex(fields[4]!.split('"').join("")));
      return false;
    },
    open(host, remotePort, done, udp) {
      // an IPv4 address ends with a digit; the modem knows no names
      if (!udp || host[host.length - 1]! > "9") return done(NO_ROUTE);
      address = host;
      port = remotePort;
      wanted = true;
      link.ask(`AT+NSOCR="DGRAM",17,${LOCAL_PORT}`, NAME_MS, (fault) => {
        wanted = false;
        done(fault || !socket ? NO_ROUTE : 0);
      });
    },
    chunk: LONGEST,
    // the flag releases the connection after the answer
    piece: (bytes) => `AT+NSOSTF=${socket},"${address}",${port},0x400,${bytes.length},"`,
    afterHex: '"',
    close: () => (socket ? ["AT+NSOCL=" + socket] : []),
    off: "AT+CFUN=0",
    // it has no power key: what lies between two reports without PSM is a radio that is off
    first: "AT+CFUN=1",
    probes: 8,
  };
}
