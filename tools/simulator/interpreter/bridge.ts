/**
 * Between the interpreter and the simulated chip: answers each native that the child calls with the simulation's own,
 * and calls the child when a timer, an edge or a byte is due. The child stands still whenever the simulation runs.
 */
import { UserError } from "../../errors.ts";
import { HALT } from "../espruino/machine.ts";
import type { World } from "../espruino/program.ts";
import type { FlashFile } from "./image.ts";
import type { MemoryMeter } from "./memory.ts";
import type { Ending, InterpreterProcess, Message } from "./process.ts";
import { type Codec, codec, type Handles } from "./values.ts";

type Method = (...args: unknown[]) => unknown;

export interface BridgeOwner {
  /** The program computes without end. */
  hang(): void;
  /** Something is wrong with the interpreter itself; the device is of no use any more. */
  fail(error: unknown): void;
  readonly modules: ((name: string) => string | undefined) | undefined;
  /** Present: the child measures at each question. */
  readonly memory?: MemoryMeter | undefined;
}

export class Bridge {
  readonly #process: InterpreterProcess;
  readonly #file: FlashFile;
  readonly #owner: BridgeOwner;
  #world: World | undefined;
  #codec: Codec | undefined;
  readonly #handles: Handles = new Map();
  /** Host twins of the device's functions, by number. */
  readonly #functions = new Map<number, Method>();
  #started = false;
  /** The child has been run since it last emptied its queue of events. */
  #hasEvents = false;

  constructor(process: InterpreterProcess, file: FlashFile, owner: BridgeOwner) {
    this.#process = process;
    this.#file = file;
    this.#owner = owner;
  }

