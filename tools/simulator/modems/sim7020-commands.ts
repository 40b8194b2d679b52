/** The SIM7020's commands for identity, network, power saving and time, as its AT manual V1.05 prints them. */
import { at } from "../network/network.ts";
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { dateTime, parseDateTime, zone } from "./modem-time.ts";
import { integer } from "./sim7020-core.ts";
import type { CommandForms, CommandTable, SavedSettings, Sim7020Core, VolatileSettings } from "./sim7020-core.ts";

const ok: AtAnswer = [];
const incorrectParameters = new AtFailure(50);
const syntaxError = new AtFailure();

const imsi = "460028216590952";
const iccid = "898600810906F8048812";
const localAddress = "100.80.73.123";

/** Registration status of AT+CEREG. */
export function registrationStatus(core: Sim7020Core): number {
  if (core.radio.registered) return core.network.profile.cell.roaming ? 5 : 1;
  return core.radio.state === "off" || core.radio.state === "detached" ? 0 : 2;
}

/** What follows `+CEREG: ` in the unsolicited line, and after `<n>,` in the read form. */
export function registration(core: Sim7020Core): string {
  const status = registrationStatus(core);
  const n = core.settings.registrationReport;
  if (n < 2 || !core.radio.registered) return String(status);
  const { trackingArea, cellId } = core.network.profile.cell;
  const location = `${status},"${trackingArea}","${cellId}",9`;
  if (n < 4) return location;
  // An undocumented <rac> and empty cause fields, as the low power application note shows.
  const { activeTime, periodicTau } = core.radio.granted;
  return `${location},"00",,,"${activeTime}","${periodicTau}"`;
}

/** The signal as AT+CSQ counts it: 3…30 span -105…-48 dBm. */
function signalQuality(dbm: number): number {
  if (dbm <= -110) return 0;
  if (dbm < -107) return 1;
  if (dbm < -105) return 2;
  if (dbm >= -48) return 31;
  return Math.min(30, 3 + Math.floor(((dbm + 105) / 57) * 28));
}

