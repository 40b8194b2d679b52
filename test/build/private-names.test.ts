import { expect, test } from "vitest";
import { privateNames } from "../../tools/build/private-names.ts";
import { packageFolder } from "../../tools/package-folder.ts";

const lib = (path: string): string => `${packageFolder}/lib/${path}`;
const author = `${packageFolder}/firmware/cold-chain/node.ts`;
const names = privateNames([
  author,
  lib("node.ts"),
  lib("uplink/publish.ts"),
  lib("sensors/quantities.ts"),
  lib("memory.ts"),
]);

test("names that only the library uses are shortened", () => {
  for (const name of ["reportedAt", "retryAt", "_anything"]) expect(name).toMatch(names);
});

test("what the author writes keeps its name", () => {
  for (const name of ["sensors", "sendNow", "temperature", "cargo", "powerKey"]) expect(name).not.toMatch(names);
});

test("what Espruino declares keeps its name", () => {
  for (const name of ["setup", "readJSON", "charCodeAt", "getWakeupCause", "sda"]) expect(name).not.toMatch(names);
});

test("what occurs as a string keeps its name: settings and quantities are looked up by it", () => {
  for (const name of ["broker", "password", "humidity"]) expect(name).not.toMatch(names);
});

test("names are matched whole", () => {
  expect("notreportedAt").not.toMatch(names);
  expect("reportedAtAll").not.toMatch(names);
});
