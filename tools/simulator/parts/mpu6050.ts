/**
 * InvenSense MPU-6050: accelerometer, gyroscope and thermometer, asleep until told otherwise; a FIFO of 1024 bytes, data
 * ready and motion interrupts, the low-power cycle. The motion processor (DMP) and the auxiliary bus are not modelled.
 */
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { accelerationAxes, angularRateAxes, createSampler, METRES_PER_SECOND_SQUARED_PER_G } from "./motion-sampler.ts";
import { bandwidths, cycles, facts } from "./mpu6050-facts.ts";
import { type I2cWiring, type Part, within } from "./part.ts";
import { byteRegisters, int16 } from "./registers.ts";

const { figures, addresses } = facts;

const [SMPLRT_DIV, CONFIG, GYRO_CONFIG, ACCEL_CONFIG, MOT_THR, MOT_DUR] = [0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0x20];
const [FIFO_EN, INT_PIN_CFG, INT_ENABLE, INT_STATUS, ACCEL_OUT, GYRO_OUT_END] = [0x23, 0x37, 0x38, 0x3a, 0x3b, 0x48];
const [SIGNAL_PATH_RESET, USER_CTRL, PWR_MGMT_1, PWR_MGMT_2] = [0x68, 0x6a, 0x6b, 0x6c];
const [FIFO_COUNT_H, FIFO_COUNT_L, FIFO_R_W, WHO_AM_I] = [0x72, 0x73, 0x74, 0x75];
const [MOTION, FIFO_OVERFLOW, DATA_READY] = [0x40, 0x10, 0x01];
const [DEVICE_RESET, SLEEP, CYCLE] = [0x80, 0x40, 0x20];
const FIFO_BYTES = 1024;
/** One step of the motion threshold. */
const THRESHOLD_G = 0.002;