export function commands(core: Sim7020Core): CommandTable {
  const { network, radio, saved, settings, port } = core;
  const { profile } = network;
  /** Reference signals are one twelfth of the carrier: 10.8 dB below the total power. */
  const rssiDbm = Math.round(profile.coverage.rsrpDbm.value + 10.8);

  /** A setting that holds one of a few numbers. */
  function choice<T extends object>(
    name: string,
    test: string,
    target: T,
    key: keyof T,
    high: number,
    changed?: () => void,
  ): CommandForms {
    return {
      test: `${name}: ${test}`,
      read: () => [`${name}: ${String(target[key])}`],
      set([value]) {
        const number = integer(value, 0, high);
        if (number === undefined) return incorrectParameters;
        target[key] = number as T[keyof T];
        changed?.();
        return ok;
      },
    };
  }

  const line = (text: string): CommandForms => ({ test: "", run: () => [text] });

  return {
    E: {
      run: () => ((port.settings.echo = false), ok),
      set([value]) {
        if (value !== "0" && value !== "1") return syntaxError;
        port.settings.echo = value === "1";
        return ok;
      },
    },
    I: { run: () => [`${core.model.slice(0, 7)} R1752`] },
    Z: { run: () => ok },
    "&F": { run: () => ok },
    "&W": {
      run: () => (core.saveProfile(), ok),
      set: ([profileNumber]) => (profileNumber === "0" ? (core.saveProfile(), ok) : syntaxError),
    },
    "+CGMM": line(core.model),
    "+GMM": line(core.model),
    "+CGMI": line("SIMCOM_Ltd"),
    "+GMI": line("SIMCOM_Ltd"),
    "+CGMR": line("1752B08SIM7020"),
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
      read: () =>
        settings.functionality === 1 || settings.functionality === 4 ? ["+CPIN: READY"] : ["+CPIN: NOT READY"],
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
      run: () => [radio.registered && network.covered() ? `+CSQ: ${signalQuality(rssiDbm)},0` : "+CSQ: 99,99"],
    },
    "+CENG": {
      test: "+CENG: (0,1)",
      set: ([value]) => (value === "0" || value === "1" ? ok : syntaxError),
      read() {
        if (!radio.registered) return new AtFailure(radio.state === "searching" ? 841 : 840);
        const { earfcn, physicalCell, cellId, trackingArea, band } = profile.cell;
        const { coverage } = profile;
        const rsrp = coverage.rsrpDbm.value;
        // Signal fields exist in RRC idle only.
        const signal = radio.state === "idle" ? `${rsrp},-11,${rssiDbm},${coverage.snrDb.value}` : ",,,";
        const power = at(coverage.transmitDbm, radio.level) * 10;
        const modified = radio.state === "idle" ? rsrp : "";
        return [
          `+CENG: ${earfcn},3,${physicalCell},"${cellId}",${signal},${band},"${trackingArea}",${radio.level},${power},${modified}`,
        ];
      },
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
    "+CGACT": { test: "+CGACT: (0-1)", read: () => [`+CGACT: 1,${radio.registered ? 1 : 0}`], set: () => ok },
    "+CGCONTRDP": {
      test: "",
      run: () => (radio.registered ? [`+CGCONTRDP: 1,5,"${saved.apn}","${localAddress}.255.255.255.0"`] : ok),
    },
    "+CGPADDR": { test: "+CGPADDR: (1)", set: () => (radio.registered ? [`+CGPADDR: 1,"${localAddress}"`] : ok) },
    "*MCGDEFCONT": {
      test: '*MCGDEFCONT: ("IP","IPV6","IPV4V6","Non-IP")',
      read: () => [`*MCGDEFCONT: "IP","${saved.apn}"`],
      set([type, apn]) {
        // The application note sets it with the radio off; with the radio on it is refused.
        if (settings.functionality !== 0) return new AtFailure(3);
        if (!type || !["IP", "IPV6", "IPV4V6", "NON-IP"].includes(type.toUpperCase())) return incorrectParameters;
        saved.apn = apn ?? "";
        return ok;
      },
    },
    "+CEREG": {
      ...choice("+CEREG", "(0-5)", settings, "registrationReport", 5),
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
        if (before === saved.psmMode || !radio.registered) return ok;
        // Only the change asks the network; the line shows the connection for it with the timers of before.
        const lines = settings.registrationReport >= 4 && saved.psmMode ? [`+CEREG: ${registration(core)}`] : [];
        radio.update();
        return { after: lines };
      },
    },
    "+CPSMSTATUS": choice("+CPSMSTATUS", "(0-1)", settings, "reportPsm", 1),
    "+RETENTION": choice("+RETENTION", "(0-1)", saved, "retention", 1),
    "+CEDRXS": {
      test: '+CEDRXS: (0-3),(5),("0000"-"1111")',
      read: () => [`+CEDRXS: 5,"${saved.edrxCode}"`],
      set: ([mode, type, code]) => setEdrx(mode, type, code),
    },
    "*MEDRXCFG": {
      test: '*MEDRXCFG: (0-3),(5),("0000"-"1111"),("0000"-"1111")',
      read: () => [`*MEDRXCFG: 5,"${saved.edrxCode}","${saved.pagingWindowCode}"`],
      set: ([mode, type, code, window]) => setEdrx(mode, type, code, window),
    },
    "+CEDRXRDP": {
      test: "",
      run() {
        const isGranted = saved.edrxMode && profile.edrx === "asked" && radio.registered;
        return [
          isGranted
            ? `+CEDRXRDP: 5,"${saved.edrxCode}","${saved.edrxCode}","${saved.pagingWindowCode}"`
            : "+CEDRXRDP: 0",
        ];
      },
    },
    "+CNBIOTRAI": choice("+CNBIOTRAI", "(0-2)", settings, "releaseAssistance", 2, () =>
      radio.assist(settings.releaseAssistance),
    ),
    "+CSCLK": choice("+CSCLK", "(0-2)", saved, "slowClock", 2, () => core.planSleep()),
    "+CPOWD": {
      set([value], done) {
        if (value !== "0" && value !== "1") return syntaxError;
        // No OK: the farewell is the answer, and 0 ("urgently") leaves even that out.
        if (value === "1") done({ final: "NORMAL POWER DOWN" });
        core.powerDown();
        return undefined;
      },
    },
    "+CRESET": { test: "", run: () => (core.restart(), undefined) },
    "+CCLK": {
      test: "",
      read() {
        const { unix, zoneQuarters } = core.time();
        return [`+CCLK: ${dateTime(unix, saved.clockShowsLocal ? zoneQuarters : 0)}${zone(zoneQuarters)}`];
      },
      set([value]) {
        const time = parseDateTime(value ?? "");
        if (!time) return incorrectParameters;
        core.setTime(time);
        return ok;
      },
    },
    "+CURTC": choice("+CURTC", "(0,1)", saved, "clockShowsLocal", 1),
    "+CLTS": choice("+CLTS", "(0,1)", saved, "reportTime", 1),
  };

  function setEdrx(mode?: string, type?: string, code?: string, window?: string): AtAnswer {
    if (integer(mode, 0, 3) === undefined || (type !== undefined && type !== "5")) return incorrectParameters;
    for (const bits of [code, window]) if (bits !== undefined && !/^[01]{4}$/.test(bits)) return incorrectParameters;
    saved.edrxMode = mode === "1" || mode === "2" ? (Number(mode) as 1 | 2) : 0;
    if (mode === "3") [code, window] = [factorySettings.edrxCode, factorySettings.pagingWindowCode];
    saved.edrxCode = code ?? saved.edrxCode;
    saved.pagingWindowCode = window ?? saved.pagingWindowCode;
    return ok;
  }
}

/** Rates of AT+IPR. */
export const baudRates: readonly number[] = [
  110, 300, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 3_000_000,
];

export const factorySettings: SavedSettings = {
  baud: 0,
  psmMode: 0,
  psmTimers: { periodicTau: "00100110", activeTime: "00100001" },
  retention: 0,
  slowClock: 0,
  edrxMode: 0,
  edrxCode: "0000",
  pagingWindowCode: "0001",
  apn: "cmnbiot",
  socketSendFlag: 0,
  socketTextFlag: 0,
  reportTime: 0,
  clockShowsLocal: 1,
  echo: true,
  errors: 0,
  reportPsm: 0,
};

export const startSettings: VolatileSettings = {
  registrationReport: 0,
  packetRegistrationReport: 0,
  reportPsm: 0,
  functionality: 1,
  releaseAssistance: 0,
  manualReceive: 0,
};
