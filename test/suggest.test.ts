import { expect, test } from "vitest";
import { nearestName, unknownName } from "../tools/suggest.ts";

test.each([
  ["temprature", ["time", "temperature"], "temperature"],
  ["TIME", ["time", "temperature"], "time"],
  ["sht4", ["sht4x", "bme280"], "sht4x"],
  ["zzz", ["time", "temperature"], undefined],
  ["x", [], undefined],
])("%s among %j means %s", (got, known, nearest) => expect(nearestName(got, known)).toBe(nearest));

test("the error names what there is", () => {
  const error = unknownName("column", "vlaue", ["timestamp", "value"], "a.csv");
  expect(error.message).toBe('unknown column "vlaue"');
  expect(error.where).toBe("a.csv");
  expect(error.fix).toBe('did you mean "value"? (known: timestamp, value)');
  expect(unknownName("sensor", "a", []).fix).toBe("there is none");
});
