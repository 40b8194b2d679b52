/** What runs at boot: the boot files of Storage, in a new world each time, or a closed bundle in the world that it keeps. */
import type { Flash } from "./flash.ts";
import type { Machine } from "./machine.ts";
import type { Realm } from "./realm.ts";
import type { Storage } from "./storage.ts";
import type { System } from "./system.ts";

const firstFiles = [".bootPowerOn", ".boot0", ".boot1", ".boot2", ".boot3"];

/** A world with its globals. */
export interface World {
  readonly realm: Realm;
  readonly machine: Machine;
  readonly system: System;
}

export interface Program {
  readonly world: World;
  /** One entry per file: each is evaluated even if the one before failed. */
  readonly steps: readonly (() => unknown)[];
}

/** What programs are made from. */
export interface ProgramParts {
  readonly flash: Flash;
  readonly storage: Storage;
  /** A new heap with its globals. */
  readonly newWorld: () => World;
}

/** Gives the program of each boot. */
export interface ProgramSource {
  /** `withCode`: `.bootcde` is run too, as after every reset but `reset()`. */
  next(withCode: boolean): Program;
}

export class Programs implements ProgramSource {
  readonly #flash: Flash;
  readonly #storage: Storage;
  readonly #newWorld: () => World;
  readonly #closedText: string | undefined;
  #closed: Program | undefined;
  #closedVersion = -1;
  readonly #work: Float64Array | undefined;

  /** `closedBundle`: text of a bundle that keeps to itself. `work[0]` adds up its instructions. */
  constructor(
    flash: Flash,
    storage: Storage,
    newWorld: () => World,
    closedBundle: string | undefined,
    work?: Float64Array,
  ) {
    this.#work = work;
    this.#flash = flash;
    this.#storage = storage;
    this.#newWorld = newWorld;
    this.#closedText = closedBundle;
  }

  next(withCode: boolean): Program {
    return (
      (withCode && this.#closedText !== undefined && this.#closedProgram(this.#closedText)) ||
      this.#openProgram(withCode)
    );
  }

  #closedProgram(text: string): Program | undefined {
    const { storageVersion } = this.#flash;
    if (this.#closed && this.#closedVersion === storageVersion) return this.#closed;
    // Storage has changed: still this program, and nothing else that runs at boot?
    const saved = this.#storage.isValid() ? this.#storage.find(".bootcde") : undefined;
    const others = [...firstFiles, ".bootrst"].some((name) => this.#storage.find(name));
    if (!saved || others || this.#storage.text(saved) !== text) return undefined;
    if (!this.#closed) {
      const world = this.#newWorld();
      this.#closed = { world, steps: [world.realm.close(text, ".bootcde", world.system.globals, this.#work)] };
    }
    this.#closedVersion = storageVersion;
    return this.#closed;
  }

  #openProgram(withCode: boolean): Program {
    const world = this.#newWorld();
    const { realm, machine, system } = world;
    const run = (name: string) => (): unknown => {
      const file = this.#storage.find(name);
      return file && realm.run(this.#storage.text(file), name);
    };
    const check = (): void => {
      if (this.#storage.isValid()) return;
      machine.print("Storage is corrupt.\n");
      this.#storage.eraseAll();
    };
    const main = (): unknown =>
      this.#storage.find(".bootrst") ? run(".bootrst")() : withCode ? run(".bootcde")() : undefined;
    const onInit = (): unknown => {
      const { onInit: declared } = realm.global;
      return typeof declared === "function" ? (declared as () => unknown)() : undefined;
    };
    return { world, steps: [check, ...firstFiles.map(run), main, system.init, onInit] };
  }
}
