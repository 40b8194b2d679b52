/** `hibernode boards`: the boards that a firmware can name, from the same data that the simulator uses. */
import { Command } from "commander";
import type { BoardFacts, Figure } from "../../boards/types.ts";
import { loadBoards } from "../boards.ts";
import { unknownName } from "../suggest.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import type { Verb } from "./verb.ts";

export const boardsVerb: Verb = (run) =>
  new Command("boards")
    .description("list the boards, or show one of them with its pins and the sources of its figures")
    .argument("[board]", "for instance firebeetle2-esp32-e")
    .action(run(show));

async function show(output: Output, id: string | undefined): Promise<boolean> {
  const boards = await loadBoards();
  if (id === undefined) {
    const rows = Object.entries(boards).map(([name, board]) => ({ id: name, ...board.facts() }));
    output.line(
      table(
        ["board", "chip", "sleep floor", "awake", "battery input"],
        rows.map(({ id: name, chip, power }) => [
          name,
          chip,
          `${mark(power.sleepFloorMicroamps)} µA`,
          `${mark(power.activeMilliamps)} mA`,
          `${power.batteryVolts[0]} to ${power.batteryVolts[1]} V`,
        ]),
        [2, 3],
      ),
    );
    output.line("\n~ not confirmed by a document. hibernode boards BOARD shows the sources and the pins.");
    output.result({ boards: rows });
    return true;
  }
  const board = Object.hasOwn(boards, id) ? boards[id] : undefined;
  if (!board) throw unknownName("board", id, Object.keys(boards), "hibernode boards");
  const facts = board.facts();
  output.fact("board", `${facts.name} (${facts.module})`);
  output.fact("import", `import board from "hibernode/boards/${id}";`);
  output.fact("battery", `${facts.power.batteryVolts[0]} to ${facts.power.batteryVolts[1]} V`);
  output.line();
  output.line(table(["figure", "value", "confidence", "source"], figures(facts), [1]));
  output.line();
  output.line(table(["pin", "on the board", "can"], pins(facts)));
  output.line();
  for (const note of facts.notes) output.fact("note", note);
  output.result({ id, board: board.default, facts });
  return true;
}

/** A figure as people read it: ~ when no document confirms it. */
function mark({ value, confidence }: Figure): string {
  return `${confidence === "datasheet" || confidence === "paper" ? "" : "~"}${value}`;
}

function figures({ power }: BoardFacts): string[][] {
  const rows: [string, Figure, string][] = [
    ["rail", power.railVolts, "V"],
    [`regulator ${power.regulator.name}`, power.regulator.quiescentMicroamps, "µA"],
    ["sleep floor, whole board", power.sleepFloorMicroamps, "µA"],
    ["awake, radios off", power.activeMilliamps, "mA"],
    ["wake to first line of the bundle", power.bootMs, "ms"],
    ["current during that", power.bootMilliamps, "mA"],
  ];
  return rows.map(([name, figure, unit]) => [name, `${figure.value} ${unit}`, figure.confidence, figure.source]);
}

function pins(facts: BoardFacts): string[][] {
  const numbered = Object.entries(facts.pins).sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
  return numbered.map(([pin, label]) => [
    pin,
    label,
    [
      facts.adcPins.some((known) => known === pin) && "analog",
      facts.deepSleepWakePins.some((known) => known === pin) && "wake from deep sleep",
      facts.bootPullUpPins.some((known) => known === pin) && "pulled up at boot",
    ]
      .filter(Boolean)
      .join(", "),
  ]);
}
