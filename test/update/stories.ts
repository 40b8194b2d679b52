/** Lives of a node with updates, that the power is cut in. */
import { CRASHED, RUNS, SILENT } from "../../lib/update/outcomes.ts";
import type { Story } from "./campaign.ts";
import { pack, version, type Offer, type Version } from "./world.ts";

const one = version(1);
const bytesOf = ({ image }: Version): Uint8Array => Buffer.from(image, "latin1");
const to = (target: Version, number: number, base: Version | undefined): Offer => ({
  number,
  to: target,
  package: pack({ number, version: target.version, to: target, base: base && bytesOf(base) }),
});
const story = (name: string, boots: number, ends: number, code: number, offers: readonly Offer[]): Story => ({
  name,
  boots,
  ends,
  code,
  offers,
  versions: [one, ...offers.map((offer) => offer.to)],
});

const two = version(2);
const three = version(3);
const crash = version(2, "throws at once");

export const stories: readonly Story[] = [
  story("the update", 3, 2, RUNS, [to(two, 10, one)]),
  story("the whole bundle", 3, 2, RUNS, [to(two, 10, undefined)]),
  story("the return", 8, 1, CRASHED, [to(crash, 10, one)]),
  story("reclaiming the old slot", 6, 3, RUNS, [to(two, 10, one), to(three, 11, two)]),
  story("a second try after the return", 11, 3, RUNS, [to(crash, 10, one), to(three, 11, one)]),
];

/** Runs out of boots instead of resets. */
export const silent = story("never heard", 101, 1, SILENT, [to(version(2, "never reports"), 10, one)]);