  /** Starts a child and runs the boot code of its Storage. */
  boot(world: World, args: readonly string[]): void {
    this.end();
    this.#world = world;
    this.#hasEvents = this.#started = false;
    this.#handles.clear();
    this.#functions.clear();
    for (const [name, value] of Object.entries(world.system.globals)) {
      if (typeof value === "object" && value !== null) this.#handles.set(name, value);
    }
    this.#codec = codec(world, this.#handles, (index) => this.#function(index));
    this.#guarded(() => {
      this.#file.sync();
      this.#file.addLoader();
      this.#process.start(args);
      const [hello] = this.#receive();
      if (hello !== "b") throw this.#process.error("did not start as expected");
      this.#started = true;
      this.#process.printed();
      this.#file.removeLoader();
      this.#process.answer(this.#owner.memory?.highest ?? null);
      this.#serve();
    });
  }

  /** The heap is gone: so is the child. */
  end(): void {
    this.#process.dismiss();
    this.#world = undefined;
  }

  /** Lets the child do one thing, until it waits for the next. */
  #run(order: readonly unknown[] | null): void {
    if (!this.#world) throw HALT;
    this.#guarded(() => {
      this.#process.answer(order);
      this.#serve();
    });
  }

  /** Answers the child until it has nothing more to do in this turn. */
  #serve(): void {
    for (;;) {
      const [kind, ...rest] = this.#receive();
      this.#print(kind === "p");
      switch (kind) {
        case "t":
        case "d":
          return this.#queueEvents();
        case "u":
          this.#world!.machine.uncaught({ stack: rest[1], toString: () => rest[0] });
          this.#process.answer(null);
          break;
        case "p":
          this.#process.answer(null);
          break;
        default: {
          const result = this.#native(kind as string, rest);
          this.#file.sync();
          this.#process.answer(result);
        }
      }
    }
  }

  /** Promises and emitted events wait in the child; they run where the simulated loop runs its own. */
  #queueEvents(): void {
    if (this.#hasEvents) return;
    this.#hasEvents = true;
    this.#world!.machine.queue(() => {
      this.#run(null);
      this.#hasEvents = false;
    }, undefined, []); // prettier-ignore
  }

  #native(kind: string, rest: readonly unknown[]): unknown {
    const { realm } = this.#world!;
    try {
      return this.#call(kind, rest);
    } catch (error) {
      if (error instanceof realm.Error)
        return { e: error.message, ...(error instanceof realm.TypeError ? { t: 1 } : {}) };
      throw error;
    }
  }

  #call(kind: string, rest: readonly unknown[]): unknown {
    const { globals } = this.#world!.system;
    const { decode, encode } = this.#codec!;
    switch (kind) {
      case "s": {
        const [method, callable, ms] = rest as [string, boolean, unknown];
        const fire = (): void => this.#run(["t", id, method === "setTimeout"]);
        const id = (globals[method] as Method)(callable ? fire : undefined, decode(ms));
        return encode(id);
      }
      case "w": {
        const [callable, pin, options] = rest;
        const fire = (event: unknown): void => this.#run(["w", id, encode(event)]);
        const id = (globals["setWatch"] as Method)(callable ? fire : undefined, decode(pin), decode(options));
        return encode(id);
      }
      case "m": {
        return encode(this.#owner.modules?.(rest[0] as string));
      }
    }
    const [to, method, ...args] = rest as [string, string, ...unknown[]];
    const target = this.#target(to);
    const native = (target as Record<string, unknown>)[method];
    if (typeof native !== "function") throw new this.#world!.realm.Error(`${to}.${method}: not simulated`);
    const result: unknown = native.apply(target, args.map(decode));
    if (kind === "c") return encode(result);
    if (kind === "v") return null;
    const handle = String(this.#handles.size);
    this.#handles.set(handle, result as object);
    return `s${handle}`;
  }

  #target(name: string): object {
    const { system, realm } = this.#world!;
    if (name === "") return system.globals;
    if (name === "Math") return realm.Math;
    const known = this.#handles.get(name);
    if (known) return known;
    const library = (system.globals["require"] as (name: string) => object)(name);
    this.#handles.set(name, library);
    return library;
  }

  #function(index: number): Method {
    let twin = this.#functions.get(index);
    if (!twin) {
      const names = new Map([...this.#handles].map(([name, value]) => [value, name]));
      const run = (self: unknown, args: unknown[]): void =>
        this.#run(["f", index, names.get(self as object) ?? null, args.map((value) => this.#codec!.encode(value))]);
      twin = function (this: unknown, ...args: unknown[]) { run(this, args); }; // prettier-ignore
      this.#functions.set(index, twin);
    }
    return twin;
  }

  #receive(): Message {
    const message = this.#process.receive();
    if ("how" in message) return this.#ended(message);
    const { memory } = this.#owner;
    if (!memory) return message;
    const [[jsVars, stack], asked] = message as [[number, string | 0], Message];
    memory.measured(jsVars, stack || "", asked, memory.listsHeap ? this.#process.printed() : "");
    return asked;
  }

  #ended({ how, text }: Ending): never {
    if (this.#started) this.#print(false);
    if (how !== "silent" || !this.#started) throw this.#process.error(text);
    this.#world = undefined;
    this.#owner.hang();
    throw HALT;
  }

  /** Takes over what the child has printed: the firmware's own lines, or the interpreter's about what nothing caught. */
  #print(isFirmware: boolean): void {
    const text = this.#process.printed().replaceAll("\r", "");
    if (!text) return;
    if (text.includes("OUT OF MEMORY")) throw this.#process.error("ran out of memory");
    const at = isFirmware ? -1 : text.search(/^Uncaught /m);
    const { machine } = this.#world!;
    if (at !== 0) machine.print(at < 0 ? text : text.slice(0, at));
    if (at >= 0) {
      const [first, ...lines] = text.slice(at).trimEnd().split("\n");
      machine.uncaught({ stack: lines.join("\n"), toString: () => first!.slice("Uncaught ".length) });
    }
  }

  /** Whatever goes wrong here, no child is left waiting. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.end();
      if (error === HALT) throw error;
      this.#owner.fail(
        error instanceof UserError ? error : Object.assign(error as Error, { cause: "in the second engine" }),
      );
      throw HALT;
    }
  }
}
