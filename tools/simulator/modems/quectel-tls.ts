/**
 * AT+QSSLOPEN, AT+QSSLCFG and the files that certificates lie in (AT+QFUPL, AT+QFLST, AT+QFDEL), as BG96, BG95 and BG77 have them:
 * BG96 SSL and FILE AT commands manuals V1.0 by public drivers; codes and defaults as measured on the sibling EG800K (reported).
 */
import type { Trust } from "../network/tls.ts";
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { ok } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { Done, ModemCore } from "./core.ts";
import type { FamilySockets } from "./family.ts";
import { createSocketPool } from "./socket-pool.ts";

const fileExists = 407;
const fileMissing = 405;
const longestFile = 10_240;
const longestSend = 1460;
/** One code for a connection that failed, whether nobody was there or nobody was believed; and for a name that is unknown. */
const socketFailed = 566;
const unresolved = 565;
const count = 12;

/** @param isActive the context stands  @param checksHost knows AT+QSSLCFG="checkhost" (newer firmware) */
export function quectelTls(core: ModemCore, isActive: () => boolean, checksHost: boolean): FamilySockets {
  const { port, radio, saved, settings } = core;
  const failed = new AtFailure();
  const key = (name: string) => `UFS ${name.replace(/^UFS:/, "")}`;
  const content = (name: string | undefined) => (name === undefined ? undefined : saved.flags[key(name)]);
  const keep = (name: string, text: string) => void (saved.flags = { ...saved.flags, [key(name)]: text });
  const ranges: Readonly<Record<string, number>> = {
    sslversion: 4,
    seclevel: 2,
    ignorelocaltime: 1,
    sni: 1,
    ...(checksHost && { checkhost: 1 }),
  };
  const given = (name: string, context: string) => settings.flags[`+QSSLCFG ${name} ${context}`];

  const pool = createSocketPool(core, count, {
    received(id, _socket, bytes) {
      const limit = core.family.figures.maxIndicationBytes.value;
      for (let at = 0; at < bytes.length; at += limit) {
        const piece = bytes.subarray(at, at + limit);
        port.push(`+QSSLURC: "recv",${id},${piece.length}`, piece);
      }
    },
    ended: (id) => port.urc(`+QSSLURC: "closed",${id}`),
  });

  function trust(context: string, host: string): Trust {
    const now = given("ignorelocaltime", context) === "0" ? core.time().unix : Number.NaN;
    // nobody is verified at level 0; a file that is not there matches no certificate
    const authority =
      (given("seclevel", context) ?? "0") === "0" ? undefined : (content(given("cacert", context)) ?? "");
    return { authority, host: given("checkhost", context) === "1" ? host : undefined, now };
  }

  function open(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [contextText, sslText, idText, host, portText, mode] = values;
    const id = integer(idText, 0, count - 1);
    const remotePort = integer(portText, 1, 65_535);
    if (integer(contextText, 1, 16) === undefined || integer(sslText, 0, 5) === undefined) return failed;
    // only data that are pushed are part of the model
    if (id === undefined || remotePort === undefined || !host || mode !== "1") return failed;
    if (!isActive() || !radio.registered || pool.create(true, id) === undefined) return failed;
    done(ok);
    pool.secure(id, host, remotePort, trust(sslText!, host), (result) => {
      if (result !== "connected") pool.close(id);
      const code = result === "connected" ? 0 : result === "unresolved" ? unresolved : socketFailed;
      port.urc(`+QSSLOPEN: ${id},${code}`);
    });
    return undefined;
  }

  return {
    commands: {
      "+QFUPL": {
        test: "",
        set([name, sizeText, limitText], done) {
          const size = integer(sizeText, 1, longestFile);
          if (!name || size === undefined || integer(limitText ?? "5", 1, 65_535) === undefined) return failed;
          if (content(name)) return new AtFailure(fileExists);
          const taken = (bytes: Uint8Array) => {
            keep(name, Buffer.from(bytes).toString("latin1"));
            let sum = 0;
            bytes.forEach((byte, at) => (sum ^= at % 2 ? byte : byte << 8));
            done([`+QFUPL: ${size},${sum.toString(16)}`]);
          };
          port.prompt(size, taken, "\r\nCONNECT\r\n");
          return undefined;
        },
      },
      "+QFLST": {
        test: "",
        set([name]) {
          const text = content(name);
          return text ? [`+QFLST: "UFS:${name}",${text.length}`] : new AtFailure(fileMissing);
        },
      },
      "+QFDEL": {
        test: "",
        set([name]) {
          if (!name || !content(name)) return new AtFailure(fileMissing);
          keep(name, "");
          return ok;
        },
      },
      "+QSSLCFG": {
        test: "",
        set([name, context, value]) {
          if (name === undefined || integer(context, 0, 5) === undefined || value === undefined) return failed;
          const highest = ranges[name];
          if (highest === undefined && name !== "cacert" && name !== "ciphersuite") return failed;
          if (highest !== undefined && integer(value, 0, highest) === undefined) return failed;
          settings.flags = { ...settings.flags, [`+QSSLCFG ${name} ${context}`]: value };
          return ok;
        },
      },
      "+QSSLOPEN": { test: "", set: open },
      "+QSSLSEND": {
        test: "",
        set([idText, lengthText], done) {
          const id = integer(idText, 0, count - 1);
          const length = integer(lengthText, 1, longestSend);
          if (length === undefined || pool.find(id)?.state !== "connected") return failed;
          port.prompt(length, (bytes) => done({ final: pool.send(id!, bytes) ? "SEND OK" : "SEND FAIL" }));
          return undefined;
        },
      },
      "+QSSLCLOSE": {
        test: "",
        set([idText]) {
          const id = integer(idText, 0, count - 1);
          if (id === undefined || !pool.find(id)) return failed;
          pool.close(id);
          return ok;
        },
      },
    },
    get blockPsm() {
      return pool.open;
    },
    forget: (keepUdp) => pool.forget(keepUdp),
  };
}
