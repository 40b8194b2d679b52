/** `on`, `emit` and `removeListener`: every object of the interpreter has them. Emitted events wait for the event queue. */
import type { Callback, Machine, Peripheral } from "./machine.ts";

export interface Listeners extends Peripheral {
  of(target: object, event: string): readonly Callback[] | undefined;
  /** Calls what listens at once, in order; an error in one does not keep the others from running. */
  deliver(target: object, event: string, ...args: unknown[]): boolean;
  /** Called when a listener is added, before anything else happens. */
  added(target: object, react: (event: string) => void): void;
}

export function events(machine: Machine): Listeners {
  const { realm } = machine;
  let listeners = new WeakMap<object, Map<string, Callback[]>>();
  const reactions = new Map<object, (event: string) => void>();

  const add = (target: object, event: string, listener: unknown, first: boolean): void => {
    if (typeof listener !== "function" && typeof listener !== "string")
      throw new realm.TypeError("Second argument must be a Function or String");
    let named = listeners.get(target);
    if (!named) listeners.set(target, (named = new Map()));
    const old = named.get(event) ?? [];
    named.set(event, first ? [listener as Callback, ...old] : [...old, listener as Callback]);
    reactions.get(target)?.(event);
  };

  const methods = {
    on(this: object, event: string, listener: unknown) {
      add(this, event, listener, false);
    },
    addListener(this: object, event: string, listener: unknown) {
      add(this, event, listener, false);
    },
    prependListener(this: object, event: string, listener: unknown) {
      add(this, event, listener, true);
    },
    emit(this: object, event: string, ...args: unknown[]) {
      if (args.length > 4) throw new realm.TypeError("Too many arguments (>4)");
      for (const listener of listeners.get(this)?.get(event) ?? []) machine.queue(listener, this, args);
    },
    removeListener(this: object, event: string, listener: unknown) {
      const named = listeners.get(this);
      const left = named?.get(event)?.filter((other) => other !== listener);
      if (left?.length) named!.set(event, left);
      else named?.delete(event);
    },
    removeAllListeners(this: object, event?: string) {
      if (event === undefined) listeners.delete(this);
      else listeners.get(this)?.delete(event);
    },
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(realm.Object.prototype, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }

  return {
    globals: {},
    drop: () => (listeners = new WeakMap()),
    of: (target, event) => listeners.get(target)?.get(event),
    deliver(target, event, ...args) {
      const found = listeners.get(target)?.get(event);
      if (!found) return false;
      for (const listener of found) machine.call(listener, target, args);
      return true;
    },
    added: (target, react) => void reactions.set(target, react),
  };
}

/** Gives an object made by the simulator the same methods as the device's own objects. */
export function adopt<T extends object>(machine: Machine, target: T): T {
  return Object.setPrototypeOf(target, machine.realm.Object.prototype) as T;
}
