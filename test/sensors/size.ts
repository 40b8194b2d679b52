/** What a driver costs: bytes of a minified firmware with nothing else in it, and JsVars on the interpreter. */
import { readFileSync } from "node:fs";
import { minify as terser } from "terser";
import { bundle } from "../../tools/bench/sensors/code.ts";
import { runOnEspruino } from "../build/interpreters.ts";

const I2C = '{bus:"I2C1",sda:"D21",scl:"D22"}';
const UART = '{port:"Serial3",tx:"D17",rx:"D16"}';
const SPI = '{bus:"SPI1",sck:"D18",miso:"D19",mosi:"D23"}';

export interface Subject {
  /** File in lib/sensors, and what it exports. */
  readonly file: string;
  readonly name?: string;
  readonly arguments: string;
  /**
   * Stock module of the same part, and the expression that makes one from it (`m`). Counted with it are the lines that set
   * its bus up, which a driver here does itself.
   */
  readonly stock?: readonly [module: string, create: string];
}

export const subjects: readonly Subject[] = [
  { file: "sht4x", arguments: I2C, stock: ["SHT4x", "m.connect(I2C1)"] },
  { file: "sht3x", arguments: I2C },
  { file: "bme280", arguments: I2C, stock: ["BME280", "m.connect(I2C1)"] },
  { file: "bmp280", arguments: I2C, stock: ["BMP280", "m.connect(I2C1)"] },
  { file: "ds18b20", arguments: '"D4"', stock: ["DS18B20", "m.connect(new OneWire('D4'))"] },
  { file: "tmp117", arguments: I2C, stock: ["TMP117", "m.connect(I2C1)"] },
  { file: "scd4x", arguments: I2C, stock: ["SCD40", "m.connectI2C(I2C1)"] },
  { file: "aht20", arguments: I2C, stock: ["AHT10", "m.connect(D22,D21)"] },
  { file: "bh1750", arguments: I2C, stock: ["BH1750", "m.connect(I2C1)"] },
  { file: "opt3001", arguments: I2C, stock: ["OPT3001", "m.connectI2C(I2C1)"] },
  { file: "tsl2561", arguments: I2C, stock: ["TSL2561", "m.connect(I2C1)"] },
  { file: "tcs34725", arguments: I2C, stock: ["TCS3472x", "m.connect(I2C1,10,1)"] },
  { file: "mlx90614", arguments: I2C, stock: ["MLX90614", "m.connect(I2C1)"] },
  { file: "lis3dh", arguments: I2C, stock: ["LIS3DH", "m.connectI2C(I2C1)"] },
  { file: "lis2dh12", arguments: I2C, stock: ["LIS2DH12", "m.connectI2C(I2C1)"] },
  { file: "lis3dh-motion", name: "lis3dhMotion", arguments: I2C },
  { file: "lis3dh-window", name: "lis3dhWindow", arguments: I2C },
  { file: "adxl345", arguments: I2C, stock: ["ADXL345", "m.connect(I2C1,'D5',3)"] },
  { file: "adxl345-motion", name: "adxl345Motion", arguments: I2C },
  { file: "adxl345-window", name: "adxl345Window", arguments: I2C },
  { file: "mpu6050", arguments: I2C, stock: ["MPU6050", "m.connect(I2C1)"] },
  { file: "ina219", arguments: I2C, stock: ["INA219", "m.connect(I2C1)"] },
  { file: "ina226", arguments: I2C, stock: ["INA226", "new m(I2C1)"] },
  { file: "max30102-window", name: "max30102Window", arguments: I2C },
  { file: "max17048", arguments: I2C, stock: ["MAX1704x", "m.connect(I2C1)"] },
  { file: "ads1115", arguments: I2C, stock: ["ADS1X15", "m.connect(I2C1,{part:'ads1115'})"] },
  {
    file: "hx711",
    arguments: '{data:"D5",clock:"D6",zero:0,countsPerKg:1}',
    stock: ["HX711", "m.connect({sck:new Pin(6),miso:new Pin(5)})"],
  },
  { file: "pms7003", arguments: UART, stock: ["PMS7003", "m.connect(Serial3,D16,D17,function(){})"] },
  { file: "gnss", arguments: UART, stock: ["GPS", "m.connect(Serial3,function(){})"] },
  { file: "sim7080-gnss", name: "sim7080Gnss", arguments: UART },
  { file: "pn532", arguments: I2C, stock: ["PN532", "m.connect(I2C1)"] },
  { file: "mfrc522", arguments: `${SPI},"D5"`, stock: ["MFRC522", "m.connect(SPI1,'D5')"] },
  { file: "ds3231", arguments: I2C, stock: ["DS3231", "m.connect(I2C1)"] },
  { file: "pcf8563", arguments: I2C },
  { file: "pcf8583", arguments: I2C },
  { file: "pulse-counter", name: "pulseCounter", arguments: '{pin:"D4",windowMs:1000}' },
  { file: "sdm120", arguments: UART },
  { file: "contact-input", name: "contactInput", arguments: '{pin:"D4"}' },
  { file: "soil-moisture", name: "soilMoisture", arguments: '{pin:"D34",dry:2.5,wet:1}' },
  { file: "thermistor", arguments: '{pin:"D34"}' },
  { file: "battery-voltage", name: "batteryVoltage", arguments: '{pin:"D34",ratio:2}' },
];

