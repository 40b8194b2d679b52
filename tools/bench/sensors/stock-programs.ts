/** How Espruino's own module of a part is used, by its page: what calls `done()` when the value is there. `I2C1` is set up. */
export interface StockProgram {
  readonly module: string;
  readonly program: string;
}

/** By the name of our driver. Modules that cannot read the part at all are left out (scd4x: it finds none). */
export const stockPrograms: Readonly<Record<string, StockProgram>> = {
  sht4x: { module: "SHT4x", program: `require("SHT4x").connect(I2C1).read(done);` },
  bme280: {
    module: "BME280",
    program: `var s=require("BME280").connect(I2C1);setTimeout(function(){s.getData();done()},10);`,
  },
  bmp280: {
    module: "BMP280",
    program: `var s=require("BMP280").connect(I2C1);setTimeout(function(){s.getData();done()},10);`,
  },
  ds18b20: { module: "DS18B20", program: `require("DS18B20").connect(new OneWire(D4)).getTemp(done);` },
  tmp117: { module: "TMP117", program: `require("TMP117").connect(I2C1).getTemp(done);` },
  aht20: { module: "AHT10", program: `var s=require("AHT10").connect(D22,D21);s.getTemperature();done();` },
  bh1750: {
    module: "BH1750",
    program: `var s=require("BH1750").connect(I2C1);s.start(1);setTimeout(function(){s.read();done()},180);`,
  },
  opt3001: {
    module: "OPT3001",
    program: `var s=require("OPT3001").connectI2C(I2C1);setTimeout(function(){s.read();done()},900);`,
  },
  tsl2561: {
    module: "TSL2561",
    program: `var s=require("TSL2561").connect(I2C1);s.init(0x39,s.C._101MS,s.C._1X);s.getLuminosity(s.C.FULLSPECTRUM,done);`,
  },
  tcs34725: {
    module: "TCS3472x",
    program: `var s=require("TCS3472x").connect(I2C1,20,4);setTimeout(function(){s.getValue();done()},57);`,
  },
  mlx90614: {
    module: "MLX90614",
    program: `digitalWrite(D25,1);setTimeout(function(){require("MLX90614").connect(I2C1).readObject1Temperature();done()},250);`,
  },
  lis3dh: {
    module: "LIS3DH",
    program: `var s=require("LIS3DH").connectI2C(I2C1,{addr:0x18});setTimeout(function(){s.read();done()},23);`,
  },
  lis2dh12: {
    module: "LIS2DH12",
    program: `var s=require("LIS2DH12").connectI2C(I2C1,{addr:0x18});s.setPowerMode("normal");setTimeout(function(){s.getXYZ();done()},23);`,
  },
  adxl345: {
    module: "ADXL345",
    program: `var s=require("ADXL345").connect(I2C1,D5,1);s.measure(true);setTimeout(function(){s.read();done()},13);`,
  },
  mpu6050: {
    module: "MPU6050",
    program: `var s=require("MPU6050").connect(I2C1);setTimeout(function(){s.getGravity();s.getDegreesPerSecond();done()},45);`,
  },
  ina219: {
    module: "INA219",
    program: `var s=require("INA219").connect(I2C1);s.initDevice();setTimeout(function(){s.getBusMilliVolts();s.getBusMicroAmps();done()},2);`,
  },
  ina226: {
    module: "INA226",
    program: `var I=require("INA226");var s=new I(I2C1,{maxCurrent:0.8,shunt:0.1});setTimeout(function(){s.read();done()},3);`,
  },
  max17048: {
    module: "MAX1704x",
    program: `var s=require("MAX1704x").connect(I2C1);s.readVoltage();s.readPercent();done();`,
  },
  ads1115: { module: "ADS1X15", program: `require("ADS1X15").connect(I2C1,{part:"ads1115"}).getADCVoltage(2,done);` },
  hx711: {
    module: "HX711",
    program: `var s=require("HX711").connect({sck:D18,miso:D19});setTimeout(function(){s.readRaw();done()},400);`,
  },
  pms7003: {
    module: "PMS7003",
    program: `setTimeout(function(){require("PMS7003").connect(Serial2,D16,D17,done)},30000);`,
  },
  gnss: {
    module: "GPS",
    program: `Serial2.setup(9600,{rx:D16,tx:D17});require("GPS").connect(Serial2,function(d){if(d.fix)done()});`,
  },
  pn532: { module: "PN532", program: `var s=require("PN532").connect(I2C1);s.SAMConfig();s.findCards(done);` },
  mfrc522: {
    module: "MFRC522",
    program: `SPI1.setup({sck:D18,mosi:D23,miso:D19,baud:50000});digitalWrite(D5,1);
var s=require("MFRC522").connect(SPI1,D5);setTimeout(function(){s.findCards(done)},50);`,
  },
  thermistor: {
    module: "Thermistor",
    program: `digitalWrite(D25,1);setTimeout(function(){require("Thermistor").connect(D34,"B").getTemp();done()},5);`,
  },
  "soil-moisture": {
    module: "GroveMoistureSensor",
    program: `var G=require("GroveMoistureSensor");digitalWrite(D25,1);setTimeout(function(){new G(D34).read();done()},200);`,
  },
};
