/** Every I2C sensor with one exchange: what its data sheet says must be written, what then is read, and what that means. */
import { adxl345 } from "../../lib/sensors/adxl345.ts";
import { ads1115 } from "../../lib/sensors/ads1115.ts";
import { aht20 } from "../../lib/sensors/aht20.ts";
import { bh1750 } from "../../lib/sensors/bh1750.ts";
import { bme280 } from "../../lib/sensors/bme280.ts";
import { bmp280 } from "../../lib/sensors/bmp280.ts";
import { ds3231Temperature } from "../../lib/sensors/ds3231.ts";
import { ina219 } from "../../lib/sensors/ina219.ts";
import { ina226 } from "../../lib/sensors/ina226.ts";
import { lis3dh } from "../../lib/sensors/lis3dh.ts";
import { max17048 } from "../../lib/sensors/max17048.ts";
import { mlx90614 } from "../../lib/sensors/mlx90614.ts";
import { mpu6050 } from "../../lib/sensors/mpu6050.ts";
import { opt3001 } from "../../lib/sensors/opt3001.ts";
import { pcf8583 } from "../../lib/sensors/pcf8583.ts";
import { scd4x } from "../../lib/sensors/scd4x.ts";
import type { Sensor } from "../../lib/sensors/sensor.ts";
import { sht3x } from "../../lib/sensors/sht3x.ts";
import { sht4x } from "../../lib/sensors/sht4x.ts";
import { tcs34725 } from "../../lib/sensors/tcs34725.ts";
import { tmp117 } from "../../lib/sensors/tmp117.ts";
import { tsl2561 } from "../../lib/sensors/tsl2561.ts";
import { BUS, type Answers } from "./wiring.ts";

export interface I2cCase {
  readonly name: string;
  readonly make: () => Sensor;
  readonly address: number;
  readonly answers: Answers;
  /** Transfers and waits, in order. */
  readonly log: readonly string[];
  readonly values: readonly number[];
  /** No check covers the bytes of the answers: what each value can be at most. Absent = every byte is covered. */
  readonly unchecked?: readonly (readonly [low: number, high: number])[];
}

const bytes = (text: string): number[] => text.split(" ").map((byte) => parseInt(byte, 16));

/** Little-endian words of the BMP280's worked example (section 3.12). */
const BMP_WORDS = [27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000];
export const littleEndian = (words: readonly number[]): number[] =>
  words.reduce<number[]>((out, word) => out.concat(word & 255, (word >> 8) & 255), []);
export const BMP_CALIBRATION = littleEndian(BMP_WORDS);
export const BMP_RESULT = bytes("65 5a c0 7e ed 00");
/** H1..H6 = 75, 365, 0, 322, 50, 30; H4 and H5 share a byte. */
export const BME_HUMIDITY = [365 & 255, 365 >> 8, 0, 322 >> 4, (322 & 15) | ((50 & 15) << 4), 50 >> 4, 30];

