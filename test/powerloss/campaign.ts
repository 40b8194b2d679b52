/** Cuts the power at every flash operation of a workload, in every way, and cuts the recovery too. */
import { PowerCut, type NorFlash, type Tear } from "../twins/flash.ts";
import { Model, newFlash, run, Violation, type Geometry, type Wake } from "./device.ts";
import type { Library } from "./library.ts";

export interface Workload {
  readonly name: string;
  /** Happens without cuts. */
  readonly before: readonly Wake[];
  /** Also without cuts, again and again until the first of `wakes` would erase a page. */
  readonly approach?: Wake;
  /** Here every operation is cut. */
  readonly wakes: readonly Wake[];
}

/** How an operation of `length` bytes (0: an erase) may end. `every`: 1 tears a write at every byte. */
export function tears(length: number, pageBytes: number, every: number): Tear[] {
  const out: Tear[] = [];
  const points = length
    ? Array.from({ length: length + 1 }, (_, done) => done).filter(
        (done) => done < 12 || done > length - 5 || done % every === 0,
      )
    : [0, 4, 64, 68, 200, pageBytes / 2, pageBytes - 1, pageBytes];
  for (const done of points) {
    out.push({ done, rest: "untouched", seed: 0 });
    if (every > 1 && done % 4) continue;
    for (const rest of ["random", "wavering", "sinking", "rising", "backwards"] as const)
      out.push({ done, rest, seed: done + 1 });
  }
  return out;
}

export interface Cut {
  readonly operation: number;
  readonly tear: Tear;
}

const describeCut = ({ operation, tear }: Cut): string => `${operation}.${tear.done}.${tear.rest}.${tear.seed}`;

function parseCut(text: string): Cut {
  const [operation, done, rest, seed] = text.split(".") as [string, string, Tear["rest"], string];
  return { operation: +operation, tear: { done: +done, rest, seed: +seed } };
}

/** What every device does after a cut: it starts anew, stores, reports, sleeps, wakes, loses power once more. */
const aftermath: readonly Wake[] = [
  { reset: true, store: 2 },
  { store: 2, release: 3 },
  { reset: true },
  { store: 1 },
  {},
];

export interface Options {
  /** 1 = one cut, 2 = the recovery is cut as well. */
  readonly depth: number;
  /** Tear writes at every byte (1), or at every n-th beyond their start and end. */
  readonly every: number;
  /** The same for the second cut. */
  readonly everySecond: number;
  /** Of the first cuts, only every n-th is followed by second ones. */
  readonly sparse: number;
}

export interface Outcome {
  readonly permutations: number;
  readonly failure?: { readonly replay: string; readonly message: string };
}

function attempt(
  lib: Library,
  flash: NorFlash,
  model: Model,
  geometry: Geometry,
  wakes: readonly Wake[],
  cut: Cut,
): boolean {
  flash.cut(cut.operation, cut.tear);
  try {
    for (const wake of wakes) run(lib, flash, model, geometry, wake);
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    flash.powerUp();
    model.cuts++;
    return true;
  }
  flash.powerUp();
  return false;
}

function operationsOf(
  lib: Library,
  flash: NorFlash,
  model: Model,
  geometry: Geometry,
  wakes: readonly Wake[],
): number[] {
  const copy = flash.clone();
  copy.log = [];
  const counted = new Model(model);
  for (const wake of wakes) run(lib, copy, counted, geometry, wake);
  return copy.log;
}

/** Runs all permutations of one workload on one geometry, or the one that `replay` names. */
export function campaign(
  lib: Library,
  geometry: Geometry,
  workload: Workload,
  options: Options,
  replay?: string,
): Outcome {
  const flash = newFlash(geometry);
  const model = new Model();
  const wanted = replay?.split(">");
  let permutations = 0;
  let path = "";
  try {
    for (const wake of workload.before) run(lib, flash, model, geometry, wake);
    const first = workload.wakes.slice(0, 1);
    while (workload.approach && !operationsOf(lib, flash, model, geometry, first).includes(0))
      run(lib, flash, model, geometry, workload.approach);
    workload.wakes.forEach((wake, index) => {
      path = `${index}`;
      const lengths = wanted ? [] : operationsOf(lib, flash, model, geometry, [wake]);
      const cuts = wanted
        ? +wanted[0]! === index
          ? [parseCut(wanted[1]!)]
          : []
        : lengths.flatMap((length, operation) =>
            tears(length, geometry.pageBytes, options.every).map((tear) => ({ operation, tear })),
          );
      for (const cut of cuts) {
        path = `${index}>${describeCut(cut)}`;
        const torn = flash.clone();
        const after = new Model(model);
        if (!attempt(lib, torn, after, geometry, [wake], cut)) throw new Violation("the cut did not happen");
        permutations++;
        if (wanted ? wanted[2] : options.depth > 1 && permutations % options.sparse === 0) {
          const seconds = wanted
            ? [parseCut(wanted[2]!)]
            : operationsOf(lib, torn, after, geometry, aftermath.slice(0, 1)).flatMap((length, operation) =>
                tears(length, geometry.pageBytes, options.everySecond).map((tear) => ({ operation, tear })),
              );
          for (const second of seconds) {
            path = `${index}>${describeCut(cut)}>${describeCut(second)}`;
            const again = torn.clone();
            const later = new Model(after);
            // wavering bits may have led this run past fewer operations: then nothing was cut, and all is well too
            attempt(lib, again, later, geometry, aftermath.slice(0, 1), second);
            for (const step of aftermath) run(lib, again, later, geometry, step);
            permutations++;
          }
          path = `${index}>${describeCut(cut)}`;
        }
        for (const step of aftermath) run(lib, torn, after, geometry, step);
      }
      run(lib, flash, model, geometry, wake);
    });
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { permutations, failure: { replay: path, message: error.message } };
  }
  return { permutations };
}
