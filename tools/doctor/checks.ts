/** The lines of `hibernode doctor`: what was found out becomes ✓, ! or ✗, and a remedy. */
import { CHECKED_VERSION } from "../flash/espruino-release.ts";
import type { Port } from "../serial/ports.ts";
import { permissionFix } from "../serial/serial-line.ts";

/** What was found out. A part that could not be looked at is absent, and its lines are left out. */
export interface Facts {
  readonly nodeVersion: string;
  readonly ports: readonly (Port & { readonly allowed: boolean })[];
  /** A board was asked for, or one is plugged in: what its console said. */
  readonly board?: BoardFacts | { readonly silent: string } | undefined;
  readonly modem?: ModemFacts | undefined;
  readonly broker?: { readonly address: string; readonly problem?: string | undefined } | undefined;
  readonly bundle?: { readonly bytes: number; readonly budgetBytes: number } | { readonly problem: string } | undefined;
}

export interface BoardFacts {
  readonly version: string;
  readonly board: string;
  readonly modules: readonly string[];
  readonly storage: { readonly freeBytes: number; readonly trashBytes: number };
  /** Seconds that the board's clock gained on this computer's in one minute, or undefined where it stands still. */
  readonly secondsSinceStart: number;
  readonly clockRuns: boolean;
  /** Names of the settings that are there; undefined without any. */
  readonly settings: readonly string[] | undefined;
}

export interface ModemFacts {
  /** Its name, or undefined when AT was not answered. */
  readonly name: string | undefined;
  /** It was off, and its power key was pressed for the questions. */
  readonly wasOff: boolean;
  /** Answer to AT+CPIN?, as in READY. */
  readonly sim: string | undefined;
  /** State of AT+CEREG?: 1 at home, 5 roaming, 2 searching, 3 denied. */
  readonly registration: number | undefined;
  /** Granted times (T3412 extended, T3324) as the network sent them, eight bits each. */
  readonly psm: readonly [periodic: string, active: string] | undefined;
}

export interface Finding {
  readonly line: string;
  readonly state: "good" | "mind" | "bad";
  readonly text: string;
  readonly remedy?: string;
}

type Check = (facts: Facts) => Finding[];
const good = (line: string, text: string): Finding => ({ line, state: "good", text });
const mind = (line: string, text: string, remedy: string): Finding => ({ line, state: "mind", text, remedy });
const bad = (line: string, text: string, remedy: string): Finding => ({ line, state: "bad", text, remedy });

const NEEDED_MODULES = ["Flash", "Storage"];
const NEEDED_SETTINGS = ["id", "broker"];
/** The minimum of package.json. */
const NODE_MINIMUM = [20, 12] as const;

const onBoard =
  (check: (board: BoardFacts) => Finding): Check =>
  ({ board }) =>
    board && !("silent" in board) ? [check(board)] : [];
const onModem =
  (check: (modem: ModemFacts) => Finding): Check =>
  ({ modem }) =>
    modem?.name === undefined ? [] : [check(modem)];

