/** What `hibernode tune` may turn: the ranges stand in scenario.ts, under `knobs`. */
export const report = "1d";
