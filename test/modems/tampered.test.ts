/** Whatever comes instead of an answer: every step ends within its budget, and the next wake works again. */
import { describe, expect, test } from "vitest";
import { families, type ModemName } from "../../tools/simulator/modems/families.ts";
import { isUdp, linked } from "./linked.ts";
import { kinds, noise, psm, random, tamperWith } from "./tamper.ts";

const soak = !!process.env["SOAK"];
/** All families and every command with SOAK; else the smallest and the most particular one, and some commands. */
const names: readonly ModemName[] = soak ? (Object.keys(families) as ModemName[]) : ["sim7020", "sim7080"];
const stride = soak ? 1 : 5;

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
        options.bind(link);
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
        const words = [
          "\r\nOK\r\n",
          "\r\nERROR\r\n",
          "> ",
          "\r\n+CARECV: 40,",
          '\r\n+QIURC: "recv",0,33\r\n',
          "\n",
          "\r\n+CSONMI: 0,4,",
        ];
        const said =
          random.next() < 0.5
            ? noise(Math.floor(random.next() * 200))
            : words[Math.floor(random.next() * words.length)]!;
        left -= said.length;
        link.hear(said);
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