const checks: readonly Check[] = [
  ({ nodeVersion }) => {
    const [major = 0, minor = 0] = nodeVersion.replace(/^v/, "").split(".").map(Number);
    const enough = major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
    return [
      enough
        ? good("node", nodeVersion)
        : bad("node", `${nodeVersion} is too old`, `install Node ${NODE_MINIMUM.join(".")} or newer`),
    ];
  },
  ({ ports }) =>
    ports.length
      ? ports.map(({ path, known, usb }) => {
          const what =
            known ?? (usb ? "a USB device that is no known serial bridge" : "no USB device is known behind it");
          return known
            ? good("port", `${path}: ${what}`)
            : mind("port", `${path}: ${what}`, "this may be another device than your board");
        })
      : [
          mind(
            "port",
            "no serial port",
            "plug the board in, with a cable that carries data; in a virtual machine pass its USB through",
          ),
        ],
  ({ ports }) =>
    ports.map(({ path, allowed }) =>
      allowed ? good("permission", path) : bad("permission", `${path} may not be opened`, permissionFix(path)),
    ),
  ({ board }) => {
    if (!board) return [];
    if ("silent" in board)
      return [
        bad(
          "espruino",
          board.silent,
          "reset the board, or wait for a node with --wait; hibernode flash --espruino FILE.tgz writes Espruino",
        ),
      ];
    const text = `${board.version} on ${board.board}`;
    return [
      board.version.startsWith(CHECKED_VERSION)
        ? good("espruino", text)
        : mind("espruino", text, `hibernode was checked with ${CHECKED_VERSION}: flash that release`),
    ];
  },
  onBoard(({ modules, settings = [] }) => {
    // whoever has a key is to seal with it
    const needed = settings.includes("key") ? [...NEEDED_MODULES, "crypto"] : NEEDED_MODULES;
    const missing = needed.filter((name) => !modules.includes(name));
    return missing.length
      ? bad(
          "modules",
          `the build lacks ${missing.join(", ")}`,
          "flash an Espruino release for ESP32: its own builds have them",
        )
      : good("modules", needed.join(", "));
  }),
  onBoard(({ storage: { freeBytes, trashBytes } }) => {
    const text = `${freeBytes.toLocaleString("en")} bytes free, ${trashBytes.toLocaleString("en")} of deleted files`;
    return trashBytes > freeBytes
      ? mind(
          "storage",
          text,
          "a write may make Espruino rewrite all of it, and a power cut then erases it: upload with --erase, at your desk",
        )
      : good("storage", text);
  }),
  onBoard(({ clockRuns, secondsSinceStart }) =>
    clockRuns
      ? good("clock", `runs, ${Math.round(secondsSinceStart)} s since power-on or since it was set`)
      : bad("clock", "stands still", "press RESET; if that does not help, the module is broken"),
  ),
  onBoard(({ settings }) => {
    const missing = NEEDED_SETTINGS.filter((name) => !settings?.includes(name));
    return missing.length
      ? bad("settings", settings ? `${missing.join(", ")} missing` : "none", "hibernode provision writes them")
      : good("settings", settings!.join(", "));
  }),
  ({ modem }) =>
    modem
      ? [
          modem.name === undefined
            ? bad(
                "modem",
                `does not answer AT${modem.wasOff ? ", also after its power key was pressed" : ""}`,
                "check its supply, its power key, and that TX and RX are crossed",
              )
            : good("modem", `${modem.name}${modem.wasOff ? ", was off: switched on by its key, and off again" : ""}`),
        ]
      : [],
  onModem(({ sim }) =>
    sim === "READY"
      ? good("sim", "ready")
      : bad(
          "sim",
          sim ?? "none",
          sim === "SIM PIN"
            ? "switch its PIN off in a phone"
            : "push the card in until it clicks; check that it is active",
        ),
  ),
  onModem(({ registration }) => {
    if (registration === 1 || registration === 5)
      return good("network", registration === 5 ? "registered, roaming" : "registered");
    return registration === 3
      ? bad("network", "denied", "the SIM's contract has no NB-IoT here, or the APN is wrong")
      : mind("network", "not registered yet", "wait up to two minutes; check the antenna and the bands");
  }),
  onModem(({ psm }) =>
    psm
      ? good("psm", `granted: T3412 ${psm[0]}, T3324 ${psm[1]}`)
      : mind(
          "psm",
          "not granted",
          "the modem draws more between reports: ask the operator for PSM, or let the modem be switched off",
        ),
  ),
  ({ broker }) =>
    broker
      ? [
          broker.problem === undefined
            ? good("broker", `${broker.address} takes connections`)
            : bad(
                "broker",
                `${broker.address}: ${broker.problem}`,
                "check host, port and firewall; the device's network must reach it too",
              ),
        ]
      : [],
  ({ bundle }) => {
    if (!bundle) return [];
    if ("problem" in bundle) return [bad("bundle", bundle.problem, "hibernode build says more")];
    const share = Math.round((bundle.bytes / bundle.budgetBytes) * 100);
    const text = `${bundle.bytes.toLocaleString("en")} of ${bundle.budgetBytes.toLocaleString("en")} bytes, ${share} %`;
    return [share > 95 ? mind("bundle", text, "hibernode build lists the modules by size") : good("bundle", text)];
  },
];

export const diagnose = (facts: Facts): Finding[] => checks.flatMap((check) => check(facts));
