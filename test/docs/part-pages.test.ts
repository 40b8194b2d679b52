/**
 * The pages of sensors and boards, and the tables of their READMEs, say what the data say. `npm run pages` writes them:
 * these are file snapshots.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { loadBoards } from "../../tools/boards.ts";
import { packageFolder } from "../../tools/package-folder.ts";
import { boardPage, boardTable, sensorPage, sensorTable, sizePage } from "../../tools/part-pages.ts";
import { larger } from "../../tools/bench/sensors/larger.ts";
import { driverName, loadCosts, loadSensors } from "../../tools/sensors.ts";

const sensors = await loadSensors();
const boards = await loadBoards();
const file = (path: string): string => join(packageFolder, path);
const pretty = (text: string): Promise<string> => format(text, { parser: "markdown", printWidth: 120 });
const costs = loadCosts();

test.each(Object.entries(sensors))("%s has its page", async (name, facts) => {
  const page = await pretty(sensorPage(name, facts, costs[driverName(name)]));
  await expect(page).toMatchFileSnapshot(file(`lib/sensors/docs/${name}.md`));
});

test.each(Object.entries(boards))("%s has its page", async (id, board) => {
  await expect(await pretty(boardPage(id, board))).toMatchFileSnapshot(file(`boards/docs/${id}.md`));
});

test("the drivers' sizes stand beside those of the stock modules", async () => {
  await expect(await pretty(sizePage(costs, larger))).toMatchFileSnapshot(file("lib/sensors/compared/size.md"));
});

test("no page is left of a part that is gone", () => {
  const pages = (folder: string): string[] =>
    readdirSync(file(folder)).flatMap((name) => /^(.*)\.md$/.exec(name)?.[1] ?? []);
  expect(pages("lib/sensors/docs").sort()).toEqual(Object.keys(sensors).sort());
  expect(pages("boards/docs").sort()).toEqual(Object.keys(boards).sort());
});

/** A README with the table between its marks as the data have it. */
async function withTable(path: string, table: string): Promise<string> {
  const [before, , after] = readFileSync(file(path), "utf8").split(/<!-- table -->|<!-- end of table -->/);
  return pretty(`${before}<!-- table -->\n\n${table}\n\n<!-- end of table -->${after}`);
}

test("the README of the sensors lists them", async () => {
  await expect(await withTable("lib/sensors/README.md", sensorTable(sensors))).toMatchFileSnapshot(
    file("lib/sensors/README.md"),
  );
});

test("the README of the boards lists them", async () => {
  await expect(await withTable("boards/README.md", boardTable(boards))).toMatchFileSnapshot(file("boards/README.md"));
});
