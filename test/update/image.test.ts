/** What a board that takes updates is flashed with, and what a run of it starts. */
import { describe, expect, it } from "vitest";
import { asFlashed, boardIdOf } from "../../tools/update/image.ts";

const bundle = (buses: string): string => `var f="slots",J={id:"my-board",${buses}:{main:{sda:"D21"}}};`;

describe("a bundle with updates", () => {
  it.each(["i2c", "be", "$"])("names its board, whatever %s became of the name of its buses", (buses) =>
    expect(boardIdOf(bundle(buses), "here")).toBe("my-board"),
  );

  it("is started by its loader, out of a slot", async () => {
    const flashed = await asFlashed(bundle("be"), "here");
    expect(flashed.bundle).toContain("loader.text");
    expect(flashed.storageFiles!["slots"]).toContain(bundle("be"));
    expect(await asFlashed("print(1)", "here")).toEqual({ bundle: "print(1)" });
  });
});
