/** Asks a person for a device's settings; what is secret is not shown while it is typed. */
import { cancel, intro, isCancel, outro, password, text } from "@clack/prompts";
import { UserError } from "../errors.ts";
import { checkChanges, checkSettings, NUMBERS, SECRETS, type Settings } from "./settings.ts";

type Question = readonly [name: string, message: string, needed: boolean];
const questions: readonly Question[] = [
  ["id", "Device id", true],
  ["broker", "MQTT broker (host)", true],
  ["port", "Its port (empty: 1883)", false],
  ["user", "User (empty: none)", false],
  ["password", "Password (empty: none)", false],
  ["apn", "APN (empty: the network's own)", false],
  ["key", "Key of sealed messages, 32 hexadecimal digits (empty: none)", false],
  ["sample", "Seconds between samples (empty: the firmware's)", false],
  ["report", "Seconds between reports (empty: the firmware's)", false],
];

const valueOf = (name: string, answer: string): string | number => (NUMBERS.includes(name) ? Number(answer) : answer);

/** What is wrong with an answer, asked again then. */
function wrong([name, , needed]: Question, answer: string | undefined): string | undefined {
  if (!answer) return needed ? "needed" : undefined;
  try {
    checkChanges({ [name]: valueOf(name, answer) }, name);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

export async function askSettings(known: Readonly<Record<string, string | number>>): Promise<Settings> {
  if (!process.stdin.isTTY) {
    throw new UserError("nobody can be asked: the input is no terminal", {
      where: "hibernode provision",
      fix: "add --settings FILE, or --batch FILE",
    });
  }
  intro("Settings of the device");
  const given: Record<string, string | number> = { ...known };
  for (const question of questions) {
    const [name, message] = question;
    if (name in given) continue;
    const asked = { message, validate: (answer: string | undefined) => wrong(question, answer) };
    const answer = await ((SECRETS as readonly string[]).includes(name) ? password(asked) : text(asked));
    if (isCancel(answer)) {
      cancel("Nothing was written");
      throw new UserError("cancelled", { where: "hibernode provision", fix: "nothing was written" });
    }
    if (answer) given[name] = valueOf(name, answer);
  }
  outro("Connect the board");
  return checkSettings(given, "the answers");
}
