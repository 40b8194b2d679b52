/**
 * Which stock module reads which part, in which world, and what must come of it: the world's value within the part's
 * resolution, or exactly the defect that the module has on the real part.
 */
import type { Trial } from "./bench.ts";
import { i2c, serial } from "./bench.ts";
import { exampleCalibration } from "../../tools/simulator/parts/bme280-facts.ts";

type Reading = Readonly<Record<string, unknown>>;

export interface StockTrial extends Trial {
  readonly module: string;
  /** What the world says, in the module's units. */
  readonly truth: Reading;
  /** Largest difference of a number that is due to the part's steps and the module's own rounding. */
  readonly step: Readonly<Record<string, number>>;
  /** The module reads this instead. */
  readonly defect?: { readonly reads: Reading | undefined; readonly reason: string; readonly error?: RegExp };
  readonly note?: string;
}

const G = 9.80665;
const tilted = { accelerationX: 0.25 * G, accelerationY: -0.5 * G, accelerationZ: 0.75 * G };
const axes = { x: 0.25, y: -0.5, z: 0.75 };

export const trials: readonly StockTrial[] = [
  {
    module: "SHT4x",
    wiring: { part: "sht4x", ...i2c },
    world: { temperature: 21.7, humidity: 54.3 },
    program: `require("SHT4x").connect(I2C1).read(function(d) { report({ temperature: d.temp, humidity: d.humidity }); });`,
    truth: { temperature: 21.7, humidity: 54.3 },
    // It divides by 65536 instead of 65535.
    step: { temperature: 175 / 65535 + 0.002, humidity: 125 / 65535 + 0.002 },
  },
  {
    module: "BME280",
    wiring: { part: "bme280", ...i2c },
    world: { temperature: 23.4, pressure: 1003.2, humidity: 47.5 },
    program: `var s = require("BME280").connect(I2C1);
      setTimeout(function() { var d = s.getData(); report({ temperature: d.temp, pressure: d.pressure, humidity: d.humidity }); }, 100);`,
    truth: { temperature: 23.4, pressure: 1003.2, humidity: 47.5 },
    step: { temperature: 0.006, pressure: 0.04, humidity: 0.02 },
  },
  {
    module: "BME280",
    wiring: { part: "bme280", ...i2c, calibration: { ...exampleCalibration, h: [75, 362, 0, 316, -20, 30] } },
    world: { temperature: 25.08, pressure: 1003.2, humidity: 55.16 },
    program: `var s = require("BME280").connect(I2C1);
      setTimeout(function() { var d = s.getData(); report({ temperature: d.temp, pressure: d.pressure, humidity: d.humidity }); }, 100);`,
    truth: { temperature: 25.08, pressure: 1003.2, humidity: 55.16 },
    step: { temperature: 0.006, pressure: 0.04, humidity: 0.02 },
    defect: {
      reads: { temperature: 25.08, pressure: 1003.2, humidity: 0 },
      reason: "calibration word H5 (here -20) is not sign-extended",
    },
  },
  {
    module: "BMP280",
    wiring: { part: "bmp280", ...i2c },
    world: { temperature: 25.08, pressure: 1006.5327 },
    program: `var s = require("BMP280").connect(I2C1);
      setTimeout(function() { var d = s.getData(); report({ temperature: d.temp, pressure: d.pressure }); }, 100);`,
    truth: { temperature: 25.08, pressure: 1006.5327 },
    step: { temperature: 0.006, pressure: 0.04 },
    defect: {
      reads: { temperature: 25.08, pressure: -1191.478 },
      reason: "calibration word P1 (36477) is read as signed",
    },
  },
  {
    module: "DS18B20",
    wiring: { part: "ds18b20", pin: "D4", place: "here" },
    world: { temperature: -10.125 },
    program: `require("DS18B20").connect(new OneWire(D4)).getTemp(function(t) { report({ temperature: t }); });`,
    truth: { temperature: -10.125 },
    step: { temperature: 0 },
  },
  {
    module: "DS18B20",
    wiring: { part: "ds18b20", pin: "D4", place: "here", parasite: true },
    world: { temperature: -10.125 },
    program: `require("DS18B20").connect(new OneWire(D4)).getTemp(function(t) { report({ temperature: t }); });`,
    truth: { temperature: -10.125 },
    step: { temperature: 0 },
    defect: {
      reads: { temperature: 85 },
      reason: "parasite power: it reads the scratchpad during the conversion, which loses its supply",
    },
  },
  {
    module: "TMP117",
    wiring: { part: "tmp117", ...i2c },
    world: { temperature: 25 },
    program: `var s = require("TMP117").connect(I2C1); s.getTemp(function(t) { report({ temperature: t }); });`,
    truth: { temperature: 25 },
    step: { temperature: 0.0079 },
  },
  {
    module: "TMP117",
    wiring: { part: "tmp117", ...i2c },
    world: { temperature: -25 },
    program: `var s = require("TMP117").connect(I2C1); s.getTemp(function(t) { report({ temperature: t }); });`,
    truth: { temperature: -25 },
    step: { temperature: 0.0079 },
    defect: { reads: { temperature: 487 }, reason: "the temperature is read as unsigned: 512 too high below zero" },
  },
  {
    module: "SCD40",
    wiring: { part: "scd4x", ...i2c, variant: "scd40" },
    world: { co2: 612, temperature: 22.5, humidity: 41 },
    program: `report({ found: !!require("SCD40").connectI2C(I2C1) });`,
    truth: { found: true },
    step: {},
    defect: {
      reads: undefined,
      reason:
        "reads the answer before the command's 1 ms is over (and knows the variant 0441, not the datasheet's 0440)",
      error: /ACK/,
    },
  },
  {
    module: "SCD40",
    wiring: { part: "scd4x", ...i2c, variant: "scd40" },
    world: { co2: 612, temperature: 22.5, humidity: 41 },
    // A bus so slow that the address byte alone takes more than the command's 1 ms.
    program: `I2C1.setup({ sda: D21, scl: D22, bitrate: 8000 }); report({ found: !!require("SCD40").connectI2C(I2C1) });`,
    truth: { found: true },
    step: {},
    defect: {
      reads: undefined,
      reason: "rejects the datasheet's own SCD40 variant word 0440",
      error: /SCDXX not found/,
    },
    note: "at 8 kbit/s",
  },
  {
    module: "SCD40",
    wiring: { part: "scd4x", ...i2c, variant: "scd41" },
    world: { co2: 612, temperature: 22.5, humidity: 41 },
    program: `I2C1.setup({ sda: D21, scl: D22, bitrate: 8000 }); var s = require("SCD40").connectI2C(I2C1);
      s.start_periodic_measurement(); var early = s.get_data_ready_status();
      setTimeout(function() { var d = s.read_measurement(); report({ early: early, co2: d.ppm, temperature: d.t, humidity: d.rh }); }, 5500);`,
    seconds: 8,
    truth: { early: false, co2: 612, temperature: 22.5, humidity: 41 },
    step: { co2: 0, temperature: 0.006, humidity: 0.0016 },
    defect: {
      reads: { early: true, co2: 612, temperature: 22.5, humidity: 41 },
      reason: "takes the data-ready word 8000 (not ready) for ready; the values are right",
    },
    note: "at 8 kbit/s",
  },
  {
    module: "BH1750",
    wiring: { part: "bh1750", ...i2c },
    world: { illuminance: 227 },
    program: `var s = require("BH1750").connect(I2C1); s.start(1); setTimeout(function() { report({ illuminance: s.read() }); }, 200);`,
    truth: { illuminance: 227 },
    step: { illuminance: 1 / 1.2 },
  },
  {
    module: "BH1750",
    wiring: { part: "bh1750", ...i2c },
    world: { illuminance: 227 },
    program: `var s = require("BH1750").connect(I2C1); s.start(3, true); setTimeout(function() { report({ illuminance: s.read() }); }, 200);`,
    truth: { illuminance: 227 },
    step: { illuminance: 1 / 1.2 },
    defect: { reads: { illuminance: 453.333 }, reason: "one-time H2 counts are not halved" },
  },
  {
    module: "BH1750",
    wiring: { part: "bh1750", ...i2c },
    world: { illuminance: 227 },
    program: `var s = require("BH1750").connect(I2C1); s.setMT(138); s.start(1); setTimeout(function() { report({ illuminance: s.read() }); }, 400);`,
    truth: { illuminance: 227 },
    step: { illuminance: 1 / 1.2 },
    defect: {
      reads: { illuminance: 113.333 },
      reason: "setMT sends opcodes that do not exist, and then divides by the longer time",
    },
  },
  {
    module: "OPT3001",
    wiring: { part: "opt3001", ...i2c },
    world: { illuminance: 88.8 },
    program: `var s = require("OPT3001").connectI2C(I2C1); setTimeout(function() { report({ illuminance: s.read() }); }, 1000);`,
    truth: { illuminance: 88.8 },
    step: { illuminance: 0.021 },
  },
  {
    module: "TSL2561",
    wiring: { part: "tsl2561", ...i2c },
    world: { illuminance: 23.886 },
    program: `var s = require("TSL2561").connect(I2C1); s.init(0x39, s.C._402MS, s.C._16X);
      s.getLuminosity(s.C.FULLSPECTRUM, function(c) { report({ counts: c }); });`,
    truth: { counts: 1000 },
    step: { counts: 1 },
    note: "counts of channel 0, not lux",
  },
  {
    module: "TSL2561",
    wiring: { part: "tsl2561", ...i2c },
    world: { illuminance: 23.886 },
    program: `var s = require("TSL2561").connect(I2C1); s.init(0x39, s.C._402MS, s.C._16X); report({ illuminance: s.calculateLux(1000, 200) });`,
    truth: { illuminance: 23.886 },
    step: { illuminance: 1 },
    defect: {
      reads: undefined,
      reason: "calculateLux is not there: it is inside a comment (as are its undefined names)",
      error: /calculateLux/,
    },
  },
  {
    module: "TCS3472x",
    wiring: { part: "tcs34725", ...i2c, colour: [0.5, 0.25, 0.125] },
    world: { illuminance: 272 / (0.014 * 256 * 4) },
    program: `var s = require("TCS3472x").connect(I2C1, 256, 4); setTimeout(function() { report(s.getValue()); }, 1500);`,
    truth: { clear: 272, red: 136, green: 68, blue: 34 },
    step: { clear: 1, red: 1, green: 1, blue: 1 },
    defect: {
      // (0x10 + 0x01) << 8, and so on
      reads: { clear: 0x11 << 8, red: 136 << 8, green: 68 << 8, blue: 34 << 8 },
      reason: "operator precedence: (low + high) << 8",
    },
  },
  {
    module: "MLX90614",
    wiring: { part: "mlx90614", ...i2c },
    world: { temperature: 22, objectTemperature: 28.01 },
    program: `setTimeout(function() { report({ object: require("MLX90614").connect(I2C1).readObject1Temperature() }); }, 500);`,
    truth: { object: 28.01 },
    step: { object: 0.02 },
    defect: {
      reads: { object: 27.83 },
      reason: "compensates the supply by 0.6 °C/V around 3 V; the datasheet's RAM formula has no such term",
    },
  },
  {
    module: "LIS3DH",
    wiring: { part: "lis3dh", ...i2c },
    world: tilted,
    program: `var s = require("LIS3DH").connectI2C(I2C1); setTimeout(function() { report(s.read()); }, 1000);`,
    truth: axes,
    step: { x: 0.001, y: 0.001, z: 0.001 },
  },
  {
    module: "LIS2DH12",
    wiring: { part: "lis2dh12", ...i2c },
    world: tilted,
    program: `var s = require("LIS2DH12").connectI2C(I2C1, {}); s.setPowerMode("normal");
      setTimeout(function() { var d = s.getXYZ(); report({ x: d.x / 1000, y: d.y / 1000, z: d.z / 1000 }); }, 100);`,
    truth: axes,
    step: { x: 0.004, y: 0.004, z: 0.004 },
    note: "the module gives mg",
  },
  {
    module: "LIS2DH12",
    wiring: { part: "lis2dh12", ...i2c },
    world: tilted,
    program: `var s = require("LIS2DH12").connectI2C(I2C1, {}); s.g_scale = 1; s.setPowerMode("normal");
      setTimeout(function() { var d = s.getXYZ(); report({ x: d.x / 1000, y: d.y / 1000, z: d.z / 1000 }); }, 100);`,
    truth: axes,
    step: { x: 0.004, y: 0.004, z: 0.004 },
    defect: {
      reads: { x: 0.0625, y: -0.125, z: 0.1875 },
      reason: "beyond ±2 g it divides by the range instead of multiplying",
    },
  },
  {
    module: "ADXL345",
    wiring: { part: "adxl345", ...i2c },
    world: tilted,
    program: `var s = require("ADXL345").connect(I2C1, D5, 1); s.measure(true); setTimeout(function() { report(s.read()); }, 100);`,
    truth: axes,
    step: { x: 1 / 256, y: 1 / 256, z: 1 / 256 },
  },
  {
    module: "MPU6050",
    wiring: { part: "mpu6050", ...i2c },
    world: { ...tilted, angularRateX: 12, angularRateY: -34, angularRateZ: 0, temperature: 24.765 },
    program: `var s = require("MPU6050").connect(I2C1); setTimeout(function() {
      var g = s.getGravity(), r = s.getDegreesPerSecond();
      report({ x: g[0], y: g[1], z: g[2], rateX: r[0], rateY: r[1], temperature: s.getTemperature() }); }, 500);`,
    truth: { ...axes, rateX: 12, rateY: -34, temperature: 24.765 },
    step: { x: 1e-4, y: 1e-4, z: 1e-4, rateX: 0.01, rateY: 0.01, temperature: 0.004 },
  },
  {
    module: "INA219",
    wiring: { part: "ina219", ...i2c },
    world: { current: 0.8, voltage: 12.34 },
    program: `var s = require("INA219").connect(I2C1); s.initDevice();
      setTimeout(function() { report({ volts: s.getBusMilliVolts() / 1000, amps: s.getBusMicroAmps() }); }, 50);`,
    truth: { volts: 12.34, amps: 0.8 },
    step: { volts: 0.004, amps: 1e-4 },
    note: "getBusMicroAmps gives amperes",
  },
  {
    module: "INA219",
    wiring: { part: "ina219", ...i2c },
    world: { current: -0.2, voltage: 12 },
    program: `var s = require("INA219").connect(I2C1); s.initDevice();
      setTimeout(function() { report({ microvolts: s.getShuntMicroVolts() }); }, 50);`,
    truth: { microvolts: -20_000 },
    step: { microvolts: 10 },
    defect: { reads: { microvolts: 79_420 }, reason: "the shunt register is shifted by 3 and read as unsigned" },
  },
  {
    module: "INA226",
    wiring: { part: "ina226", ...i2c },
    world: { current: 0.5, voltage: 11.98 },
    program: `var I = require("INA226"); var s = new I(I2C1, { maxCurrent: 0.8, shunt: 0.1, average: 16 });
      setTimeout(function() { var d = s.read(); report({ volts: d.vbus, amps: d.current, watts: d.power, shunt: d.vshunt }); }, 200);`,
    truth: { volts: 11.98, amps: 0.5, watts: 5.99, shunt: 0.05 },
    // One step of the calibration word (2097) is 0.05 % of the current.
    step: { volts: 0.00125, amps: 0.0003, watts: 0.004, shunt: 2.5e-6 },
  },
  {
    module: "MAX1704x",
    wiring: { part: "max17048", ...i2c },
    world: { voltage: 3.90625, charge: 60.949 },
    program: `var s = require("MAX1704x").connect(I2C1);
      setTimeout(function() { report({ volts: s.readVoltage(), percent: s.readPercent(), version: s.readICVersion() }); }, 3000);`,
    truth: { volts: 3.90625, percent: 60.949, version: "12" },
    step: { volts: 78.125e-6, percent: 1 / 256 },
  },
  {
    module: "MAX1704x",
    wiring: { part: "max17048", ...i2c },
    world: { voltage: 3.9, charge: 60 },
    program: `setTimeout(function() { require("MAX1704x").connect(I2C1).reset(); report({ done: true }); }, 3000);`,
    truth: { done: true },
    step: {},
    defect: {
      reads: undefined,
      reason: "reset() knows the refused acknowledge by an nRF5x error number; on an ESP32 it throws",
      error: /Something went wrong during reset/,
    },
  },
  {
    module: "ADS1X15",
    wiring: { part: "ads1115", ...i2c },
    world: { ain0: 1.024, ain1: 0.25, ain2: 0, ain3: 0 },
    program: `var s = require("ADS1X15").connect(I2C1, { part: "ads1115" });
      s.getADCVoltage(0, function(a) { s.getADCVoltage([0, 1], function(b) { report({ ain0: a, difference: b }); }); });`,
    truth: { ain0: 1.024, difference: 0.774 },
    step: { ain0: 62.5e-6, difference: 62.5e-6 },
  },
  {
    module: "ADS1X15",
    wiring: { part: "ads1115", ...i2c },
    world: { ain0: 1.024, ain1: 0, ain2: 0, ain3: 0 },
    program: `require("ADS1X15").connect(I2C1).getADCVoltage(0, function(a) { report({ ain0: a }); });`,
    truth: { ain0: 1.024 },
    step: { ain0: 62.5e-6 },
    note: "as ADS1015 (default) it asks for code 4, 128 samples a second here: 7.8 ms against its wait of 8 ms",
  },
  {
    module: "HX711",
    wiring: { part: "hx711", sck: "D18", dout: "D19", place: "here" },
    world: { mass: 2.5 },
    program: `var s; setTimeout(function() { s = require("HX711").connect({ sck: D18, miso: D19 }); }, 800);
      setTimeout(function() { report({ counts: s.readRaw() }); }, 2000);`,
    // 2.5 of 5 kg at 2 mV/V: half of 0.004 full scales of ±0.5/128 V/V.
    truth: { counts: Math.round((0.001 * 128 * 2 ** 23) / 0.5) },
    step: { counts: 1 },
  },
  {
    module: "HX711",
    wiring: { part: "hx711", sck: "D18", dout: "D19", place: "here" },
    world: { mass: 2.5 },
    program: `report({ counts: require("HX711").connect({ sck: D18, miso: D19 }).readRaw() });`,
    truth: { counts: Math.round((0.001 * 128 * 2 ** 23) / 0.5) },
    step: { counts: 1 },
    defect: { reads: { counts: -1 }, reason: "reads without waiting for DOUT to fall" },
    note: "right after power-up (settling)",
  },
  {
    module: "PMS7003",
    wiring: { part: "pms7003", ...serial, supply: { volts: 5, efficiency: 0.85 } },
    world: { pm1: 12, pm25: 34, pm10: 56 },
    program: `var last; require("PMS7003").connect(Serial2, D16, D17, function(d) { last = d; });
      setTimeout(function() { report(last.dAtm); }, 90000);`,
    seconds: 100,
    truth: { pm1: 12, pm2_5: 34, pm10: 56 },
    step: { pm1: 0, pm2_5: 0, pm10: 0 },
    note: "90 s after power-up",
  },
  {
    module: "GPS",
    wiring: { part: "gnss", ...serial },
    world: { latitude: 48.1173, longitude: -11.51667, altitude: 545.4 },
    program: `Serial2.setup(9600, { rx: D16, tx: D17 }); var last;
      require("GPS").connect(Serial2, function(d) { last = d; });
      setTimeout(function() { report({ latitude: last.lat, longitude: last.lon, altitude: last.altitude, fix: last.fix }); }, 60000);`,
    seconds: 70,
    truth: { latitude: 48.1173, longitude: -11.51667, altitude: 545.4, fix: 1 },
    step: { latitude: 1e-6, longitude: 1e-6, altitude: 0.05 },
  },
  {
    module: "GPS",
    wiring: { part: "gnss", ...serial },
    world: { latitude: 48.1173, longitude: -11.51667, altitude: 545.4 },
    program: `Serial2.setup(9600, { rx: D16, tx: D17 }); var seen = false;
      require("GPS").connect(Serial2, function(d) { if (seen) return; seen = true; report({ latitude: d.lat, fix: d.fix }); });`,
    truth: { latitude: 48.1173, fix: 0 },
    step: { latitude: 1e-6 },
    defect: { reads: { latitude: null, fix: 0 }, reason: "before the fix its empty fields become NaN" },
    note: "3 s after power-up",
  },
  {
    module: "PN532",
    wiring: { part: "pn532", ...i2c, cards: ["deadbeef"] },
    world: { card: 1 },
    program: `var s = require("PN532").connect(I2C1); var v = s.getVersion(); s.SAMConfig();
      s.findCards(function(id) { report({ chip: v.chip, firmware: v.firmware, uid: [].slice.call(id) }); });`,
    truth: { chip: "PN532", firmware: "1.6", uid: [0xde, 0xad, 0xbe, 0xef] },
    step: {},
    defect: {
      reads: { chip: "PN532", firmware: "1.6", uid: [4, 0xde, 0xad, 0xbe, 0xef, 0x96, 0] },
      reason: "returns the length, the UID, the frame's checksum and its end",
    },
  },
  {
    module: "MFRC522",
    wiring: { part: "mfrc522", sck: "D18", mosi: "D23", miso: "D19", cs: "D5", place: "here", cards: ["deadbeef"] },
    world: { card: 1 },
    // 50 kbit/s stands for the time that the interpreter takes for each of its calls.
    program: `SPI1.setup({ sck: D18, mosi: D23, miso: D19, baud: 50000 }); digitalWrite(D5, 1);
      setTimeout(function() { var s = require("MFRC522").connect(SPI1, D5); setTimeout(function() {
        var mode = SPI1.send([0x11 << 1 | 0x80, 0], D5)[1];
        s.findCards(function(id) { report({ uid: [].slice.call(id), mode: mode }); }); }, 50); }, 50);`,
    truth: { uid: [0xde, 0xad, 0xbe, 0xef], mode: 0x3d },
    step: {},
    defect: {
      reads: { uid: [0xde, 0xad, 0xbe, 0xef], mode: 0x3f },
      reason: "the value meant for ModeReg goes into TModeReg (the UID is right: it needs no CRC)",
    },
  },
  {
    module: "DS3231",
    wiring: { part: "ds3231", ...i2c },
    world: { temperature: 20 },
    program: `var s = require("DS3231").connect(I2C1, { DST: false }); s.setDow("Sunday"); s.setDate(28, 2, 27); s.setTime(23, 59);
      setTimeout(function() { report({ time: s.readDateTime() }); }, 61000);`,
    seconds: 70,
    truth: { time: "01/03/27 00:00:01" },
    step: {},
  },
  {
    module: "DS3231",
    wiring: { part: "ds3231", ...i2c },
    world: { temperature: 20 },
    program: `var s = require("DS3231").connect(I2C1); I2C1.writeTo(0x68, [5, 0x83]); report({ time: s.readDateTime().substr(0, 8) });`,
    truth: { time: "01/03/00" },
    step: {},
    defect: { reads: { time: "01/83/00" }, reason: "the century bit is taken for a part of the month" },
  },
  {
    module: "DS3231",
    wiring: { part: "ds3231", ...i2c },
    world: { temperature: 20 },
    program: `var s = require("DS3231").connect(I2C1); report({ monday28: s.isDST(28, 3, 1), sunday24: s.isDST(24, 3, 7) });`,
    truth: { monday28: true, sunday24: false },
    step: {},
    defect: {
      reads: { monday28: false, sunday24: true },
      reason: "summer time only on Sundays in late March, and from the 24th on",
    },
    note: "28 March, a Monday, and 24 March, a Sunday",
  },
  {
    module: "Thermistor",
    wiring: { part: "thermistor", pin: "D34", place: "here", volts: 3.6 },
    world: { temperature: 25 },
    program: `report({ temperature: require("Thermistor").connect(D34, "B").getTemp() });`,
    truth: { temperature: 25 },
    step: { temperature: 0.1 },
    note: "divider fed with the ADC's full scale, as the module takes for granted",
  },
  {
    module: "GroveMoistureSensor",
    wiring: { part: "soil", pin: "D34", place: "here" },
    world: { soilMoisture: 50 },
    program: `var G = require("GroveMoistureSensor"); setTimeout(function() { report({ share: new G(D34).read() }); }, 500);`,
    truth: { share: 1.9 / 3.6 },
    step: { share: 1 / 4096 },
    note: "share of the ADC's full scale (3.6 V)",
  },
  {
    module: "AHT10",
    wiring: { part: "aht20", ...i2c },
    world: { temperature: 24.5, humidity: 50 },
    program: `var s = require("AHT10").connect(D22, D21); var first = s.getTemperature();
      setTimeout(function() { report({ first: first, second: s.getTemperature() }); }, 500);`,
    truth: { first: 24.5, second: 24.5 },
    step: { first: 2e-4, second: 2e-4 },
    defect: {
      reads: { first: -50, second: 24.5 },
      reason: "reads at once: always the result before (written for the AHT10; the AHT20 has no module)",
    },
  },
];
