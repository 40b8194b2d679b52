/** Commands that all families know: identity, network, power saving, time (3GPP TS 27.007, vendors' AT manuals). */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { choice, incorrectParameters, line, ok, syntaxError } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { CommandTable, ModemCore, SavedSettings } from "./core.ts";
import { dateTime, parseDateTime, zone } from "./modem-time.ts";
import { registration, registrationStatus } from "./registration.ts";
import { factorySettings } from "./settings.ts";

const imsi = "460028216590952";
const iccid = "898600810906F8048812";
const localAddress = "100.80.73.123";

/** The signal as AT+CSQ counts it. SIM7020: 3…30 span -105…-48 dBm; the others: -113 + 2n dBm. */
function signalQuality(dbm: number, scale: "sim7020" | "27.007"): number {
  if (scale === "27.007") return Math.min(31, Math.max(0, Math.round((dbm + 113) / 2)));
  if (dbm <= -110) return 0;
  if (dbm < -107) return 1;
  if (dbm < -105) return 2;
  if (dbm >= -48) return 31;
  return Math.min(30, 3 + Math.floor(((dbm + 105) / 57) * 28));
}

export function standardCommands(core: ModemCore): CommandTable {
  const { network, radio, saved, settings, port } = core;
  const { profile } = network;
  const { dialect } = core.family;
  /** Reference signals are one twelfth of the carrier: 10.8 dB below the total power. */
  const rssiDbm = Math.round(profile.coverage.rsrpDbm.value + 10.8);

  return {
    E: {
      run: () => ((port.settings.echo = false), ok),
      set([value]) {
        if (value !== "0" && value !== "1") return syntaxError;
        port.settings.echo = value === "1";
        return ok;
      },
    },
    I: { run: () => [`${core.model} ${dialect.revision}`] },
    Z: { run: () => ok },
    "&F": { run: () => ok },
    "&W": {
      run: () => (core.saveProfile(), ok),
      set: ([profileNumber]) => (profileNumber === "0" ? (core.saveProfile(), ok) : syntaxError),
    },
    "+CGMM": line(core.model),
    "+GMM": line(core.model),
    "+CGMI": line(dialect.maker),
    "+GMI": line(dialect.maker),
    "+CGMR": line(dialect.revision),
    "+GMR": line(dialect.revision),
    "+CGSN": line("866104023194129"),
    "+GSN": line("866104023194129"),
    "+CIMI": line(imsi),
    "+CCID": line(iccid),
    "+ICCID": line(iccid),
    "+CMEE": choice("+CMEE", "(0-2)", port.settings, "errors", 2),
    "+IPR": {
      test: "+IPR: (0,2400,4800,9600,19200,38400,57600,115200),(230400,460800,921600,3000000)",
      read: () => [`+IPR: ${saved.baud}`],
      set([value], done) {
        const rate = integer(value, 0, 3_000_000);
        if (rate === undefined || !(rate === 0 || baudRates.includes(rate))) return incorrectParameters;
        // The answer still goes out at the old rate.
        done(ok);
        saved.baud = port.settings.baud = rate;
        return undefined;
      },
    },
    "+CPIN": {
      test: "",
      read() {
        if (core.simMissing()) return new AtFailure(10);
        const on = settings.functionality === 1 || settings.functionality === 4;
        return [on ? "+CPIN: READY" : "+CPIN: NOT READY"];
      },
      set: () => new AtFailure(3),
    },
    "+CFUN": {
      test: "+CFUN: (0,1,4,7),(0-2)",
      read: () => [`+CFUN: ${settings.functionality}`],
      set([value, reset], done) {
        const wanted = integer(value, 0, 7);
        if (wanted !== 0 && wanted !== 1 && wanted !== 4 && wanted !== 7) return incorrectParameters;
        if (reset === "1") {
          done(ok);
          core.restart();
          return undefined;
        }
        const before = settings.functionality;
        core.setFunctionality(wanted);
        if (wanted === 0 && before !== 0) return ["+CPIN: NOT READY"];
        return wanted === 1 && before !== 1 && before !== 4 ? { after: ["+CPIN: READY"] } : ok;
      },
    },
    "+CSQ": {
      test: "+CSQ: (0-31,99),(0-7,99)",
      run: () => [
        radio.registered && network.covered() ? `+CSQ: ${signalQuality(rssiDbm, dialect.signal)},0` : "+CSQ: 99,99",
      ],
    },
    "+COPS": {
      test: `+COPS: (2,"","","${profile.cell.plmn}",9),,(0,1,2,3,4),(0,1,2)`,
      read: () => [radio.registered ? `+COPS: 0,2,"${profile.cell.plmn}",9` : "+COPS: 0"],
      set([mode, , operator]) {
        if (integer(mode, 0, 4) === undefined) return incorrectParameters;
        if (mode === "2") radio.off(true);
        else if (mode !== "3") {
          if (mode === "1" && operator !== profile.cell.plmn) return new AtFailure(30);
          if (radio.state === "off") radio.on(true);
        }
        return ok;
      },
    },
    "+CGATT": {
      test: "+CGATT: (0-1)",
      read: () => [`+CGATT: ${radio.registered ? 1 : 0}`],
      set([value]) {
        if (value !== "0" && value !== "1") return syntaxError;
        if (value === "0") {
          radio.off(true);
          radio.on(false);
        } else if (!radio.registered) radio.on(true);
        return ok;
      },
    },
    "+CREG": {
      ...choice("+CREG", "(0-2)", settings, "packetRegistrationReport", 2),
      read: () => [`+CREG: 0,${registrationStatus(core)}`],
    },
    "+CGDCONT": {
      test: '+CGDCONT: (1-15),"IP",,,(0-2),(0-4)',
      read: () => [`+CGDCONT: ${dialect.context},"IP","${saved.apn}","0.0.0.0",0,0`],
      set([context, type, apn]) {
        if (integer(context, 0, 15) === undefined || !type) return incorrectParameters;
        saved.apn = apn ?? "";
        return ok;
      },
    },
    "+CSCON": choice("+CSCON", "(0,1)", settings, "reportConnection", 1),
    "+CESQ": {
      test: "+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-34,255),(0-34,255),(0-97,255)",
      run() {
        const rsrp = Math.min(97, Math.max(0, Math.round(profile.coverage.rsrpDbm.value + 140)));
        return [radio.registered ? `+CESQ: 99,99,255,255,17,${rsrp}` : "+CESQ: 99,99,255,255,255,255"];
      },
    },
    "+CGACT": { test: "+CGACT: (0-1)", read: () => [`+CGACT: 1,${radio.registered ? 1 : 0}`], set: () => ok },
    "+CGCONTRDP": {
      test: "",
      run: () => (radio.registered ? [`+CGCONTRDP: 1,5,"${saved.apn}","${localAddress}.255.255.255.0"`] : ok),
    },
    "+CGPADDR": { test: "+CGPADDR: (1)", set: () => (radio.registered ? [`+CGPADDR: 1,"${localAddress}"`] : ok) },
    "+CEREG": {
      ...choice(
        "+CEREG",
        `(0-${dialect.registrationForms})`,
        settings,
        "registrationReport",
        dialect.registrationForms,
      ),
      read: () => [`+CEREG: ${settings.registrationReport},${registration(core)}`],
    },
    "+CGREG": {
      ...choice("+CGREG", "(0-2)", settings, "packetRegistrationReport", 2),
      read: () => [`+CGREG: ${settings.packetRegistrationReport},${registrationStatus(core)}`],
    },
    "+CPSMS": {
      test: '+CPSMS: (0-2),,,("00000000"-"11011111"),("00000000"-"11111111")',
      read() {
        const { periodicTau, activeTime } = saved.psmTimers;
        return [saved.psmMode ? `+CPSMS: 1,,,"${periodicTau}","${activeTime}"` : "+CPSMS: 0"];
      },
      set([mode, , , periodicTau, activeTime]) {
        if (integer(mode, 0, 2) === undefined) return incorrectParameters;
        for (const code of [periodicTau, activeTime])
          if (code !== undefined && !/^[01]{8}$/.test(code)) return incorrectParameters;
        if (periodicTau?.startsWith("111")) return incorrectParameters;
        const before = saved.psmMode;
        saved.psmMode = mode === "1" ? 1 : 0;
        const { psmTimers } = saved;
        saved.psmTimers =
          mode === "2"
            ? factorySettings.psmTimers
            : { periodicTau: periodicTau ?? psmTimers.periodicTau, activeTime: activeTime ?? psmTimers.activeTime };
        core.planSleep();
        if (!radio.registered || (before === saved.psmMode && (dialect.asksPsmOnChangeOnly || mode !== "1"))) return ok;
        // The line shows the connection for the request, with the timers of before.
        const lines = settings.registrationReport >= 4 && saved.psmMode ? [`+CEREG: ${registration(core)}`] : [];
        radio.update();
        return { after: lines };
      },
    },
    "+CEDRXS": {
      test: '+CEDRXS: (0-3),(5),("0000"-"1111")',
      read: () => [`+CEDRXS: 5,"${saved.edrxCode}"`],
      set: ([mode, type, code]) => setEdrx(saved, mode, type, code),
    },
    "+CEDRXRDP": {
      test: "",
      run() {
        const isGranted = saved.edrxMode && network.grantsEdrx() && radio.registered;
        return [
          isGranted
            ? `+CEDRXRDP: 5,"${saved.edrxCode}","${saved.edrxCode}","${saved.pagingWindowCode}"`
            : "+CEDRXRDP: 0",
        ];
      },
    },
    "+CCLK": {
      test: "",
      read() {
        const { unix, zoneQuarters } = core.time();
        const text = `${dateTime(unix, saved.clockShowsLocal ? zoneQuarters : 0)}${zone(zoneQuarters)}`;
        return [`+CCLK: ${dialect.clockQuoted ? `"${text}"` : text}`];
      },
      set([value]) {
        const time = parseDateTime(value ?? "");
        if (!time) return incorrectParameters;
        core.setTime(time);
        return ok;
      },
    },
  };
}

/** eDRX of NB-S1 mode: the cycle, and the paging window where the command has it. */
export function setEdrx(saved: SavedSettings, mode?: string, type?: string, code?: string, window?: string): AtAnswer {
  if (integer(mode, 0, 3) === undefined || (type !== undefined && type !== "5")) return incorrectParameters;
  for (const bits of [code, window]) if (bits !== undefined && !/^[01]{4}$/.test(bits)) return incorrectParameters;
  saved.edrxMode = mode === "1" || mode === "2" ? (Number(mode) as 1 | 2) : 0;
  if (mode === "3") [code, window] = [factorySettings.edrxCode, factorySettings.pagingWindowCode];
  saved.edrxCode = code ?? saved.edrxCode;
  saved.pagingWindowCode = window ?? saved.pagingWindowCode;
  return ok;
}

/** Rates of AT+IPR. */
export const baudRates: readonly number[] = [
  110, 300, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 3_000_000,
];
