/** Pages and tables of sensors and boards as Markdown, from the data that drivers and simulator use. `npm run pages` writes them. */
import type { BoardFacts, Figure } from "../boards/types.ts";
import type { PartFacts } from "../lib/sensors/part-facts.ts";
import { quantities } from "../lib/sensors/quantities.ts";
import { hex } from "./hex.ts";
import { driverName, type Cost } from "./sensors.ts";
import { catalogue, type CatalogueEntry } from "./simulator/parts/catalogue.ts";
import type { BoardModule } from "./simulator/scenario.ts";

/** What no document confirms; computed figures rest on documents. */
export const isUnverified = ({ confidence }: Figure): boolean =>
  ["memory", "inferred", "reported"].includes(confidence);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
const cell = (text: string): string => text.replace(/\|/g, "\\|");
const shown = (figure: Figure, unit: string): string =>
  `${figure.value.toLocaleString("en", { maximumSignificantDigits: 6 })} ${unit}${isUnverified(figure) ? " (unverified)" : ""}`;
const figureTable = (rows: readonly (readonly [string, Figure, string])[]): string =>
  table(
    ["figure", "value", "confidence", "source"],
    rows.map(([name, figure, unit]) => [name, shown(figure, unit), figure.confidence, figure.source]),
  );
const bullets = (notes: readonly string[]): string => notes.map((note) => `- ${note}`).join("\n");

const wires: Readonly<Record<PartFacts["bus"], string>> = {
  I2C: "SDA and SCL to those of one of the board's I2C buses, each pulled up to the part's supply (4.7 kΩ; most modules have it).",
  SPI: "SCK, MISO and MOSI to the board's SPI bus, chip select to any output.",
  UART: "its TX to the board's RX and its RX to the board's TX, at 3.3 V levels.",
  "RS-485": "a transceiver's A and B to the meter, its RO and DI to the board's RX and TX.",
  "1-Wire": "data to any pin that can drive, pulled up to the supply (4.7 kΩ).",
  pin: "to any pin; to one that can end a deep sleep where it shall wake the chip.",
  "analog pin": "to a pin with a converter that Espruino reads (`hibernode boards BOARD` lists them).",
};

/** Names of simulated parts that are not those of the drivers. */
const simulated: Readonly<Record<string, keyof typeof catalogue>> = {
  sdm120: "modbus-meter",
  "contact-input": "contact",
  "pulse-counter": "pulse-meter",
  "max30102-window": "max30102",
  "soil-moisture": "soil",
};

/** Simulated within something else. */
const inOthers: Readonly<Record<string, string>> = {
  "sim7080-gnss": 'the modem: `part: "sim7080"` or `"sim7000"`, with the `place` where it is',
  "battery-voltage": '`part: "battery-divider"`',
};

