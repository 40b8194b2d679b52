/** What `hibernode tune` may turn: the ranges stand in scenario.ts, under `knobs`. */
export const sample = "1h";
export const report = "12h";
