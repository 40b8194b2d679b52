/**
 * Certificates in the modem's file system and AT+CSSLCFG, AT+CASSLCFG: SIM7080 AT manual V1.05 chapters 9, 11 and 12, SSL
 * application note V1.00.
 */
import type { Trust } from "../network/tls.ts";
import { AtFailure } from "./at-port.ts";
import { ok } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { CommandTable, ModemCore } from "./core.ts";

const longestName = 230;
const longestFile = 10_240;
/** AT+CSSLCFG="CONVERT": of a CA; 1 is a client's certificate with its key, 3 a table of keys. */
const convertCa = "2";

export function simcomTls(core: ModemCore): {
  readonly commands: CommandTable;
  /** What a new connection holds against its server; undefined without TLS. */
  trust(id: number, host: string): Trust | undefined;
} {
  const { saved, settings, port } = core;
  const failed = new AtFailure();
  let hasBuffer = false;
  const file = (folder: string | undefined, name: string | undefined) => `file ${folder}/${name}`;
  const isPlace = (folder: string | undefined, name: string | undefined) =>
    hasBuffer && integer(folder, 0, 3) !== undefined && name !== undefined && name.length <= longestName;
  const keep = (key: string, value: string) => void (saved.flags = { ...saved.flags, [key]: value });
  const set = (key: string, value: string) => void (settings.flags = { ...settings.flags, [key]: value });

  return {
    commands: {
      "+CFSINIT": { test: "", run: () => (hasBuffer ? failed : ((hasBuffer = true), ok)) },
      "+CFSTERM": { test: "", run: () => (hasBuffer ? ((hasBuffer = false), ok) : failed) },
      "+CFSWFILE": {
        test: "",
        set([folder, name, mode, lengthText, limit], done) {
          const length = integer(lengthText, 1, longestFile);
          if (!isPlace(folder, name) || length === undefined || integer(limit, 100, 10_000) === undefined)
            return failed;
          const before = mode === "1" ? (saved.flags[file(folder, name)] ?? "") : "";
          const taken = (bytes: Uint8Array) => {
            keep(file(folder, name), before + Buffer.from(bytes).toString("latin1"));
            done(ok);
          };
          port.prompt(length, taken, "\r\nDOWNLOAD\r\n");
          return undefined;
        },
      },
      "+CFSGFIS": {
        test: "",
        set([folder, name]) {
          const content = isPlace(folder, name) ? saved.flags[file(folder, name)] : undefined;
          return content ? [`+CFSGFIS: ${content.length}`] : failed;
        },
      },
      "+CFSDFILE": {
        test: "",
        set([folder, name]) {
          if (!isPlace(folder, name) || !saved.flags[file(folder, name)]) return failed;
          keep(file(folder, name), "");
          return ok;
        },
      },
      "+CSSLCFG": {
        test: "",
        set([key, ...values]) {
          if (key === "CONVERT") {
            const content = saved.flags[file("3", values[1])];
            if (!content) return failed;
            // what is no certificate is not converted
            if (values[0] === convertCa && !content.includes("-----BEGIN CERTIFICATE-----")) return failed;
            keep(`converted ${values[1]}`, content);
            return ok;
          }
          if (integer(values[0], 0, 5) === undefined || values.length < 2) return failed;
          set(`+CSSLCFG ${key} ${values[0]}`, values.slice(1).join(","));
          return ok;
        },
      },
      "+CASSLCFG": {
        test: "",
        set([id, key, value]) {
          if (integer(id, 0, 12) === undefined || value === undefined) return failed;
          if (key === "CACERT" && !saved.flags[`converted ${value}`]) return failed;
          set(`+CASSLCFG ${key} ${id}`, value);
          return ok;
        },
      },
    },
    trust(id, host) {
      const given = (key: string) => settings.flags[`+CASSLCFG ${key} ${id}`];
      if (given("SSL") !== "1") return undefined;
      const context = given("CRINDEX") ?? "0";
      const ignoresTime = settings.flags[`+CSSLCFG IGNORERTCTIME ${context}`] === "1";
      const ca = given("CACERT");
      const name = settings.flags[`+CSSLCFG SNI ${context}`] || host;
      const now = ignoresTime ? core.network.unixNow() : core.time().unix;
      return { authority: ca ? saved.flags[`converted ${ca}`] : undefined, host: name, now };
    },
  };
}