export const cases: readonly I2cCase[] = [
  {
    name: "sht4x",
    make: () => sht4x(BUS),
    address: 0x44,
    answers: { fd: bytes("66 67 a2 5e b9 3c") },
    log: ["w44 fd", "9 ms", "r44 6"],
    values: [25.0027, 40.2524],
  },
  {
    name: "sht3x",
    make: () => sht3x(BUS),
    address: 0x44,
    answers: { "2400": bytes("66 67 a2 5e b9 3c") },
    log: ["w44 2400", "15 ms", "r44 6"],
    values: [25.0027, 37.0017],
  },
  {
    name: "scd4x",
    make: () => scd4x(BUS),
    address: 0x62,
    answers: { ec05: bytes("01 f4 33 66 67 a2 5e b9 3c") },
    log: ["w62 36f6", "30 ms", "w62 219d", "5000 ms", "w62 ec05", "1 ms", "r62 9", "w62 36e0"],
    values: [500, 25.0027, 37.0017],
  },
  {
    name: "aht20",
    make: () => aht20(BUS),
    address: 0x38,
    answers: { ac3300: bytes("1c 80 00 05 f5 c2 ce") },
    log: ["w38 ac3300", "100 ms", "r38 7"],
    values: [24.5, 50],
  },
  {
    name: "mlx90614",
    make: () => mlx90614(BUS),
    address: 0x5a,
    answers: { "07": bytes("d2 3a 30"), "06": bytes("d2 3a 26") },
    log: ["0 ms", "g5a 07 3", "g5a 06 3"],
    values: [28.01, 28.01],
  },
  {
    name: "bmp280",
    make: () => bmp280(BUS),
    address: 0x76,
    answers: { d0: [0x58], "88": BMP_CALIBRATION, f3: [0, 0x24, 0, 0, ...BMP_RESULT] },
    log: ["w76 d0", "r76 1", "w76 f425", "7 ms", "w76 f3", "r76 10", "w76 88", "r76 24"],
    values: [25.0825, 1006.5327],
    unchecked: [
      [-41, 86],
      [298, 1102],
    ],
  },
  {
    name: "bme280",
    make: () => bme280(BUS),
    address: 0x76,
    answers: {
      d0: [0x60],
      "88": [...BMP_CALIBRATION, 0, 75],
      e1: BME_HUMIDITY,
      f3: [0, 0x24, 0, 0, ...BMP_RESULT, 30000 >> 8, 30000 & 255],
    },
    log: [
      "w76 d0",
      "r76 1",
      "w76 f201",
      "w76 f425",
      "10 ms",
      "w76 f3",
      "r76 12",
      "w76 88",
      "r76 26",
      "w76 e1",
      "r76 7",
    ],
    values: [25.0825, 1006.5327, 52.22],
    unchecked: [
      [-41, 86],
      [298, 1102],
      [0, 100],
    ],
  },
  {
    name: "tmp117",
    make: () => tmp117(BUS),
    address: 0x48,
    answers: { "0f": [0x01, 0x17], "01": [0x22, 0x00], "00": [0xf3, 0x80] },
    log: ["w48 0f", "r48 2", "w48 010c00", "18 ms", "w48 01", "r48 2", "w48 00", "r48 2"],
    values: [-25],
    unchecked: [[-56, 151]],
  },
  {
    name: "bh1750",
    make: () => bh1750(BUS),
    address: 0x23,
    answers: { "20": [0x83, 0x90] },
    log: ["w23 01", "w23 42", "w23 65", "w23 20", "180 ms", "r23 2"],
    values: [28066.6667],
    unchecked: [[0, 54_612]],
  },
  {
    name: "opt3001",
    make: () => opt3001(BUS),
    address: 0x44,
    answers: { "7e": [0x54, 0x49], "01": [0xc0, 0x90], "00": [0x78, 0x91] },
    log: ["w44 7e", "r44 2", "w44 01c210", "123 ms", "w44 01", "r44 2", "w44 00", "r44 2"],
    values: [2807.04],
    unchecked: [[0, 83_866]],
  },
  {
    name: "tsl2561",
    make: () => tsl2561(BUS, { gain: 16, ms: 402 }),
    address: 0x39,
    answers: { ac: littleEndian([1000]), ae: littleEndian([200]) },
    log: ["w39 8112", "w39 8003", "435 ms", "w39 ac", "r39 2", "w39 ae", "r39 2", "w39 8000"],
    values: [23.886],
    unchecked: [[0, 65_535 * 0.0304]],
  },
  {
    name: "tcs34725",
    make: () => tcs34725(BUS, { gain: 4, cycles: 20 }),
    address: 0x29,
    answers: { "92": [0x44], b3: [1, ...littleEndian([0x110, 0x220, 0x330, 0x440])] },
    log: [
      "w29 92",
      "r29 1",
      "w29 81ec",
      "w29 8f01",
      "w29 8001",
      "3 ms",
      "w29 8003",
      "54 ms",
      "w29 b3",
      "r29 9",
      "w29 8000",
    ],
    values: [34, 68, 102, 136],
    unchecked: [
      [0, 2560],
      [0, 2560],
      [0, 2560],
      [0, 2560],
    ],
  },
  {
    name: "lis3dh",
    make: () => lis3dh(BUS, { range: 4 }),
    address: 0x18,
    answers: { "0f": [0x33], a7: [0x0f, ...littleEndian([8192, -8192, 0])] },
    log: ["w18 0f", "r18 1", "w18 2398", "w18 2077", "23 ms", "w18 a7", "r18 7", "w18 2000"],
    values: [9.80665, -9.80665, 0],
    unchecked: [
      [-4 * 9.80665, 4 * 9.80665],
      [-4 * 9.80665, 4 * 9.80665],
      [-4 * 9.80665, 4 * 9.80665],
    ],
  },
  {
    name: "adxl345",
    make: () => adxl345(BUS),
    address: 0x53,
    answers: { "00": [0xe5], "30": [0x83, 0x0b, ...littleEndian([256, -256, 128])] },
    log: ["w53 00", "r53 1", "w53 310b", "w53 2c0a", "w53 2d08", "13 ms", "w53 30", "r53 8", "w53 2d00"],
    values: [9.80665, -9.80665, 4.903325],
    unchecked: [
      [-16 * 9.80665, 16 * 9.80665],
      [-16 * 9.80665, 16 * 9.80665],
      [-16 * 9.80665, 16 * 9.80665],
    ],
  },
  {
    name: "mpu6050",
    make: () => mpu6050(BUS, { range: 2, rotation: 250 }),
    address: 0x68,
    answers: { "75": [0x68], "3b": bytes("40 00 c0 00 00 00 f0 60 00 83 ff 7d 00 00") },
    log: ["w68 75", "r68 1", "w68 6b01", "w68 1a03", "w68 1b00", "w68 1c00", "45 ms", "w68 3b", "r68 14", "w68 6b40"],
    values: [9.80665, -9.80665, 0, 1, -1, 0, 24.7653],
    unchecked: [
      [-2 * 9.80665, 2 * 9.80665],
      [-2 * 9.80665, 2 * 9.80665],
      [-2 * 9.80665, 2 * 9.80665],
      [-250.2, 250.2],
      [-250.2, 250.2],
      [-250.2, 250.2],
      [-41, 86],
    ],
  },
  {
    name: "ina219",
    make: () => ina219(BUS, { shunt: 0.002 }),
    address: 0x40,
    answers: { "02": [0x5d, 0x9a], "01": [0x07, 0xd0] },
    log: ["w40 00399b", "2 ms", "w40 02", "r40 2", "w40 01", "r40 2", "w40 003998"],
    values: [11.98, 10, 119.8],
    unchecked: [
      [0, 26.2],
      [-160, 160],
      [-4192, 4192],
    ],
  },
  {
    name: "ina226",
    make: () => ina226(BUS, { shunt: 0.002 }),
    address: 0x40,
    answers: { fe: [0x54, 0x49], "06": [0x00, 0x08], "02": [0x25, 0x70], "01": [0x1f, 0x40] },
    log: [
      "w40 fe",
      "r40 2",
      "w40 004123",
      "3 ms",
      "w40 06",
      "r40 2",
      "w40 02",
      "r40 2",
      "w40 01",
      "r40 2",
      "w40 004120",
    ],
    values: [11.98, 10, 119.8],
    unchecked: [
      [0, 36.1],
      [-41, 41],
      [-1481, 1481],
    ],
  },
  {
    name: "max17048",
    make: () => max17048(BUS),
    address: 0x36,
    answers: { "02": [0xc3, 0x50, 0x3c, 0xf3] },
    log: ["0.1 ms", "w36 02", "r36 4"],
    values: [3.90625, 60.949],
    unchecked: [
      [2, 5.12],
      [0, 110],
    ],
  },
  {
    name: "pcf8583",
    make: () => pcf8583(BUS),
    address: 0x50,
    answers: { "00": [0x20, 0x89, 0x67, 0x45] },
    log: ["0.1 ms", "w50 00", "r50 4"],
    values: [456789],
    unchecked: [[0, 999999]],
  },
  {
    name: "ads1115",
    make: () => ads1115(BUS, { input: 2, fullScale: 2.048 }),
    address: 0x48,
    answers: { "01": [0xe5, 0x83], "00": [0x40, 0x00] },
    log: ["w48 01e583", "9 ms", "w48 01", "r48 2", "w48 00", "r48 2"],
    values: [1.024],
    unchecked: [[-2.048, 2.048]],
  },
  {
    name: "ds3231Temperature",
    make: () => ds3231Temperature(BUS),
    address: 0x68,
    answers: { "11": [0x19, 0x40] },
    log: ["0.1 ms", "w68 11", "r68 2"],
    values: [25.25],
    unchecked: [[-43, 88]],
  },
];
