/** `hibernode provision`: who a board is and where it reports, for one board or a tray of them. */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import type { Device } from "../provision/batch.ts";
import type { Output } from "../terminal/output.ts";
import { loaderSetup, readJson, withLoader, type LoaderOptions } from "./board-options.ts";
import { progressBetweenSteps } from "./board-progress.ts";
import type { Verb } from "./verb.ts";

interface Options extends LoaderOptions {
  readonly settings?: string;
  readonly batch?: string;
  readonly labels?: string;
  readonly cloud?: string;
  readonly write: boolean;
}

export const provisionVerb: Verb = (run) =>
  withLoader(
    new Command("provision")
      .description("write a device's id, broker, APN and keys into a board; from a file, a CSV, or what you answer")
      .option("--settings <FILE>", "settings (JSON); with --batch what all devices share")
      .option("--batch <FILE>", "a tray of boards: CSV with a column for each setting, and mac where boards are sorted")
      .option(
        "--cloud <NAME>",
        "work out broker, client, user and password: alibaba, huawei, tencent, baidu, azure, aws",
      )
      .option("--labels <DIR>", "write a label with QR code for each device there (SVG)")
      .option("--no-write", "only check the settings and write the labels"),
  ).action(run(provision));

async function provision(output: Output, options: Options): Promise<boolean> {
  const setup = loaderSetup(options);
  const devices = await devicesOf(output, options);
  const { withoutSecrets } = await import("../provision/settings.ts");
  const record = `${options.batch ?? "provision"}.done.csv`;
  const { doneBefore, recordLine, RECORD_HEADER } = await import("../provision/batch.ts");
  const done = options.batch && options.write ? doneBefore(record) : new Set<string>();
  const results: object[] = [];
  for (const { settings, mac } of devices) {
    if (done.has(settings.id)) {
      output.step("done", `${settings.id}: written before`);
      results.push({ id: settings.id, skipped: true });
      continue;
    }
    const written = options.write
      ? await writeOne(output, options, setup, { settings, mac }, devices.length > 1)
      : undefined;
    if (written && options.batch) {
      if (!existsSync(record)) writeFileSync(record, RECORD_HEADER);
      appendFileSync(record, recordLine(settings.id, written.mac, written.chip));
    }
    if (options.labels !== undefined) {
      const { labelSvg } = await import("../provision/label.ts");
      mkdirSync(options.labels, { recursive: true });
      writeFileSync(join(options.labels, `${settings.id}.svg`), labelSvg(settings.id, written?.mac ?? mac));
    }
    output.step(written ? "provisioned" : "checked", `${settings.id}${written ? `, board ${written.mac}` : ""}`);
    results.push({ id: settings.id, settings: withoutSecrets(settings), ...written });
  }
  if (options.labels !== undefined) output.fact("labels", options.labels);
  output.result({ devices: results });
  return true;
}

async function devicesOf(output: Output, options: Options): Promise<Device[]> {
  const { readSettings, SECRETS } = await import("../provision/settings.ts");
  const { gitWouldTake } = await import("../provision/repository.ts");
  let devices: Device[];
  if (options.batch !== undefined) {
    const { readBatch } = await import("../provision/batch.ts");
    const common = options.settings === undefined ? {} : (readJson(options.settings) as object);
    devices = readBatch(options.batch, common, options.cloud, (note) => output.warn(note));
  } else if (options.settings !== undefined) {
    devices = [{ settings: readSettings(options.settings, options.cloud, (note) => output.warn(note)) }];
  } else {
    const { askSettings } = await import("../provision/ask.ts");
    devices = [{ settings: await askSettings({}) }];
  }
  const secret = devices.some(({ settings }) => SECRETS.some((name) => settings[name] !== undefined));
  for (const file of [options.batch, options.settings])
    if (secret && file !== undefined && gitWouldTake(file))
      output.warn(`${file} holds secrets and git would take it: add it to .gitignore`);
  return devices;
}

async function writeOne(
  output: Output,
  options: Options,
  setup: ReturnType<typeof loaderSetup>,
  { settings, mac }: Device,
  tray: boolean,
) {
  const { chooseLine } = await import("../serial/ports.ts");
  const { provisionBoard } = await import("../provision/provision.ts");
  if (tray && !mac) await nextBoard(settings.id);
  const line = await chooseLine(options.port);
  const bar = progressBetweenSteps(output);
  return provisionBoard(line, settings, { ...setup, ...bar, mac }).finally(() => bar.done());
}

/** Boards of a tray look alike: a person says when the next one is connected. */
async function nextBoard(id: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError("nobody can be asked which board is connected: the input is no terminal", {
      where: "--batch",
      fix: "add a column mac, and each line is written only to its board",
    });
  }
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message: `Connect the board for ${id}. Ready?` });
  if (answer !== true || isCancel(answer))
    throw new UserError("stopped", { where: id, fix: "run the same command again: it goes on with this device" });
}
