/**
 * How the modem hears its cell, as quantities of the node's readings: signal (RSRP, dBm) and, where the family tells it,
 * coverage (ECL: 0 normal, 1 repeated, 2 repeated most). Asked while a report ends; the readings after it carry it.
 *
 *   const radio = sim7020Signal();
 *   node({ sensors: { …, radio }, modem: sim7020(uart, { …, signal: radio }), use: radio.use, … })
 */
import { NOT_REGISTERED, UNREADY } from "../faults.ts";
import { keptBy, SIGNAL, type Hooks, type Host } from "../schedule/extensions.ts";
import { COVERAGE, SIGNAL_POWER, type Quantity } from "../sensors/quantities.ts";
import type { Sensor } from "../sensors/sensor.ts";
import type { Heard, Link, MakeFamily } from "./driver.ts";
import type { Modem } from "./modem.ts";

export interface Signal<Name extends string = string> extends Sensor<Name> {
  /** For `use` of `node()`: the values outlive deep sleep. */
  readonly use: <R>(host: Host) => Hooks<R>;
  /** The family that also asks, and the modem that also remembers what was answered. */
  readonly family: (made: MakeFamily) => MakeFamily;
  readonly modem: (modem: Modem) => Modem;
}

/** Puts what the modem said in the place of the old: `power` in dBm, `level` 0 to 2; NaN where it said nothing. */
type Tell = (power: number, level: number) => void;
type Words = (tell: Tell) => Readonly<Record<string, Heard>>;

const whole = (text: string | undefined) => parseInt(text || "", 10);

/** @param idle the modem tells RSRP only while no radio connection stands: it is asked before a report as well */
function signal<Name extends string>(
  quantities: readonly Quantity<Name>[],
  ask: readonly string[],
  words: Words,
  idle?: boolean,
): Signal<Name> {
  let host: Host | undefined;
  let link: Link;
  let seen: number[] = [];
  /** A fault, or RSRP and then ECL. */
  const kept = () => (host ? keptBy(host, SIGNAL) : []);
  const tell: Tell = (power, level) => {
    if (power < 0 && power > -200) seen[0] = power;
    if (level >= 0 && level <= 2) seen[1] = level;
  };
  /** RSRP that was not told is as before; where nothing was told, there is no cell. */
  const store = () => {
    const before = kept();
    const power = seen[0] || Math.min(0, before[0] || 0) || UNREADY;
    const after = seen.length ? [power, seen[1] || 0].slice(0, quantities.length) : [NOT_REGISTERED];
    if (!host || "" + before === "" + after) return;
    host.kept[SIGNAL] = after;
    host.save();
  };
  return {
    quantities,
    start: () => 0,
    read() {
      const values = kept();
      // a fault is above 0
      return values[0]! < 0 ? values : values[0] || UNREADY;
    },
    use(given) {
      host = given;
      return {};
    },
    family: (made) => (given, port) => {
      link = given;
      seen = [];
      const family = made(given, port);
      const close = family.close;
      return Object.assign(family, {
        heard: Object.assign(family.heard, words(tell)),
        close: () => ask.concat(close()),
      });
    },
    modem(modem) {
      const up = modem.up;
      const down = modem.down;
      return Object.assign(modem, {
        up: idle ? (done) => up((fault) => (fault ? done(fault) : link.askAll(ask, () => done(0)))) : up,
        down: (done) =>
          down((fault) => {
            store();
            done(fault);
          }),
      } satisfies Partial<Modem>);
    },
  };
}

/** SIM7020 (AT manual V1.05, 5.2.6): RSRP in idle only. */
export const sim7020Signal = (): Signal<"signal" | "coverage"> =>
  signal(
    [SIGNAL_POWER, COVERAGE],
    ["AT+CENG?"],
    (tell) => ({ "+CENG": (fields) => tell(whole(fields[4]), whole(fields[10])) }),
    true,
  );

/** SIM7080G, SIM7070G, SIM7090G, SIM7000 (AT manual V1.05, 5.2.19): they do not tell the coverage level. */
export const sim7080Signal = (): Signal<"signal"> =>
  signal([SIGNAL_POWER], ["AT+CPSI?"], (tell) => ({ "+CPSI": (fields) => tell(whole(fields[11]), NaN) }));

/** BC660K, BC66, BC26 (BC660K-GL AT manual). */
export const bc660kSignal = (): Signal<"signal" | "coverage"> =>
  signal([SIGNAL_POWER, COVERAGE], ["AT+QENG=0"], (tell) => ({
    "+QENG": (fields) => tell(whole(fields[5]), whole(fields[11])),
  }));

/** BG96, BG95, BG77 (BG96 AT manual V2.3, 6.18 and 4.2.6). */
export const bg96Signal = (): Signal<"signal" | "coverage"> =>
  signal([SIGNAL_POWER, COVERAGE], ["AT+QCSQ", 'AT+QCFG="celevel"'], (tell) => ({
    "+QCSQ": (fields) => tell(whole(fields[2]), NaN),
    "+QCFG": (fields) => tell(NaN, whole(fields[1])),
  }));

/** BC95 and SARA-N2: RSRP in tenths of a dBm, a line each, with the name before it in quotes or not (public drivers). */
export const bc95Signal = (): Signal<"signal" | "coverage"> =>
  signal([SIGNAL_POWER, COVERAGE], ["AT+NUESTATS"], (tell) => {
    const power: Heard = (fields) => tell(whole(fields[fields.length - 1]) / 10, NaN);
    const level: Heard = (fields) => tell(NaN, whole(fields[fields.length - 1]));
    return {
      "Signal power": power,
      // in brackets: the build shortens other names
      ["ECL"]: level,
      ["NUESTATS"](fields) {
        if (fields[1] === '"Signal power"') power(fields, "");
        if (fields[1] === '"ECL"') level(fields, "");
      },
    };
  });
