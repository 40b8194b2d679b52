/** Whatever comes instead of an answer: every step ends within its budget, and the next wake works again. */
import { describe, expect, test } from "vitest";
import { families, type ModemName } from "../../tools/simulator/modems/families.ts";
import { isUdp, linked, type LinkedOptions } from "./linked.ts";
import { lines } from "./scripted-modem.ts";
import { seeded } from "../simulator/modems/bench.ts";

const soak = !!process.env["SOAK"];
/** All families and every command with SOAK; else the smallest and the most particular one, and some commands. */
const names: readonly ModemName[] = soak ? (Object.keys(families) as ModemName[]) : ["sim7020", "sim7080"];
const stride = soak ? 1 : 5;
const psm = { psmMode: 1, psmTimers: { periodicTau: "01011111", activeTime: "00000001" } } as const;

const kinds = [
  "OK",
  "ERROR",
  "+CME ERROR",
  "silence",
  "a line in between",
  "garbage",
  "a reset",
  "half a line",
] as const;
type Kind = (typeof kinds)[number];

const random = seeded(7);
const noise = (length: number) =>
  Buffer.from(Array.from({ length }, () => Math.floor(random.next() * 256))).toString("latin1");

/** Limits of node.ts: a wake is cut at three minutes, and the modem has fifteen seconds to go down; `down` alone ends. */
const upLimit = 180 + 90;
const openLimit = 180;
const sendLimit = 30;
const downLimit = 75;

/** One wake that opens a connection and sends; returns the faults of its steps. */
function wake(link: ReturnType<typeof linked>, udp: boolean) {
  const modem = link.driver();
  const faults: (number | undefined)[] = [link.until((done) => modem.up(done), upLimit)];
  if (faults[0] === 0) {
    let got = "";
    const host = udp ? "192.0.2.1" : "broker.example";
    faults.push(
      link.until(
        (done) =>
          modem.open(
            host,
            1883,
            (bytes) => (got += bytes),
            () => {},
            done,
            udp,
          ),
        openLimit,
      ),
    );
    if (faults[1] === 0)
      faults.push(link.until((done) => modem.send("\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02n1", done), sendLimit));
    if (faults[2] === 0) link.sim.wait(8);
  }
  faults.push(link.until((done) => modem.down(done), downLimit));
  return faults;
}

function tamperWith(kind: Kind, at: number): LinkedOptions {
  let link: ReturnType<typeof linked> | undefined;
  const options: LinkedOptions & { bind?: (to: ReturnType<typeof linked>) => void } = {
    saved: psm,
    bind: (to) => (link = to),
    tamper(command, index) {
      if (index !== at) return undefined;
      switch (kind) {
        case "OK":
          return lines("OK");
        case "ERROR":
          return lines("ERROR");
        case "+CME ERROR":
          return lines("+CME ERROR: 50");
        case "silence":
          return "";
        case "a line in between":
          link!.hear(lines('+CEREG: 1,"5B57","01A50B1A",9', "+CTZV: 24/01/02,13:45:59+32"));
          return undefined;
        case "garbage":
          return noise(300);
        case "a reset":
          return {
            then: () => {
              link!.sim.modem.power(false);
              link!.sim.wait(0.1);
              link!.sim.modem.power(true);
            },
          };
        case "half a line":
          return `\r\n+${command.slice(3, 8)}: 1,"5B`;
      }
    },
  };
  return options;
}

describe.each(names)("%s", (name) => {
  const udp = isUdp(name);
  const clean = linked(name, { saved: psm });
  wake(clean, udp);
  const count = clean.commands.length;

  test.each(kinds)(
    `%s in place of the answer to each of its commands: every step ends, the next wake works`,
    (kind) => {
      for (let at = kinds.indexOf(kind) % stride; at < count; at += stride) {
        const options = tamperWith(kind, at);
        const link = linked(name, options);
        (options as { bind: (to: typeof link) => void }).bind(link);
        const what = `${kind} for ${clean.commands[at]}`;
        const faults = wake(link, udp);
        expect(faults.includes(undefined), `${what}: ${faults.join()}`).toBe(false);
        link.sim.wait(20);
        const after = wake(link, udp);
        expect(after, what).toEqual([0, 0, 0, 0]);
      }
    },
  );

  test("noise of any kind from the modem never hangs or crashes the driver", () => {
    let left = soak ? 1_000_000 : 10_000;
    while (left > 0) {
      const link = linked(name, { saved: psm });
      const modem = link.driver();
      const ends: number[] = [];
      modem.up((fault) => ends.push(fault));
      const stop = Math.floor(random.next() * 40);
      for (let i = 0; i < 60; i++) {
        const length = Math.floor(random.next() * 200);
        left -= length;
        const words = [
          "\r\nOK\r\n",
          "\r\nERROR\r\n",
          "> ",
          "\r\n+CARECV: 40,",
          '\r\n+QIURC: "recv",0,33\r\n',
          "\n",
          "\r\n+CSONMI: 0,4,",
        ];
        link.hear(random.next() < 0.5 ? noise(length) : words[Math.floor(random.next() * words.length)]!);
        link.sim.wait(Math.ceil(random.next() * 1000) / 1000);
        if (i === stop && ends[0] === 0)
          modem.open(
            "192.0.2.1",
            1883,
            () => {},
            () => {},
            () => {},
            udp,
          );
      }
      expect(link.until((done) => modem.down(done), 120)).toBe(0);
    }
  });
});
