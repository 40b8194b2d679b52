/**
 * Knows from the bytes of one connection which answers of a real broker are still to come, so that virtual time can
 * stand still until they are there. A stream that is not MQTT counts as answered after a quiet moment.
 */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";

export interface PendingAnswersOptions {
  /** Puts bytes of our own into the device's stream: a PINGREQ behind a packet that may be followed by messages. */
  readonly inject?: (bytes: Uint8Array) => void;
  /** Called whenever the last awaited answer has come. */
  readonly answered: () => void;
}

export interface PendingAnswers {
  /** Bytes that the device sent. */
  sent(bytes: Uint8Array): void;
  /** Bytes of the broker; returns what the device may see of them. */
  heard(bytes: Uint8Array): Uint8Array;
  /** Nothing more is expected: the connection ended, or the time limit passed. */
  giveUp(): void;
  readonly awaiting: boolean;
}

/** Real milliseconds without a byte after which a stream that is not MQTT counts as answered. */
const quietMs = 50;

const answerTo = (packet: Packet): string | undefined => {
  switch (packet.cmd) {
    case "connect":
      return "connack";
    case "publish":
      return packet.qos === 0 ? undefined : `${packet.qos === 1 ? "puback" : "pubrec"} ${packet.messageId}`;
    case "pubrel":
      return `pubcomp ${packet.messageId}`;
    case "subscribe":
      return `suback ${packet.messageId}`;
    case "unsubscribe":
      return `unsuback ${packet.messageId}`;
    case "pingreq":
      return "pingresp";
    default:
      return undefined;
  }
};

export function createPendingAnswers({ inject, answered }: PendingAnswersOptions): PendingAnswers {
  const expected: string[] = [];
  let fences = 0;
  let isMqtt: boolean | undefined;
  let partial = 0;
  let quiet: NodeJS.Timeout | undefined;
  let passed: Uint8Array[] = [];

  const device = mqttPacket.parser();
  device.on("packet", (packet) => {
    const answer = answerTo(packet);
    if (answer) expected.push(answer);
  });
  const broker = mqttPacket.parser();
  broker.on("packet", (packet) => {
    const name = "messageId" in packet && packet.messageId ? `${packet.cmd} ${packet.messageId}` : packet.cmd;
    if (name === "pingresp" && fences > 0 && !expected.includes("pingresp")) {
      fences--;
      return;
    }
    passed.push(mqttPacket.generate(packet));
    const index = expected.indexOf(name);
    if (index < 0) return;
    expected.splice(index, 1);
    // Retained and queued messages follow these two: what comes before the answer to a PINGREQ sent now belongs to them.
    if (inject && partial === 0 && (packet.cmd === "suback" || (packet.cmd === "connack" && packet.sessionPresent))) {
      fences++;
      inject(mqttPacket.generate({ cmd: "pingreq" }));
    }
  });
  const notMqtt = () => {
    isMqtt = false;
    giveUp();
  };
  device.on("error", notMqtt);
  broker.on("error", notMqtt);

  function giveUp(): void {
    clearTimeout(quiet);
    quiet = undefined;
    expected.length = 0;
    fences = 0;
    answered();
  }

  function restartQuiet(): void {
    clearTimeout(quiet);
    quiet = setTimeout(giveUp, quietMs);
  }

  return {
    get awaiting() {
      return expected.length > 0 || fences > 0 || quiet !== undefined;
    },
    sent(bytes) {
      // CONNECT comes first in MQTT, and nothing else starts with its byte by chance often enough to matter.
      if (bytes.length) isMqtt ??= bytes[0] === 0x10;
      if (isMqtt) partial = device.parse(Buffer.from(bytes));
      if (!isMqtt) restartQuiet();
    },
    heard(bytes) {
      if (!isMqtt) {
        restartQuiet();
        return bytes;
      }
      passed = [];
      broker.parse(Buffer.from(bytes));
      if (!isMqtt) return bytes;
      if (expected.length === 0 && fences === 0) answered();
      return Buffer.concat(passed);
    },
    giveUp,
  };
}
