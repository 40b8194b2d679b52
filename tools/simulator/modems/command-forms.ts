/** Building blocks of command tables: settings that hold a number or a text, and answers that never change. */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { integer } from "./core.ts";
import type { CommandForms } from "./core.ts";

export const ok: AtAnswer = [];
export const incorrectParameters = new AtFailure(50);
export const syntaxError = new AtFailure();

/** A setting that holds one of a few numbers. */
export function choice<T extends object>(
  name: string,
  test: string,
  target: T,
  key: keyof T,
  high: number,
  changed?: () => void,
): CommandForms {
  return {
    test: `${name}: ${test}`,
    read: () => [`${name}: ${String(target[key])}`],
    set([value]) {
      const number = integer(value, 0, high);
      if (number === undefined) return incorrectParameters;
      target[key] = number as T[keyof T];
      changed?.();
      return ok;
    },
  };
}

/** A setting that is remembered and told again; what it does is not part of the model. */
export function remembered(
  name: string,
  target: { flags: Readonly<Record<string, string>> },
  first = "0",
): CommandForms {
  return {
    test: "",
    read: () => [`${name}: ${target.flags[name] ?? first}`],
    set(values) {
      target.flags = { ...target.flags, [name]: values.map((value) => value ?? "").join(",") };
      return ok;
    },
  };
}

/** Settings behind one command, told apart by their first value: AT+QCFG="band",…; one value alone reads. */
export function keyed(name: string, target: { flags: Readonly<Record<string, string>> }): CommandForms {
  return {
    test: "",
    set([key, ...values]) {
      if (key === undefined) return syntaxError;
      const flag = `${name} ${key}`;
      if (values.length === 0) return [`${name}: "${key}",${target.flags[flag] ?? "0"}`];
      target.flags = { ...target.flags, [flag]: values.map((value) => value ?? "").join(",") };
      return ok;
    },
  };
}

export const line = (text: string): CommandForms => ({ test: "", run: () => [text] });
export const always = (answer: AtAnswer): CommandForms => ({ test: "", run: () => answer, set: () => answer });
