/** The story that `hibernode verify` tells when none is given fits every firmware of the package. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findFirmware, loadScenario } from "../../tools/firmware.ts";
import { checkFaults } from "../../tools/simulator/run.ts";
import { storyFor } from "../../tools/verbs/verify.ts";
import { repository } from "./command.ts";

const names = readdirSync(join(repository, "firmware"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe.each(names)("%s", (name) => {
  it("gets the faults that its parts can have, and always those of network and supply", async () => {
    const scenario = await loadScenario(findFirmware(join(repository, "firmware", name)));
    const story = storyFor(scenario);
    expect(() => checkFaults(scenario, story)).not.toThrow();
    expect(story.filter((fault) => /^(no-coverage|broker-silent|power-cut)@/.test(fault))).toHaveLength(3);
  });
});
