/** The certificate of a scenario's broker: on MQTT's port for TLS, signed by the CA that the device's settings name. */
import type { Certificate } from "./tls.ts";

/** IANA: secure-mqtt. */
const SECURE_MQTT = 8883;
const YEAR_S = 365.25 * 86_400;

/** @param fault "broker-untrusted" and "broker-expired" spoil it */
export function brokerCertificate(
  settings: Readonly<Record<string, unknown>>,
  startUnix: number,
  fault: (name: "broker-untrusted" | "broker-expired") => boolean,
): (host: string, port: number) => Certificate | undefined {
  return (host, port) => {
    if (port !== SECURE_MQTT) return undefined;
    return {
      authority: fault("broker-untrusted") ? "somebody else" : String(settings["ca"] ?? ""),
      names: [host],
      from: startUnix - YEAR_S,
      until: fault("broker-expired") ? startUnix - 1 : startUnix + 20 * YEAR_S,
    };
  };
}
