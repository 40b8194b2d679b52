/** What a firmware's session and its modem's sleep ask of each other: limits of the modem, time-outs of the network, joules. */
import { formatDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import type { Declared } from "./declared.ts";

/** Seconds that the firmware declares, where they are written out. */
interface Periods {
  readonly sample: number | undefined;
  readonly report: number | undefined;
  /** Longest wake. */
  readonly awake: number;
  /** Of eDRX. */
  readonly cycle: number | undefined;
}

/** Address translation forgets a silent connection after minutes (inferred; none published by operators). */
const NAT_S = 300;
/** A broker gives a node up after one and a half keep-alives (MQTT 3.1.1, 3.1.2.10); an answer may take 30 s (lib/uplink/publish.ts). */
const GIVEN_UP = 1.5;
const ANSWER_S = 30;

/**
 * Bytes of payload per message: SIM7020 and MQTT-SN (512 less its head) by the AT manuals; SIM7080G AT+SMPUB 1024; BG95, BC660K and BC66
 * by their drivers. What is longer leaves as several messages, each with its own acknowledgement.
 */
const LONGEST: Readonly<Record<string, number>> = {
  "sim7020-mqtt": 500,
  "sim7080-mqtt": 1024,
  "bg95-mqtt": 1024,
  "bc660k-mqtt": 512,
  "bc66-mqtt": 512,
  "mqtt-sn": 503,
};
/** Of a value in a batch, at least and roughly: a change that is not zero takes six to eight bits (lib/encode). */
const VALUE_BYTES = 1;
/** Readings per message, whatever waits (lib/outbox.ts). */
const BATCH = 96;

/**
 * Listening with eDRX at 656 s and the tracking area updates that come without PSM, and what attaching anew costs beside a report,
 * as simulated on vodafone-es: SIM7020 (44.1 J a day and 4 reports of 1.47 J; both ways cost the same at one an hour), BG96 (280.6 J
 * and 4 of 3.80 J; 4.42 J to attach and report). Table in lib/modems/README.md.
 */
const EDRX: Readonly<Record<string, { readonly microwatts: number; readonly attachJoules: number }>> = {
  sim7020: { microwatts: 442, attachJoules: 1.6 },
  bg96: { microwatts: 3070, attachJoules: 0.6 },
};

/** Sessions that bring a node nothing but commands, or nothing at all: pieces of updates need MQTT that the device speaks itself. */
const WITHOUT_UPDATES: Readonly<Record<string, string>> = {
  "mqtt-sn": "mqttSn, which subscribes to the topic of commands alone",
  "modem-mqtt": "modemMqtt, which receives nothing",
};

/** Throws a UserError for a session that the modem does not have, or that leaves no way for updates or commands. */
export function checkSession({ session, modem, updates, commands }: Declared): void {
  const without = updates && session && WITHOUT_UPDATES[session.text];
  if (without)
    throw new UserError(
      `updates(...) fetches pieces by MQTT, and the session is ${without}: no update would ever come`,
      {
        where: updates.where,
        fix: "leave the session out (MQTT over the modem's TCP) or take mqttWith(...), or leave updates out",
      },
    );
  if (commands && session?.text === "modem-mqtt")
    throw new UserError(
      "commands(...) takes messages from the broker, and the session is modemMqtt: the modem keeps them",
      {
        where: commands.where,
        fix: "leave the session out (MQTT over the modem's TCP) or take mqttWith(...), or leave commands out",
      },
    );
  if (session?.text === "mqtt-sn" && modem?.text.endsWith("-tls"))
    throw new UserError(`${modem.call}(...) secures TCP, and the session is mqttSn, over UDP: no report would leave`, {
      where: session.where,
      fix: `leave the session out (MQTT over the modem's TLS), or take ${modem.call.replace("Tls", "")}(...)`,
    });
  if (session?.text !== "modem-mqtt" || !modem || modem.text.endsWith("-mqtt")) return;
  const own = LONGEST[`${modem.text}-mqtt`];
  throw new UserError(
    `session: modemMqtt publishes with the modem's own MQTT client, and ${modem.call}(...) has none: no report would leave`,
    {
      where: session.where,
      fix: own
        ? `import { ${modem.call}Mqtt } from "hibernode/modems/${modem.text}-mqtt", or leave the session out`
        : "leave the session out: the device then speaks MQTT itself, over the modem's TCP",
    },
  );
}

export function radioWarnings(declared: Declared, periods: Periods): string[] {
  return [
    ...sizeWarnings(declared, periods),
    ...keepAliveWarnings(declared, periods),
    ...edrxWarnings(declared, periods),
  ];
}

function sizeWarnings({ session, modem, sensors }: Declared, { sample, report }: Periods): string[] {
  const by = session?.text === "modem-mqtt" ? modem?.text : session?.text;
  const longest = by && LONGEST[by];
  if (!session || !longest || !sensors || !sample || !report) return [];
  const readings = Math.min(BATCH, Math.floor(report / sample));
  const bytes = readings * (sensors + 1) * VALUE_BYTES;
  if (bytes <= longest) return [];
  return [
    `${session.where}: a report of ${readings} readings from ${sensors} sensors has about ${bytes} bytes or more, and one message takes ${longest}: it leaves as ${Math.ceil(bytes / longest)} messages, each waiting for its answer; report more often, or over the usual session`,
  ];
}

function keepAliveWarnings({ session, numbers }: Declared, { report, awake }: Periods): string[] {
  const warnings: string[] = [];
  const keepAlive = numbers.get("uplink.session.keepAliveSeconds");
  if (keepAlive && session?.text === "mqtt-with") {
    const { value, where } = keepAlive;
    const givenUp = formatDuration(value * GIVEN_UP);
    if (value * GIVEN_UP < ANSWER_S)
      warnings.push(
        `${where}: with a keep-alive of ${value} s the broker gives the node up after ${givenUp} of silence, and over NB-IoT an answer may take ${ANSWER_S} s; take ${ANSWER_S / GIVEN_UP} or more`,
      );
    else if (report !== undefined && value >= report)
      warnings.push(
        `${where}: a keep-alive of ${formatDuration(value)} reaches past the next report (${formatDuration(report)}), into the modem's PSM: nothing is sent there, and a node that is lost is given up after ${givenUp}, when it has connected anew; the session ends with each wake (${formatDuration(awake)} at most)`,
      );
    else if (value > NAT_S)
      warnings.push(
        `${where}: a keep-alive of ${formatDuration(value)} is above the ${formatDuration(NAT_S)} after which address translation forgets a silent connection: it keeps nothing alive, and a lost node is given up only after ${givenUp}`,
      );
  }
  const sleep = numbers.get("uplink.session.sleepSeconds");
  if (sleep && session?.text === "mqtt-sn" && report !== undefined && sleep.value < report)
    warnings.push(
      `${sleep.where}: the gateway keeps the session for ${formatDuration(sleep.value)} and the node reports every ${formatDuration(report)}: what is published for it meanwhile is lost; take ${Math.ceil(report * GIVEN_UP)} or more`,
    );
  return warnings;
}

function edrxWarnings({ modem, durations }: Declared, { report, cycle }: Periods): string[] {
  const cost = modem && EDRX[modem.text];
  if (!cost || cycle === undefined || report === undefined) return [];
  const listening = (cost.microwatts / 1e6) * report;
  if (listening <= cost.attachJoules) return [];
  const seconds = cost.attachJoules / (cost.microwatts / 1e6);
  const step = seconds > 1800 ? 600 : 60;
  const even = Math.round(seconds / step) * step;
  return [
    `${durations.get("modem.edrx")?.where ?? modem.where}: where PSM is refused, eDRX costs about ${listening.toFixed(1)} J between two reports (${formatDuration(report)}), and to switch off and attach anew ${cost.attachJoules} J: it pays off below some ${formatDuration(even)}; take ${modem.call.replace("WithEdrx", "")}(...)`,
  ];
}
