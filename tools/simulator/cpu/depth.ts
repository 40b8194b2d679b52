/** How deep a bundle's calls are nested: an ESP32 has room for about 25 levels, a C3 for 15, and too many cannot be caught. */
import { type Node, parse } from "acorn";
import { simple } from "acorn-walk";
import { applyEdits, type Edit } from "../espruino/rewrite.ts";
import type { WorkMeter } from "./meter.ts";

/** The most levels so far: where the bodies of the functions begin in the bundle, the outermost first. */
export type Deepest = readonly number[];

const ENTER = "$enter$";
const LEAVE = "$leave$";
const LEVEL = "$level$";

/** Hand its `meter` to the realm; `deepest` then holds what the program did. */
export function depthMeter(): { readonly meter: WorkMeter; readonly deepest: () => Deepest } {
  const stack: number[] = [];
  let deepest: Deepest = [];
  const meter: WorkMeter = {
    instrument(code) {
      const edits: (Edit & { readonly order: number })[] = [];
      const put = (at: number, insert: string, order: number): void =>
        void edits.push({ at, remove: 0, insert, order });
      simple(parse(code, { ecmaVersion: "latest", allowReturnOutsideFunction: true }), {
        Function({ body }) {
          const { type, start, end } = body as Node;
          if (type === "BlockStatement" && end - start === "{}".length)
            put(start + 1, `${LEAVE}(${ENTER}(${start}))`, start);
          else if (type === "BlockStatement") {
            put(start + 1, `let ${LEVEL}=${ENTER}(${start});try{`, start);
            put(end - 1, `}finally{${LEAVE}(${LEVEL})}`, -start);
          } else {
            put(start, `${LEAVE}(${ENTER}(${start}),(`, start);
            put(end, "))", -start);
          }
        },
      });
      // deep sleep ends a program in the middle of its calls
      put(0, `${LEAVE}(0);`, -1);
      // what ends at one place ends from the inside out
      edits.sort((a, b) => a.at - b.at || a.order - b.order);
      return applyEdits(code, edits);
    },
    globals: () => ({
      [ENTER](place: number): number {
        const level = stack.push(place) - 1;
        if (level >= deepest.length) deepest = [...stack];
        return level;
      },
      [LEAVE](level: number, value?: unknown): unknown {
        stack.length = level;
        return value;
      },
    }),
  };
  return { meter, deepest: () => deepest };
}
