/**
 * The device's side of updates, as text that may be changed: the loader and the extension of lib/update, bundled afresh, with
 * the chip's natives taken from a world that the test hands in, and with small pages, so that every byte can be cut.
 */
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { CryptoPort, FlashPort } from "../../lib/platform/ports.ts";

export interface Replacement {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What the chip's natives become. */
export interface Natives {
  readonly flash: FlashPort;
  readonly crypto: CryptoPort;
  readonly after: (ms: number, run: () => void) => number;
  readonly cancel: (timer: number) => void;
  readonly now: () => number;
  readonly cause: number;
  readonly restart: () => void;
  readonly deepSleep: (seconds: number) => void;
  readonly storedPart: (name: string, at: number, length: number) => string | undefined;
}

export type Entry = typeof import("./entry.ts");

export interface DeviceCode {
  /** Leaves the text that is to run, and what happens when it throws. */
  readonly boot: (natives: Natives) => { readonly text: string; readonly failed: (error: unknown) => void };
  readonly library: (natives: Natives) => Entry;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

export const PAGE_BYTES = 1024;
const small: readonly Replacement[] = [
  { file: "lib/journal/slots.ts", from: "PAGE = 4096", to: `PAGE = ${PAGE_BYTES}` },
  { file: "lib/update/layout.ts", from: "SLOTS_AT = 0x321000", to: `SLOTS_AT = ${0x310000 + 17 * PAGE_BYTES}` },
  { file: "lib/update/layout.ts", from: "CONTROL_BYTES = 256", to: "CONTROL_BYTES = 128" },
  { file: "lib/update/layout.ts", from: "SLOT_BYTES = 8 * PAGE", to: "SLOT_BYTES = 2 * PAGE" },
  { file: "lib/update/blocks.ts", from: "BLOCK = 896", to: "BLOCK = 256" },
];

const natives = `
const openFlash = () => natives.flash;
const openCrypto = () => natives.crypto;
const after = (ms, run) => natives.after(ms, run);
const cancel = (timer) => natives.cancel(timer);
const now = () => natives.now();
const wakeCause = () => natives.cause;
const restart = () => natives.restart();
const deepSleep = (seconds) => natives.deepSleep(seconds);
const storedPart = (name, at, length) => natives.storedPart(name, at, length);
const watchdog = () => {};
const settings = () => undefined;
const random32 = () => 7;
export { openFlash, openCrypto, after, cancel, now, wakeCause, restart, deepSleep, storedPart, watchdog, settings, random32 };
`;

async function bundled(entry: string, replacements: readonly Replacement[]): Promise<string> {
  const result = await build({
    entryPoints: [root + entry],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "library",
    plugins: [
      {
        name: "replace",
        setup({ onLoad }) {
          onLoad({ filter: /[/\\]lib[/\\]platform[/\\]espruino\.ts$/ }, () => ({ contents: natives }));
          onLoad({ filter: /[/\\]lib[/\\].*\.ts$/ }, async ({ path }) => {
            let contents = await readFile(path, "utf8");
            for (const { file, from, to } of replacements) {
              if (!path.replaceAll("\\", "/").endsWith(file)) continue;
              if (contents.split(from).length !== 2) throw new Error(`${file} does not contain exactly once: ${from}`);
              contents = contents.replace(from, () => to);
            }
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  return Buffer.from(result.outputFiles[0]!.contents).toString();
}

/** Throws when a replacement does not match exactly once: then the mutation no longer fits the code. */
export async function loadDevice(replacements: readonly Replacement[] = []): Promise<DeviceCode> {
  const all = [...small, ...replacements];
  const loader = await bundled("lib/update/loader.ts", all);
  const library = await bundled("test/update/entry.ts", all);
  const boot = new Function("natives", "global", "print", loader) as (...given: unknown[]) => void;
  return {
    boot(given) {
      const global: Record<string, unknown> = {};
      boot(given, global, () => undefined);
      return global["loader"] as ReturnType<DeviceCode["boot"]>;
    },
    library: new Function("natives", `${library};return library`) as DeviceCode["library"],
  };
}
