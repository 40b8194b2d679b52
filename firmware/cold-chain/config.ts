/** What `hibernode tune` may turn: the ranges stand in scenario.ts, under `knobs`. */
export const sample = "15m";
export const report = "6h";
