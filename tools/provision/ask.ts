/** Asks a person for a device's settings; what is secret is not shown while it is typed. */
import { cancel, intro, isCancel, outro, password, text } from "@clack/prompts";
import { UserError } from "../errors.ts";
import { checkSettings, type Settings } from "./settings.ts";

type Question = readonly [name: string, message: string, needed: boolean];
const questions: readonly Question[] = [
  ["id", "Device id", true],
  ["broker", "MQTT broker (host)", true],
  ["port", "Its port (empty: 1883)", false],
  ["user", "User (empty: none)", false],
  ["password", "Password (empty: none)", false],
  ["apn", "APN (empty: the network's own)", false],
];

export async function askSettings(known: Readonly<Record<string, string | number>>): Promise<Settings> {
  if (!process.stdin.isTTY) {
    throw new UserError("nobody can be asked: the input is no terminal", {
      where: "hibernode provision",
      fix: "add --settings FILE, or --batch FILE",
    });
  }
  intro("Settings of the device");
  const given: Record<string, string | number> = { ...known };
  for (const [name, message, needed] of questions) {
    if (name in given) continue;
    const validate = (value: string | undefined): string | undefined => (needed && !value ? "needed" : undefined);
    const answer = await (name === "password" ? password({ message }) : text({ message, validate }));
    if (isCancel(answer)) {
      cancel("Nothing was written");
      throw new UserError("cancelled", { where: "hibernode provision", fix: "nothing was written" });
    }
    if (answer) given[name] = name === "port" ? Number(answer) : answer;
  }
  outro("Connect the board");
  return checkSettings(given, "the answers");
}
