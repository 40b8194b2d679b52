/** `hibernode flash`: from a bare ESP32 to a node that reports, in one command. */
import { Command } from "commander";
import { NEEDS_CRYPTO, needsWifi } from "../build/on-board.ts";
import { UserError } from "../errors.ts";
import { CHECKED_VERSION } from "../flash/espruino-release.ts";
import type { StorageFile } from "../flash/storage-image.ts";
import { findFirmware } from "../firmware.ts";
import { stackMapper } from "../monitor/stack-trace.ts";
import type { Output } from "../terminal/output.ts";
import { loaderSetup, secondsOf, withLoader, type LoaderOptions } from "./board-options.ts";
import { firmwareFile } from "./board-firmware.ts";
import { progressBetweenSteps } from "./board-progress.ts";
import type { Verb } from "./verb.ts";

interface Options extends LoaderOptions {
  readonly espruino?: string;
  readonly settings?: string;
  readonly radios?: true;
  readonly watch: string;
  readonly release: string;
}

export const flashVerb: Verb = (run) =>
  withLoader(
    new Command("flash")
      .description("write Espruino, a firmware and its settings to a board, verify them, and watch the first wake")
      .argument("<firmware>", "folder with a node.ts, or a .js file that is written as it is")
      .option(
        "--espruino <FILE>",
        "Espruino's release for the chip: the .tgz, or its folder (default: keep the board's)",
      )
      .option("--settings <FILE>", "settings of this device (JSON); without it the board keeps its own")
      .option("--release <NUMBER>", "version of a firmware that takes updates", "1")
      .option("--radios", "leave Wi-Fi and Bluetooth as they are; else what the firmware does not use is off"),
  )
    .option("--watch <SECONDS>", "how long to watch the first wake; 0 = not at all", "15")
    .action(run(flash));

async function flash(output: Output, path: string, options: Options): Promise<boolean> {
  const setup = loaderSetup(options);
  const watchSeconds = secondsOf(options.watch, "--watch");
  const firmware = findFirmware(path);
  const { readEspruinoRelease } = await import("../flash/espruino-release.ts");
  const release = options.espruino === undefined ? undefined : await readEspruinoRelease(options.espruino);
  const files: StorageFile[] = [];
  const { flashBoard } = await import("../flash/flash.ts");
  const { readSettings } = await import("../provision/settings.ts");
  const { settingsImage } = await import("../provision/settings-pages.ts");
  const settings = options.settings === undefined ? undefined : settingsImage(readSettings(options.settings));
  const { chooseLine } = await import("../serial/ports.ts");
  const line = await chooseLine(options.port);
  const { file, map, document } = await firmwareFile(output, firmware);
  files.push(...(await withSlots(file, options.release, path)));
  if (release && !release.hasCrypto && NEEDS_CRYPTO.test(Buffer.from(file.data).toString("latin1")))
    throw new UserError("the firmware seals its messages, and this build of Espruino has no `crypto`", {
      where: options.espruino!,
      fix: "use Espruino's release for the ESP32 (espruino_2v29_esp32.tgz) instead of its IDF 4 build, or leave out uplink.seal",
    });
  if (release) {
    output.step("espruino", `${release.version} for ${release.chip}`);
    if (!release.version.startsWith(CHECKED_VERSION))
      output.warn(`this is Espruino ${release.version}; hibernode was checked with ${CHECKED_VERSION}`);
  }
  const mapped = stackMapper(map);
  const bar = progressBetweenSteps(output);
  const done = await flashBoard(line, {
    ...setup,
    files,
    release,
    settings,
    keepRadios: options.radios === true,
    wifi: files.some(({ data }) => needsWifi(data)),
    watchSeconds,
    ...bar,
    print: (text) => output.line(`  ${mapped(text)}`),
  }).finally(() => bar.done());
  const { firstWake } = done;
  if (firstWake?.problem) {
    output.fact("broken", `${firstWake.problem.message}. ${firstWake.problem.fix}`);
  } else if (firstWake) {
    const words = {
      asleep: "the node has gone to sleep",
      awake: "the node is awake",
      silent: "the node prints nothing",
    };
    output.fact("first wake", words[firstWake.state as keyof typeof words]);
  }
  output.result({ port: line.name, espruino: release?.version, firmware: document, ...done });
  return !firstWake?.problem;
}

/** A firmware that takes updates lies in a slot, and the loader boots it; any other boots by itself. */
async function withSlots(file: StorageFile, release: string, where: string): Promise<StorageFile[]> {
  const { boardIdOf, buildLoader, slotFiles, takesUpdates } = await import("../update/image.ts");
  const bundle = Buffer.from(file.data).toString("latin1");
  if (!takesUpdates(bundle)) return [file];
  const version = Number(release);
  if (!Number.isInteger(version) || version < 0)
    throw new UserError(`${release} is no whole number`, { where: "--release", fix: "write one, for instance 1" });
  const loader = { name: file.name, data: Buffer.from(await buildLoader(), "latin1") };
  return [...slotFiles({ bundle, version, board: boardIdOf(bundle, where) }), loader];
}
