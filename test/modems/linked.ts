/** A driver of lib and a simulated modem on one UART, in virtual time; what passes between them can be tampered with. */
import type { Link, MakeFamily, ModemSetup } from "../../lib/modems/driver.ts";
import { modemDriver } from "../../lib/modems/driver.ts";
import { bc660kFamily } from "../../lib/modems/bc660k-family.ts";
import { bc95Family } from "../../lib/modems/bc95-family.ts";
import { bg96Family, bg96Port } from "../../lib/modems/bg96-family.ts";
import type { MqttWords } from "../../lib/modems/own-mqtt.ts";
import { sim7000Family, sim7000Port } from "../../lib/modems/sim7000-family.ts";
import { sim7020Family } from "../../lib/modems/sim7020-family.ts";
import { sim7080Family, sim7080Port } from "../../lib/modems/sim7080-family.ts";
import type { SerialPort } from "../../lib/platform/ports.ts";
import type { Modem } from "../../lib/modems/modem.ts";
import type { Clock } from "../../tools/simulator/clock.ts";
import type { ModemName } from "../../tools/simulator/modems/families.ts";
import { bench, type BenchOptions } from "../simulator/modems/bench.ts";
import { virtualTimers } from "./scripted-modem.ts";

/** Driver and rate for each simulated family. */
export const drivers: Readonly<
  Record<
    ModemName,
    { readonly family: MakeFamily; readonly baud: number; readonly wrap?: (port: SerialPort) => SerialPort }
  >
> = {
  sim7020: { family: sim7020Family, baud: 57_600 },
  sim7080: { family: sim7080Family, baud: 57_600, wrap: sim7080Port },
  sim7000: { family: sim7000Family, baud: 57_600, wrap: sim7000Port },
  bc660k: { family: bc660kFamily("", 1), baud: 57_600 },
  bc66: { family: bc660kFamily("1,", 2), baud: 57_600 },
  bg96: { family: bg96Family, baud: 115_200, wrap: bg96Port },
  bg95: { family: bg96Family, baud: 115_200, wrap: bg96Port },
  bc95: { family: bc95Family, baud: 9600 },
  "sara-n2": { family: bc95Family, baud: 9600 },
};

/** UDP alone. */
export const isUdp = (name: ModemName): boolean => name === "bc95" || name === "sara-n2";

export interface LinkedOptions extends BenchOptions {
  /** The driver's family where it is another than the modem's. */
  readonly driver?: ModemName;
  readonly setup?: Partial<ModemSetup>;
  /** Gets each command line; what it returns stands in place of the modem's answer, undefined lets it pass. */
  readonly tamper?: (command: string, index: number) => string | undefined | { readonly then: () => void };
  /** Changes what the modem says. */
  readonly noise?: (text: string) => string;
}

export function linked(name: ModemName, options: LinkedOptions = {}) {
  const commands: string[] = [];
  let uartBytes = 0;
  let listener: ((data: string) => void) | undefined;
  const { baud, family, wrap } = drivers[options.driver ?? name];
  const hear = (text: string) => {
    const said = options.noise ? options.noise(text) : text;
    uartBytes += said.length;
    if (said) sim.clock.after(1000, () => listener?.(said));
  };
  const sim = bench({
    ...options,
    family: name,
    saved: { baud: drivers[name].baud, ...options.saved },
    hear,
  });
  const clock: Clock = sim.clock;
  const timers = virtualTimers(clock);
  const port = {
    read: () => undefined,
    write(data: string) {
      uartBytes += data.length;
      // prompted data are no command line
      if (!/^AT/i.test(data) || !data.endsWith("\r")) return sim.send(data, baud);
      const command = data.slice(0, -1);
      commands.push(command);
      const instead = options.tamper?.(command, commands.length - 1);
      if (instead === undefined) sim.send(data, baud);
      else if (typeof instead === "string") hear(instead);
      else instead.then();
    },
    on(_: "data", run: (data: string) => void) {
      listener = run;
    },
    removeAllListeners() {
      listener = undefined;
    },
  };
  const setup: ModemSetup = {
    port: wrap ? wrap(port) : port,
    timers,
    key: (pressed) => sim.modem.powerKey.changed(pressed ? 0 : 1),
    apn: "iot.example",
    tauSeconds: 310 * 3600,
    activeSeconds: 2,
    registerMs: 180_000,
    ...options.setup,
  };

  /** Runs until `start`'s callback; its fault, or undefined after `limit` seconds. */
  function until(start: (done: (fault: number) => void) => void, limit = 300): number | undefined {
    let ended: number | undefined;
    start((fault) => {
      if (ended !== undefined) throw new Error("ended twice");
      ended = fault;
    });
    const endUs = clock.nowUs + limit * 1e6;
    while (ended === undefined && clock.nextUs <= endUs) clock.runUntil(clock.nextUs);
    return ended;
  }

  return {
    sim,
    clock,
    commands,
    hear,
    /** Both ways. */
    get uartBytes() {
      return uartBytes;
    },
    /** What the modem has drawn up to now. */
    joules: () =>
      [...sim.ledger.causes()].reduce((sum, [cause, joules]) => sum + (cause.startsWith("modem") ? joules : 0), 0),
    driver: (): Modem => modemDriver(setup, family),
    /** The same with the modem's own MQTT client. */
    mqttDriver(words: (link: Link) => MqttWords): Modem {
      let own: MqttWords | undefined;
      const modem = modemDriver(setup, (link, port) => {
        const made = family(link, port);
        own = words(link);
        return { ...made, heard: { ...made.heard, ...own.heard }, close: own.close };
      });
      return { ...modem, mqtt: own! };
    },
    until,
  };
}
