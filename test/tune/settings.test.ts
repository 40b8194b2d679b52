import { expect, test } from "vitest";
import { quickBundles } from "../../tools/tune/settings.ts";

const dials = [
  { name: "report", values: ["1h", "2h", "6h", "1d"] },
  { name: "batch", values: [1, 5, 9, 40] },
];

test("a setting is put into a bundle that is built three times, whatever the number of settings", async () => {
  let builds = 0;
  const build = ({ report, batch }: Readonly<Record<string, string | number>>): Promise<string> => {
    builds++;
    return Promise.resolve(`let a=every('${report}'),b=${batch},c="3h",d=[${batch}+1];`);
  };
  const bundleOf = quickBundles(build, dials);
  expect(await bundleOf({ report: "2h", batch: 40 })).toBe(`let a=every("2h"),b=40,c="3h",d=[40+1];`);
  expect(await bundleOf({ report: "1d", batch: 1 })).toBe(`let a=every("1d"),b=1,c="3h",d=[1+1];`);
  expect(builds).toBe(3);
});

test.each([
  ["leaves code out", ({ batch }: Record<string, unknown>) => (batch === 1 ? "a()" : `a();b(${String(batch)})`)],
  ["is worked out at build", ({ batch }: Record<string, unknown>) => `a(${Number(batch) * 2})`],
  ["leaves code out in the middle", ({ batch }: Record<string, unknown>) => `a(${batch === 9 ? "" : String(batch)})`],
])("a knob that %s is built for each setting", async (_, text) => {
  const build = (setting: Readonly<Record<string, unknown>>): Promise<string> => Promise.resolve(text(setting));
  for (const batch of [1, 5, 9, 40])
    expect(await quickBundles(build, dials)({ report: "1h", batch })).toBe(text({ batch }));
});

test("two knobs with the same ends cannot be told apart: each setting is built", async () => {
  const twins = ["a", "b"].map((name) => ({ name, values: [1, 2, 3] }));
  const build = ({ a, b }: Readonly<Record<string, unknown>>): Promise<string> =>
    Promise.resolve(`f(${String(a)},${String(b)})`);
  expect(await quickBundles(build, twins)({ a: 1, b: 3 })).toBe("f(1,3)");
});