export function sensorPage(name: string, facts: PartFacts, cost: Cost | undefined): string {
  const part = simulated[name] ?? name;
  const entry = (catalogue as Readonly<Record<string, CatalogueEntry>>)[part];
  const own = Object.entries(entry?.pins ?? {}).map(
    ([pin, kind]) => `\`${pin}\` (${kind === "listens" ? "to" : "from"} the part)`,
  );
  const measures = facts.measures.map((quantity) => {
    const { unit = "", scale = 1 } = quantities[quantity] ?? {};
    return [quantity, unit || "none", `${1 / scale}`];
  });
  return [
    `# ${facts.title}`,
    `\`import { ${driverName(name)} } from "hibernode/sensors/${name}";\``,
    table(
      ["", ""],
      [
        ["data sheet", facts.datasheet],
        ["supply", `${facts.volts[0]} to ${facts.volts[1]} V`],
        ["bus", facts.bus],
        ...(facts.addresses
          ? [
              [
                "addresses",
                facts.addresses.map(hex).join(", ") +
                  (facts.addresses.length > 1 ? "; the first is the driver's own choice" : ""),
              ],
            ]
          : []),
        ...(facts.clockHertz
          ? [
              [
                "fastest clock",
                `${facts.clockHertz / 1000} ${facts.bus === "I2C" || facts.bus === "SPI" ? "kHz" : "kBaud"}`,
              ],
            ]
          : []),
        ["accuracy", facts.accuracy],
        ["answers are checked by", facts.check],
        ["simulated as", entry ? `\`part: "${part}"\`` : (inOthers[name] ?? "not simulated")],
      ],
    ),
    "## Wiring",
    wires[facts.bus].replace(/^./, (letter) => letter.toUpperCase()),
    ...(own.length ? [`Further pins that the simulated part knows: ${own.join(", ")}.`] : []),
    ...(measures.length ? ["## Quantities", table(["quantity", "unit", "step that is sent"], measures)] : []),
    "## Currents and times",
    figureTable([
      ["between measurements", facts.sleepMicroamps, "µA"],
      ["while it measures", facts.measuringMicroamps, "µA"],
      ["one measurement", facts.measureMs, "ms"],
      ["supply to first command", facts.startUpMs, "ms"],
    ]),
    ...(cost
      ? [
          "## What the driver adds",
          table(
            ["", "alone", "beside another I2C sensor"],
            [
              ["bytes in the bundle", `${cost.bytes}`, `${cost.bytesAdded}`],
              ["JsVars in RAM", `${cost.jsVars}`, `${cost.jsVarsAdded}`],
            ],
          ),
        ]
      : []),
    ...(facts.notes.length ? ["## Notes", bullets(facts.notes)] : []),
    "",
  ].join("\n\n");
}

/** Every driver against the stock module of its part. @param reasons why, where ours is larger */
export function sizePage(costs: Readonly<Record<string, Cost>>, reasons: Readonly<Record<string, string>>): string {
  const rows = Object.entries(costs).map(([name, { bytes, bytesAdded, jsVars, jsVarsAdded, stock }]) => [
    name,
    `${bytes}`,
    `${bytesAdded}`,
    `${jsVars}`,
    `${jsVarsAdded}`,
    ...(stock ? [stock.module, `${stock.bytes}`, `${stock.jsVars}`] : ["none", "", ""]),
    reasons[name] ?? "",
  ]);
  return [
    "# Bytes and JsVars beside Espruino's own modules",
    "Minified by the same tools. Alone: with the reader that all I2C parts share, the bus and the vocabulary. Added: beside a driver of another maker (TMP117), as in a firmware with several parts. The stock module counts with the lines that set its bus up and connect it, which a driver here does itself. JsVars stay in use after that, on an interpreter built as for the chip.",
    table(
      ["driver", "bytes", "added", "JsVars", "added", "stock module", "bytes", "JsVars", "where ours is larger, it"],
      rows,
    ),
    "Repeat: `ESPRUINO=… ESPRUINO_DEVICES=… SENSOR_COSTS=write npx vitest run test/sensors/size`, then `npm run pages`.",
    "",
  ].join("\n\n");
}

export function sensorTable(sensors: Readonly<Record<string, PartFacts>>): string {
  return table(
    ["driver", "part", "bus", "measures", "asleep", "one measurement"],
    Object.entries(sensors).map(([name, { title, bus, measures, sleepMicroamps, measuringMicroamps, measureMs }]) => [
      `[\`${name}\`](docs/${name}.md)`,
      title,
      bus,
      measures.join(", ").replace(/(\w+)X, \1Y, \1Z/g, "$1 X Y Z") || "time",
      `${shown(sleepMicroamps, "µA").replace(" (unverified)", "*")}`,
      `${shown(measuringMicroamps, "µA").replace(" (unverified)", "*")} for ${shown(measureMs, "ms").replace(" (unverified)", "*")}`,
    ]),
  );
}

