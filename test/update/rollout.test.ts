/** Rollouts by cohorts: who gets the update when, and what stops it. */
import { describe, expect, it } from "vitest";
import { BEGUN, CRASHED, RUNS, WRONG_BASE } from "../../lib/update/outcomes.ts";
import { heard, isFinished, planRollout, step, tally, type Rollout } from "../../tools/update/rollout.ts";

const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
const DAY = 86_400_000;
const plan = (allowed = 0): Rollout => planRollout(names, [1, "10%", "100%"], { version: 2, number: 1000, allowed });
const says = (rollout: Rollout, device: string, code: number, version = code === RUNS ? 2 : 1): Rollout =>
  heard(rollout, device, { version, update: rollout.devices[device]!.number, code, text: "" });

describe("a rollout", () => {
  it("offers to one, then to ten, then to all, each cohort once the one before is over", () => {
    let { rollout, offer } = step(plan(), 0, DAY);
    expect(offer).toEqual(["n0"]);
    expect(step(rollout, 1, DAY).offer).toEqual([]);
    rollout = says(says(rollout, "n0", BEGUN), "n0", RUNS);
    ({ rollout, offer } = step(rollout, 2, DAY));
    expect(offer).toEqual(names.slice(1, 10));
    for (const name of offer) rollout = says(rollout, name, RUNS);
    ({ rollout, offer } = step(rollout, 3, DAY));
    expect(offer).toEqual(names.slice(10));
    for (const name of offer) rollout = says(rollout, name, RUNS);
    const last = step(rollout, 4, DAY);
    expect(isFinished(last.rollout)).toBe(true);
    expect(tally(last.rollout)).toEqual([{ state: "runs", count: 100 }]);
  });

  it("stops when more fail than may, and takes back what was offered", () => {
    let { rollout } = step(plan(1), 0, DAY);
    rollout = step(says(rollout, "n0", RUNS), 1, DAY).rollout;
    rollout = says(rollout, "n1", CRASHED);
    expect(step(rollout, 2, DAY).rollout.stopped).toBeUndefined();
    const last = step(says(rollout, "n2", CRASHED), 3, DAY);
    expect(last.rollout.stopped).toBe("2 devices failed, 1 may");
    expect(last.offer).toEqual([]);
    expect(last.withdraw).toEqual(expect.arrayContaining(["n3", "n9"]));
    expect(tally(last.rollout)).toContainEqual({ state: "waiting", count: 90 });
  });

  it("counts a device as failed that is not heard of for too long", () => {
    const { rollout } = step(plan(), 0, DAY);
    expect(step(rollout, DAY + 1, DAY).rollout.stopped).toMatch(/1 devices failed/);
  });

  it("gives the whole bundle to a device that runs something else than was thought", () => {
    let { rollout } = step(plan(), 0, DAY);
    rollout = says(rollout, "n0", WRONG_BASE);
    const again = step(rollout, 1, DAY);
    expect(again.offer).toEqual(["n0"]);
    expect(again.rollout.devices["n0"]).toMatchObject({ number: 1001, whole: true });
    expect(step(says(again.rollout, "n0", WRONG_BASE), 2, DAY).rollout.stopped).toBeDefined();
  });

  it("is not moved by what a device says of another update, or by devices that have no part in it", () => {
    const { rollout } = step(plan(), 0, DAY);
    const other = heard(rollout, "n0", { version: 1, update: 7, code: CRASHED, text: "" });
    expect(other.devices["n0"]!.state).toBe("offered");
    expect(heard(rollout, "stranger", { version: 1, update: 1000, code: RUNS, text: "" })).toBe(rollout);
  });
});
