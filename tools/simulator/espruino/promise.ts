/**
 * Promises of the interpreter. Every step waits in the event queue, behind the timers that are due. Two habits of the
 * original are kept because programs meet them: a rejection that nobody handles is printed and execution goes on, and
 * `catch` on a promise that is fulfilled already rejects what it returns.
 */
import type { Callback, Machine, Peripheral } from "./machine.ts";

type Settle = (value: unknown) => void;

interface Reaction {
  readonly run: Callback | undefined;
  readonly settle: (value: unknown, fulfilled: boolean) => void;
}

interface DevicePromise {
  state: "pending" | "fulfilled" | "rejected";
  value: unknown;
  /** Both lists exist once `then` was called: then a rejection counts as handled. */
  onFulfilled: Reaction[] | undefined;
  onRejected: Reaction[] | undefined;
}

export function promises(machine: Machine): Peripheral {
  const { realm } = machine;
  const inner = new WeakMap<object, DevicePromise>();
  const stateOf = (value: unknown): DevicePromise | undefined =>
    typeof value === "object" && value !== null ? inner.get(value) : undefined;

  function react(self: object, { run, settle }: Reaction, value: unknown, passThrough: boolean): void {
    machine.queue(
      () => {
        if (!run) return settle(value, passThrough);
        let result: unknown;
        try {
          result = run.call(self, value);
        } catch (error) {
          machine.check();
          return settle(realm.worded(error), false);
        }
        settle(result, true);
      },
      undefined,
      [],
    );
  }

  function seal(self: object, promise: DevicePromise, value: unknown, fulfilled: boolean): void {
    promise.state = fulfilled ? "fulfilled" : "rejected";
    promise.value = value;
    const reactions = fulfilled ? promise.onFulfilled : promise.onRejected;
    promise.onFulfilled = promise.onRejected = undefined;
    if (reactions) for (const reaction of reactions) react(self, reaction, value, fulfilled);
    else if (!fulfilled) machine.uncaught(new realm.Error(`Unhandled promise rejection: ${String(value)}`));
  }

  /** Settles the promise once; an object with `then` is followed instead. */
  function settler(self: object, promise: DevicePromise): (value: unknown, fulfilled: boolean) => void {
    let done = false;
    return (value, fulfilled) => {
      if (done) return;
      done = true;
      if (value === self) throw new realm.Error("Illegal resolving to self");
      const follow =
        fulfilled && typeof value === "object" && value !== null ? (value as { then?: unknown }).then : undefined;
      if (typeof follow !== "function") return seal(self, promise, value, fulfilled);
      const again = settler(self, promise);
      try {
        (follow as Callback).call(
          value,
          (result: unknown) => again(result, true),
          (error: unknown) => again(error, false),
        );
      } catch (error) {
        machine.check();
        again(realm.worded(error), false);
      }
    };
  }

  function make(): { self: object; promise: DevicePromise; settle: (value: unknown, fulfilled: boolean) => void } {
    const self = Object.create(EspruinoPromise.prototype as object) as object;
    const promise: DevicePromise = {
      state: "pending",
      value: undefined,
      onFulfilled: undefined,
      onRejected: undefined,
    };
    inner.set(self, promise);
    return { self, promise, settle: settler(self, promise) };
  }

  function construct(executor: unknown): object {
    if (typeof executor !== "function") throw new realm.Error("Function required in promise constructor");
    const { self, settle } = make();
    const later =
      (fulfilled: boolean): Settle =>
      (value) =>
        machine.queue(() => settle(value, fulfilled), undefined, []);
    try {
      (executor as Callback).call(self, later(true), later(false));
    } catch (error) {
      machine.check();
      later(false)(realm.worded(error));
    }
    return self;
  }

  function EspruinoPromise(executor: unknown): object {
    return construct(executor);
  }

  function then(this: object, onFulfilled?: unknown, onRejected?: unknown): object {
    const promise = stateOf(this);
    if (!promise) throw new realm.TypeError("Not a Promise");
    const next = make();
    const reaction = (run: unknown): Reaction => ({
      run: typeof run === "function" ? (run as Callback) : undefined,
      settle: next.settle,
    });
    if (promise.state === "pending") {
      (promise.onFulfilled ??= []).push(reaction(onFulfilled));
      (promise.onRejected ??= []).push(reaction(onRejected));
    } else {
      react(this, reaction(promise.state === "fulfilled" ? onFulfilled : onRejected), promise.value, false);
    }
    return next.self;
  }

  EspruinoPromise.prototype = Object.assign(Object.create(realm.Object.prototype) as object, {
    constructor: EspruinoPromise,
    then,
    catch(this: object, onRejected: unknown) {
      return then.call(this, undefined, onRejected);
    },
  });

  const resolve = (value?: unknown): object => {
    if (stateOf(value)) return value as object;
    const follow = typeof value === "object" && value !== null ? (value as { then?: unknown }).then : undefined;
    if (typeof follow === "function")
      return construct((done: Settle, failed: Settle) => (follow as Callback).call(value, done, failed));
    return construct((done: Settle) => done(value));
  };
  EspruinoPromise.resolve = resolve;
  EspruinoPromise.reject = (reason?: unknown) => construct((_: Settle, failed: Settle) => failed(reason));
  EspruinoPromise.all = (values: unknown): object => {
    if (!Array.isArray(values)) throw new realm.TypeError(`Expecting something iterable, got ${typeof values}`);
    const results = realm.array<unknown>(values as unknown[]);
    let waiting = 0;
    const { self, settle } = make();
    const later = (value: unknown, fulfilled: boolean): void =>
      machine.queue(() => settle(value, fulfilled), undefined, []);
    (values as unknown[]).forEach((value, index) => {
      if (!stateOf(value)) return;
      waiting++;
      then.call(
        value as object,
        (result: unknown) => {
          results[index] = result;
          if (--waiting === 0) later(results, true);
        },
        (error: unknown) => later(error, false),
      );
    });
    return waiting ? self : resolve(results);
  };
  return { globals: { Promise: EspruinoPromise } };
}
