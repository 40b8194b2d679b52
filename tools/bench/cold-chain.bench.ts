/** Ten virtual years of the cold-chain node against the sink, sampling every 15 minutes. */
import { simulateFirmware } from "../simulator/index.ts";
import { packageFolder } from "../package-folder.ts";

const YEARS = 10;

// build and compile once, so that only the run is measured
await simulateFirmware(`${packageFolder}/firmware/cold-chain`, { lasts: "1d" });
const before = process.cpuUsage();
const began = performance.now();
const run = await simulateFirmware(`${packageFolder}/firmware/cold-chain`, { lasts: `${YEARS}y` });
const wall = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(before);
const cpu = (user + system) / 1e6;

const line = (name: string, value: string): void => void process.stdout.write(`${name.padEnd(28)}${value}\n`);
line("virtual time", `${YEARS} years, ${run.stored?.stored} readings, ${run.messages.count} messages`);
line("build and run, wall clock", `${wall.toFixed(2)} s`);
line("build and run, processor", `${cpu.toFixed(2)} s (all threads)`);
line("virtual years per second", (YEARS / wall).toFixed(2));
line("wakes per second", Math.round(run.wakes / wall).toLocaleString("en"));
line("promises broken", String(run.broken.length));