/** Rows of a board's figures: what, figure, unit. */
export function boardFigures({ power }: BoardFacts): [string, Figure, string][] {
  const { regulator } = power;
  return [
    ["rail", power.railVolts, "V"],
    [`regulator ${regulator.name}, quiescent`, regulator.quiescentMicroamps, "µA"],
    ...(regulator.efficiency ?? []).map(({ milliamps, share }): [string, Figure, string] => [
      `regulator's efficiency at ${milliamps} mA`,
      share,
      "",
    ]),
    ...(power.resistors ?? []).map(({ name, ohms }): [string, Figure, string] => [name, ohms, "Ω"]),
    ["sleep floor, whole board", power.sleepFloorMicroamps, "µA"],
    ["awake, radios off", power.activeMilliamps, "mA"],
    ...(power.activeByClock ?? []).map(({ megahertz, milliamps }): [string, Figure, string] => [
      `awake at ${megahertz} MHz`,
      milliamps,
      "mA",
    ]),
    ["wake to first line of the bundle", power.bootMs, "ms"],
    ["current during that", power.bootMilliamps, "mA"],
  ];
}

export function boardPage(id: string, board: BoardModule): string {
  const facts = board.facts();
  const { i2c, uart, spi = {}, modem, battery } = board.default;
  const can = (pin: string): string =>
    [
      facts.adcPins.some((known) => known === pin) && "analog",
      facts.deepSleepWakePins.some((known) => known === pin) && "wake from deep sleep",
      facts.bootPullUpPins.some((known) => known === pin) && "pulled up at boot",
    ]
      .filter(Boolean)
      .join(", ");
  const pins = Object.entries(facts.pins).sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
  return [
    `# ${facts.name}`,
    `\`import board from "hibernode/boards/${id}";\``,
    table(
      ["", ""],
      [
        ["module", facts.module],
        ["chip", facts.chip],
        ["battery input", `${facts.power.batteryVolts[0]} to ${facts.power.batteryVolts[1]} V`],
        ...Object.entries(i2c).map(([name, { sda, scl }]) => [`\`board.i2c.${name}\``, `SDA ${sda}, SCL ${scl}`]),
        ...Object.entries(uart).map(([name, { tx, rx }]) => [`\`board.uart.${name}\``, `TX ${tx}, RX ${rx}`]),
        ...Object.entries(spi).map(([name, { sck, miso, mosi }]) => [
          `\`board.spi.${name}\``,
          `SCK ${sck}, MISO ${miso}, MOSI ${mosi}`,
        ]),
        ...(battery ? [["`board.battery`", `${battery.pin}, divided by ${battery.ratio}`]] : []),
        ...(modem ? [["`board.modem`", `power key on ${modem.powerKey}`]] : []),
        ...(facts.modem ? [["modem on the board", `${facts.modem.part}, fed from ${facts.modem.supply}`]] : []),
        ["journal in flash", `${facts.journalFlash.pages} pages from ${hex(facts.journalFlash.address)}`],
      ],
    ),
    "## Figures",
    figureTable(boardFigures(facts)),
    "## Pins",
    table(
      ["pin", "on the board", "can"],
      pins.map(([pin, label]) => [pin, label, can(pin)]),
    ),
    ...(facts.switches?.length
      ? [
          "## Supplies that it can switch",
          table(
            ["switch", "feeds", "control"],
            facts.switches.map(({ name, feeds, control }) => [name, feeds, control]),
          ),
        ]
      : []),
    ...(facts.notes.length ? ["## Notes", bullets(facts.notes)] : []),
    "",
  ].join("\n\n");
}

export function boardTable(boards: Readonly<Record<string, BoardModule>>): string {
  return table(
    ["board", "import", "chip", "sleep floor", "awake"],
    Object.entries(boards).map(([id, board]) => {
      const { name, chip, power } = board.facts();
      const figure = (of: Figure, unit: string): string => shown(of, unit).replace(" (unverified)", "*");
      return [
        `[${name}](docs/${id}.md)`,
        `\`hibernode/boards/${id}\``,
        chip,
        figure(power.sleepFloorMicroamps, "µA"),
        figure(power.activeMilliamps, "mA"),
      ];
    }),
  );
}