/** What a program with a stock module has besides: the bus, minified. */
const SETUP: Readonly<Record<string, string>> = {
  [I2C]: "I2C1.setup({sda:D21,scl:D22});",
  [UART]: "Serial3.setup(9600,{tx:D17,rx:D16});",
  [`${SPI},"D5"`]: "SPI1.setup({sck:D18,miso:D19,mosi:D23});",
};

/** Bytes of the lines that make a part with its stock module. */
export const usageOf = ({ arguments: bus, stock }: Subject): number =>
  `${SETUP[bus] ?? ""}global.part=${stock![1].replace("m.", `require("${stock![0]}").`)};`.length;

export const nameOf = ({ file, name }: Subject): string => name ?? file;

/** A firmware that does nothing but place these parts in the list `parts`. */
export function firmware(list: readonly Subject[]): Promise<string> {
  // as a board file has them: all parts share one object for each bus
  const buses = [I2C, UART, SPI].filter((bus) => list.some((one) => one.arguments.includes(bus)));
  const named = (text: string): string => buses.reduce((all, bus, i) => all.replace(bus, `bus${i}`), text);
  const imports = list.map((one, i) => `import { ${nameOf(one)} as part${i} } from "./${one.file}.ts";`);
  const made = list.map((one, i) => `part${i}(${named(one.arguments)})`);
  const board = buses.map((bus, i) => `const bus${i} = ${bus} as const;`);
  return bundle(`${imports.join("\n")}\n${board.join("\n")}\nglobal.parts = [${made.join(", ")}];`);
}

/** The stock module with the same minifier; what it exports stays. */
export async function stockModule(folder: string, module: string): Promise<string> {
  const source = readFileSync(`${folder}/${module}.js`, "utf8");
  const result = await terser(source, {
    ecma: 5,
    compress: { passes: 3 },
    mangle: { reserved: ["exports"] },
    toplevel: true,
  });
  return result.code!;
}

/** Buses on which every part seems to be there: the stock modules look for identities when they are made. */
const PARTS = `
var last=0,ids={15:[51],143:[51],126:[84,73],127:[48,1],254:[84,73],255:[34,96],32:[20,64,138]};
I2C.prototype.setup=function(){};
I2C.prototype.writeTo=function(a,d){last=d&&d.length?d[0]:d};
I2C.prototype.readFrom=function(a,n){var b=new Uint8Array(n);b.set((ids[last]||(last===0?[57,159]:[])).slice(0,n));return b};
I2C.prototype.readReg=function(a,r,n){return new Uint8Array(n)};
Serial.prototype.setup=function(){};Serial.prototype.write=function(){};Serial.prototype.print=function(){};
SPI.prototype.setup=function(){};SPI.prototype.write=function(){};
SPI.prototype.send=function(d){return typeof d=="number"?0:new Uint8Array(d.length)};
OneWire.prototype.reset=function(){return true};OneWire.prototype.search=function(){return ["28FF641E0F3C0123"]};
OneWire.prototype.select=OneWire.prototype.skip=OneWire.prototype.write=function(){};
OneWire.prototype.read=function(n){return n?new Uint8Array(n):0};
global.digitalWrite=function(){};global.digitalRead=function(){return 0};global.pinMode=function(){};
global.setWatch=function(){return 1};global.clearWatch=function(){};global.analogRead=function(){return .5};
`;

/** JsVars that stay in use once the code, run from Storage as on the chip, has made its part. */
export async function jsVars(code: string, load: string): Promise<number> {
  const lines = await runOnEspruino(`${PARTS}
require("Storage").write("code",atob("${Buffer.from(code, "latin1").toString("base64")}"));
var before=0,after=0;
before=process.memory().usage;
${load}
after=process.memory().usage;
print("vars "+(after-before));`);
  const found = lines.find((line) => line.startsWith("vars "));
  if (!found) throw new Error(`the interpreter printed ${lines.join(" | ")}`);
  return Number(found.slice(5));
}

export const LOAD_OURS = 'eval(require("Storage").read("code"));';
export const loadStock = (create: string): string => `var m=require("code");var part=${create};`;
