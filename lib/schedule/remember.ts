/**
 * Numbers of the author's own that outlive sleep and power cuts, for what decides by more than the last sample: a leak, a
 * trend, who was here before.
 */
import { keptBy, OWN, type Hooks, type Host } from "./extensions.ts";

export interface Memo {
  /** Undefined where nothing was stored yet. All extensions together keep at most 300 characters of JSON. */
  get(index: number): number | undefined;
  /** Durable when it returns; writes nothing when nothing changed. */
  set(values: readonly number[]): void;
  /** For `use` of `node()`. Before the node has started there is nothing to remember. */
  readonly use: <R>(host: Host) => Hooks<R>;
}

export function remember(): Memo {
  let host: Host | undefined;
  const kept = () => (host ? keptBy(host, OWN) : []);
  return {
    get: (index) => kept()[index],
    set(values) {
      if (!host || "" + kept() === "" + values) return;
      host.kept[OWN] = values.slice();
      host.save();
    },
    use(given) {
      host = given;
      return {};
    },
  };
}