export function mpu6050(context: PartContext, { name, address = addresses[0], lines }: I2cWiring): Part {
  const { random, world } = context;
  const body = createBody(context, name, {
    sleeping: figures.sleepMicroamps,
    measuring: [figures.sixAxesMicroamps, figures.gyroscopeMicroamps, figures.accelerometerMicroamps],
    cycling: figures.cycle1HzMicroamps,
  });
  const accelerometerOffsets = accelerationAxes.map(() => within(random, figures.accelerometerOffsetG.value));
  const gyroscopeOffsets = angularRateAxes.map(() => within(random, figures.gyroscopeOffsetDegreesPerSecond.value));
  const registers = new Uint8Array(128);
  const axes = [...accelerationAxes, ...angularRateAxes];
  let starting = false;
  let fifo: number[] = [];
  let status = 0;
  /** Acceleration in g of the sample before, for the motion detector's high-pass. */
  let before: readonly number[] | undefined;
  let moving = 0;

  const register = (at: number): number => registers[at]!;
  const standby = (axis: number): boolean => (register(PWR_MGMT_2) & (0x20 >> axis)) !== 0;
  const cycling = (): boolean => (register(PWR_MGMT_1) & (SLEEP | CYCLE)) === CYCLE;

  function rateHertz(): number {
    if (cycling()) return cycles[register(PWR_MGMT_2) >> 6]!.hertz;
    const filter = register(CONFIG) & 7;
    return (filter === 0 || filter === 7 ? 8000 : 1000) / (1 + register(SMPLRT_DIV));
  }

  function take(): void {
    const noise = figures.accelerometerNoiseGPerRootHertz.value * Math.sqrt(bandwidths[register(CONFIG) & 7]!);
    const g = accelerationAxes.map(
      (axis, index) =>
        world(axis) / METRES_PER_SECOND_SQUARED_PER_G + accelerometerOffsets[index]! + noise * random.normal(),
    );
    const accelerometer = 16384 >> ((register(ACCEL_CONFIG) >> 3) & 3);
    const gyroscope = 131 / 2 ** ((register(GYRO_CONFIG) >> 3) & 3);
    const words = g.map((value, axis) => (standby(axis) ? 0 : int16(value * accelerometer)));
    words.push(register(PWR_MGMT_1) & 8 ? 0 : int16((world("temperature") - 36.53) * 340));
    angularRateAxes.forEach((axis, index) => {
      const rate = (): number =>
        world(axis) + gyroscopeOffsets[index]! + figures.gyroscopeNoiseDegreesPerSecond.value * random.normal();
      words.push(standby(3 + index) || cycling() ? 0 : int16(rate() * gyroscope));
    });
    words.forEach((word, index) => registers.set([word >> 8, word & 0xff], ACCEL_OUT + 2 * index));
    status |= DATA_READY;
    queue();
    detect(g);
    show();
  }

  function queue(): void {
    if (!(register(USER_CTRL) & 0x40)) return;
    const enable = register(FIFO_EN);
    const take = (from: number, count: number): void => void fifo.push(...registers.subarray(from, from + count));
    if (enable & 0x08) take(ACCEL_OUT, 6);
    if (enable & 0x80) take(ACCEL_OUT + 6, 2);
    for (let axis = 0; axis < 3; axis++) if (enable & (0x40 >> axis)) take(ACCEL_OUT + 8 + 2 * axis, 2);
    if (fifo.length <= FIFO_BYTES) return;
    status |= FIFO_OVERFLOW;
    fifo = fifo.slice(-FIFO_BYTES);
  }

  function detect(g: readonly number[]): void {
    const threshold = register(MOT_THR) * THRESHOLD_G;
    const moved = before !== undefined && g.some((value, axis) => Math.abs(value - before![axis]!) > threshold);
    before = g;
    const stepMs = 1000 / rateHertz();
    moving = moved ? moving + Math.max(1, stepMs) : 0;
    if (moved && moving >= register(MOT_DUR)) status |= MOTION;
  }

  function show(): void {
    const active = (status & register(INT_ENABLE)) !== 0;
    lines?.["int"]?.drive(active === ((register(INT_PIN_CFG) & 0x80) !== 0) ? 0 : 1);
  }

  const needed = (): boolean =>
    ((register(USER_CTRL) & 0x40) !== 0 && register(FIFO_EN) !== 0) ||
    (register(INT_ENABLE) & MOTION) !== 0 ||
    ((register(INT_ENABLE) & DATA_READY) !== 0 && lines?.["int"] !== undefined);
  const sampler = createSampler(context, axes, take, needed);

  function restart(): void {
    sampler.stop();
    before = undefined;
    const power = register(PWR_MGMT_1);
    if (power & SLEEP) return body.enter("sleeping");
    const periodUs = 1e6 / rateHertz();
    if (cycling()) {
      body.enter("cycling", cycles[register(PWR_MGMT_2) >> 6]!.microamps);
      return sampler.start(periodUs);
    }
    const accelerates = [0, 1, 2].some((axis) => !standby(axis));
    const turns = [3, 4, 5].some((axis) => !standby(axis));
    const figure = turns
      ? accelerates
        ? figures.sixAxesMicroamps
        : figures.gyroscopeMicroamps
      : figures.accelerometerMicroamps;
    body.enter("measuring", accelerates || turns ? figure.value : figures.sleepMicroamps.value);
    sampler.start(periodUs);
  }

  function write(at: number, value: number): void {
    if ((at >= INT_STATUS && at <= GYRO_OUT_END) || at === WHO_AM_I || (at >= FIFO_COUNT_H && at <= FIFO_COUNT_L))
      return;
    if (at === PWR_MGMT_1 && value & DEVICE_RESET) return start(figures.resetMs.value);
    if (at === FIFO_R_W) return;
    registers[at] = value;
    if (at === USER_CTRL) {
      if (value & 0x04) fifo = [];
      registers[at]! &= ~0x07;
    }
    if (at === SIGNAL_PATH_RESET) registers[at] = 0;
    if ([PWR_MGMT_1, PWR_MGMT_2, SMPLRT_DIV, CONFIG].includes(at)) restart();
    sampler.reconsider();
    show();
  }

  function read(at: number): number {
    if (at === FIFO_COUNT_H) return fifo.length >> 8;
    if (at === FIFO_COUNT_L) return fifo.length & 0xff;
    if (at === FIFO_R_W) {
      // An empty FIFO gives its last byte again; taken as 0xFF here.
      return fifo.shift() ?? 0xff;
    }
    const value = at === INT_STATUS ? status : (registers[at] ?? 0);
    if (at === INT_STATUS || register(INT_PIN_CFG) & 0x10) {
      status = 0;
      show();
    }
    return value;
  }

  const file = byteRegisters({ read, write, next: (at) => (at === FIFO_R_W ? at : (at + 1) & 0x7f) });
  const i2c = body.i2c(address, {
    write: (data) => !starting && file.write(data),
    read(count) {
      if (starting) return undefined;
      sampler.catchUp();
      return file.read(count);
    },
  });

  function start(ms: number): void {
    sampler.stop();
    registers.fill(0);
    registers[PWR_MGMT_1] = SLEEP;
    registers[WHO_AM_I] = 0x68;
    fifo = [];
    status = 0;
    starting = true;
    body.enter("sleeping");
    body.occupy(ms * 1000, () => (starting = false));
    show();
  }
  return body.part(
    { i2c },
    () => start(figures.startUpMs.value),
    () => sampler.stop(),
  );
}
