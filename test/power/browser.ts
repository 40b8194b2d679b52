/** A Chromium to look at reports with, where this machine has one. */
import { existsSync } from "node:fs";

const places = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

export const chromiumPath = places.find((path) => path && existsSync(path));

if (!chromiumPath) console.log("no Chromium here: reports are not opened in a browser (set CHROMIUM to one)");
