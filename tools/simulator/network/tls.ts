/**
 * TLS 1.2 over a simulated TCP connection: who is trusted, how many bytes and round trips the handshake takes, and how much
 * each record adds. Nothing is encrypted. Sizes are those of RFC 5246 and 5289 with two RSA certificates (inferred, not
 * measured): a session that was resumed or a single certificate takes less.
 */
import type { Server, ServerConnection } from "./server.ts";
import { openTcp, type TcpConnection, type TcpEvents, type TcpOptions } from "./tcp.ts";

/** What a server shows. */
export interface Certificate {
  /** PEM of the CA that has signed it. */
  readonly authority: string;
  readonly names: readonly string[];
  /** Unix seconds. */
  readonly from: number;
  readonly until: number;
}

/** What the client holds against it. */
export interface Trust {
  /** PEM; undefined trusts everybody. */
  readonly authority: string | undefined;
  /** undefined: any name is taken. */
  readonly host: string | undefined;
  /** Unix seconds by the client's own clock; NaN where it does not care. */
  readonly now: number;
}

/** `untrusted`: another CA. `failed`: the far end does not speak TLS. */
export type TlsEnd = "untrusted" | "expired" | "wrong-name" | "wrong-name-and-expired" | "failed";

/** Bytes on the stream of each flight: ClientHello, server's hello to its done, key exchange to finished, finished. */
const flights = { hello: 220, certificates: 2600, keys: 130, finished: 51 } as const;
/** Alert, and what a record of AES-GCM adds: header 5, nonce 8, tag 16. */
const alertBytes = 7;
export const recordBytes = 29;

export function judge(certificate: Certificate, { authority, host, now }: Trust): TlsEnd | undefined {
  if (authority === undefined) return undefined;
  if (certificate.authority.trim() !== authority.trim()) return "untrusted";
  const isExpired = now < certificate.from || now > certificate.until;
  const isNamed = host === undefined || certificate.names.includes(host);
  if (!isNamed) return isExpired ? "wrong-name-and-expired" : "wrong-name";
  return isExpired ? "expired" : undefined;
}

export interface TlsOptions extends Omit<TcpOptions, "events"> {
  readonly certificate: Certificate | undefined;
  readonly trust: Trust;
  readonly events: TcpEvents & { refused(end: TlsEnd): void };
}

/** Under which a handshake's packets are booked. */
export const handshakeCause = "modem: TLS handshake";

/** Like `openTcp`; `connected` comes after the handshake. */
export function openTls({ certificate, trust, events, bearer, server, ...rest }: TlsOptions): TcpConnection {
  let isSecure = false;
  const cause = () => (isSecure ? undefined : handshakeCause);
  const tcp = openTcp({
    ...rest,
    bearer: {
      uplink: (bytes, done) => bearer.uplink(bytes, done, false, cause()),
      downlink: (bytes, done) => bearer.downlink(bytes, done, false, cause()),
      carried: (packet) => bearer.carried?.(packet),
    },
    server: behindTls(server, certificate !== undefined),
    events: {
      connected: () => tcp.send(new Uint8Array(flights.hello)),
      data(bytes) {
        if (isSecure) return events.data(bytes.subarray(0, bytes.length - recordBytes));
        if (bytes.length === flights.certificates) {
          const end = certificate ? judge(certificate, trust) : "failed";
          if (!end) return tcp.send(new Uint8Array(flights.keys));
          tcp.send(new Uint8Array(alertBytes));
          tcp.close();
          return events.refused(end);
        }
        isSecure = true;
        events.connected();
      },
      acknowledged(bytes) {
        if (isSecure && bytes > recordBytes) events.acknowledged(bytes - recordBytes);
      },
      ended(reason) {
        if (isSecure || reason === "refused") events.ended(reason);
        else events.refused("failed");
      },
    },
  });
  return {
    get unacknowledgedBytes() {
      return tcp.unacknowledgedBytes;
    },
    send: (bytes) => tcp.send(padded(bytes)),
    close: () => tcp.close(),
    drop: () => tcp.drop(),
  };
}

const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, Buffer.alloc(recordBytes)]);

/** A server whose connections begin with a handshake; one without certificates hangs up on what is no protocol of its. */
function behindTls(server: Pick<Server, "connect">, speaksTls: boolean): Pick<Server, "connect"> {
  return {
    connect(host, port, events): ServerConnection | undefined {
      const connection = server.connect(host, port, {
        data: (bytes) => events.data(padded(bytes)),
        closed: () => events.closed(),
      });
      if (!connection) return undefined;
      let stage: keyof typeof flights = "hello";
      return {
        write(bytes) {
          if (!speaksTls) {
            connection.end();
            events.closed();
          } else if (stage === "hello") {
            stage = "keys";
            events.data(new Uint8Array(flights.certificates));
          } else if (stage === "keys") {
            if (bytes.length !== flights.keys) return;
            stage = "finished";
            events.data(new Uint8Array(flights.finished));
          } else connection.write(bytes.subarray(0, bytes.length - recordBytes));
        },
        end: () => connection.end(),
      };
    },
  };
}

/** A port that speaks TLS only, as a client without it meets it: the first bytes are no ClientHello. */
export const deafToPlain = (server: Pick<Server, "connect">): Pick<Server, "connect"> => ({
  connect(host, port, events) {
    const connection = server.connect(host, port, { data: () => undefined, closed: () => events.closed() });
    return (
      connection && {
        write() {
          connection.end();
          events.closed();
        },
        end: () => connection.end(),
      }
    );
  },
});
