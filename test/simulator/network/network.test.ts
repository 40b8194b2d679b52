import { describe, expect, it } from "vitest";
import { UserError } from "../../../tools/errors.ts";
import { Clock } from "../../../tools/simulator/clock.ts";
import { createNetwork } from "../../../tools/simulator/network/network.ts";
import { findProfile, ideal, profiles } from "../../../tools/simulator/network/profiles.ts";
import type { CellProfile } from "../../../tools/simulator/network/profiles.ts";
import { createSink } from "../../../tools/simulator/network/sink.ts";
import { seeded } from "../modems/bench.ts";

function network(profile: CellProfile, seed = 1) {
  const clock = new Clock();
  const server = createSink({ nowUs: () => clock.nowUs });
  return { clock, network: createNetwork({ clock, profile, unixAtStart: 1e9, server, random: seeded(seed) }) };
}

describe("the network", () => {
  it("draws durations around the profile's median, longer at higher coverage levels", () => {
    const { network: cell } = network(findProfile("vodafone-es"));
    const { rrcSetupMs } = cell.profile;
    const drawn = Array.from({ length: 4001 }, () => cell.duration(rrcSetupMs, 1e3)).sort((a, b) => a - b);
    const quantile = (q: number) => drawn[Math.floor(q * 4000)]! / 1e3;
    expect(quantile(0.5)).toBeGreaterThan(0.95 * rrcSetupMs.value);
    expect(quantile(0.5)).toBeLessThan(1.05 * rrcSetupMs.value);
    // The published spread within one cell is three- to fivefold.
    expect(quantile(0.9) / quantile(0.1)).toBeGreaterThan(3);
    expect(quantile(0.9) / quantile(0.1)).toBeLessThan(5);
    expect(network(ideal).network.duration(ideal.rrcSetupMs, 1e3, 1)).toBe(3 * 500e3);
  });

  it("puts connections on the profile's coverage levels", () => {
    const { network: cell } = network(findProfile("nokia-za"));
    const levels = Array.from({ length: 2000 }, () => cell.drawLevel());
    expect(levels.filter((level) => level === 1).length / 2000).toBeCloseTo(0.9, 1);
    expect(new Set(Array.from({ length: 100 }, () => network(ideal).network.drawLevel()))).toEqual(new Set([0]));
  });

  it("tells a time that runs with the virtual clock", () => {
    const { clock, network: cell } = network(ideal);
    clock.runUntil(90e6);
    expect(cell.unixNow()).toBe(1e9 + 90);
  });

  it("gives every name one address, and knows the name again", () => {
    const { network: cell } = network(ideal);
    const address = cell.resolve("broker.example");
    expect(cell.resolve("broker.example")).toBe(address);
    expect(cell.resolve("other.example")).not.toBe(address);
    expect(cell.hostOf(address)).toBe("broker.example");
    expect(cell.hostOf("192.0.2.7")).toBe("192.0.2.7");
  });
});

describe("profiles", () => {
  it.each(Object.entries(profiles))("%s: shares add up, every figure has a source", (_name, profile) => {
    const shares = profile.coverage.share.map(({ value }) => value);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      if ("confidence" in value) expect(value).toMatchObject({ source: expect.stringMatching(/.{4}/) as string });
      else Object.values(value).forEach(visit);
    };
    visit(profile);
  });

  it("are found by name, and a mistyped one is named", () => {
    expect(findProfile("ideal")).toBe(ideal);
    expect(() => findProfile("vodafon-es", "scenario")).toThrow(UserError);
    expect(() => findProfile("vodafon-es")).toThrow('unknown network "vodafon-es"');
  });
});
