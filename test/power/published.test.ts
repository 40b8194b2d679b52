import { expect, test } from "vitest";
import { holds, publishedChecks } from "../../tools/power/published/published.ts";

const checks = publishedChecks();

test.each(checks.map((check) => [`${check.name}, by ${check.of}`, check] as const))("%s", (_, check) => {
  expect(holds(check), `${check.published} published, ours ${check.ours} ${check.unit}`).toBe(true);
});

test("all twelve cells of TR 45.820 are there, each from its energy and from its phases", () => {
  expect(checks.filter(({ name }) => name.startsWith("TR 45.820"))).toHaveLength(24);
});

test("the worst network costs several times the best", () => {
  const of = (name: string): number => checks.find((check) => check.name === `Robinson 2019 ${name}`)!.ours;
  expect(of("Nokia, 64 B printed") / of("Ericsson, 64 B at level 0")).toBeGreaterThan(5);
  expect(of("Nokia, attach printed")).toBeGreaterThan(4 * of("Ericsson, attach printed"));
});
