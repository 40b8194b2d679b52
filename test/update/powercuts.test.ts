/**
 * The power fails at every flash operation of an update, of the return and of the reclaiming, and again in what follows:
 * the node always boots a whole version, ends with the right one, tells it, and loses no reading. SOAK=1 tears every byte.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { campaign, type Options } from "./campaign.ts";
import { loadDevice, type DeviceCode } from "./device.ts";
import { silent, stories } from "./stories.ts";

const soak = process.env["SOAK"] !== undefined;
const options: Options = soak
  ? { every: 1, everySecond: 8, sparse: 97, take: 1 }
  : { every: 64, everySecond: 512, sparse: 60, take: 29 };

let code: DeviceCode;
beforeAll(async () => {
  code = await loadDevice();
});

describe("the power fails anywhere in", () => {
  it.each(stories)("$name", (story) => {
    const { operations, first, second, failure } = campaign(code, story, options);
    console.log(`${story.name}: ${operations} flash operations, ${first} cuts, ${second} pairs of cuts`);
    expect(failure).toBeUndefined();
    expect(first).toBeGreaterThan(30);
  }, soak ? 3_600_000 : 60_000); // prettier-ignore

  it.skipIf(!soak)("the life of a version that is never heard", () => {
    const { operations, first, second, failure } = campaign(code, silent, { ...options, every: 64, sparse: 4999, take: 3 });
    console.log(`${silent.name}: ${operations} flash operations, ${first} cuts, ${second} pairs of cuts`);
    expect(failure).toBeUndefined();
  }, 3_600_000); // prettier-ignore
});
