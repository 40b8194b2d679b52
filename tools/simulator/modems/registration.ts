/** What +CEREG tells: 3GPP TS 27.007 section 10.1.22, in the form of each family. */
import type { ModemCore } from "./core.ts";

/** Registration status of AT+CEREG. */
export function registrationStatus(core: ModemCore): number {
  if (core.radio.registered) return core.network.profile.cell.roaming ? 5 : 1;
  if (core.radio.denied) return 3;
  return core.radio.state === "off" || core.radio.state === "detached" ? 0 : 2;
}

/** What follows `+CEREG: ` in the unsolicited line, and after `<n>,` in the read form. */
export function registration(core: ModemCore): string {
  const status = registrationStatus(core);
  const n = core.settings.registrationReport;
  if (n < 2 || !core.radio.registered) return String(status);
  const { trackingArea, cellId } = core.network.profile.cell;
  const { technology, causes } = core.family.dialect;
  const location = `${status},"${trackingArea}","${cellId}",${technology}`;
  if (n < 4) return location;
  const { activeTime, periodicTau } = core.radio.granted;
  return `${location}${causes}"${activeTime}","${periodicTau}"`;
}
