/** A tiny hand-written driver: one MQTT report over the modem's own TCP socket, as a person at a terminal would do it. */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import type { bench } from "./bench.ts";

type Bench = ReturnType<typeof bench>;

const hex = (packet: Packet) => mqttPacket.generate(packet).toString("hex");

export interface ReportOptions {
  readonly topic?: string;
  readonly payload?: string;
  readonly messageId?: number;
  /** Runs the clock until the condition holds; overridden where a real broker must be waited for. */
  readonly until?: (condition: () => boolean, limit?: number) => void | Promise<void>;
}

/** Steps of a report of a modem that is awake and registered; yields what it waits for. */
function* steps(
  modem: Bench,
  { topic = "n1/t", payload = "x".repeat(64), messageId = 1 }: ReportOptions,
): Generator<string, void> {
  const send = (packet: Packet) => {
    const digits = hex(packet);
    modem.send(`AT+CSOSEND=0,${digits.length},${digits}\r`);
  };
  modem.send("AT+CSOC=1,1,1\r");
  yield "+CSOC: 0";
  modem.send('AT+CSOCON=0,1883,"192.0.2.1"\r');
  yield "OK";
  send({ cmd: "connect", clientId: "n1", clean: true, keepalive: 600 });
  yield "+CSONMI: 0,8,20020000";
  send({ cmd: "publish", topic, payload: Buffer.from(payload), qos: 1, retain: false, dup: false, messageId });
  yield `+CSONMI: 0,8,4002${messageId.toString(16).padStart(4, "0").toUpperCase()}`;
  send({ cmd: "disconnect" });
  yield "OK";
  modem.send("AT+CSOCL=0\r");
  yield "OK";
}

/** Reports at once; every step must be answered within `limit` seconds. */
export function report(modem: Bench, options: ReportOptions = {}, limit = 120): void {
  for (const text of steps(modem, options)) {
    modem.untilHeard(text, limit);
    modem.wait(0.05);
    modem.heard();
  }
}

/** The same against a broker with real I/O. */
export async function reportTo(
  modem: Bench,
  server: { busy: boolean; settled(): Promise<void> },
  options: ReportOptions = {},
) {
  let said = "";
  for (const text of steps(modem, options)) {
    const endUs = modem.clock.nowUs + 120e6;
    while (!said.includes(text)) {
      if (modem.clock.nextUs > endUs) throw new Error(`no "${text}", heard ${JSON.stringify(said)}`);
      modem.clock.runUntil(modem.clock.nextUs);
      if (server.busy) await server.settled();
      said += modem.heard();
    }
    said = "";
    modem.wait(0.05);
  }
}

/** From PSM to registered and listening. */
export function wake(modem: Bench): void {
  modem.press(0.9);
  modem.until(() => modem.modem.state === "on");
  modem.wait(0.1);
  modem.heard();
}
