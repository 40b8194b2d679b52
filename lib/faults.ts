/**
 * Why something on the device did not work. Errors there are values: a throw inside a timer callback is lost.
 * 0 always means "no fault". Codes travel inside uplinks: never renumber, only add.
 */
export const NAK = 1;
export const CRC = 2;
export const RANGE = 3;
export const TIMEOUT = 4;
export const STUCK = 5;
export const WRONG_PART = 6;
export const UNREADY = 7;
export const REFUSED = 8;
export const MODEM_SILENT = 16;
export const MODEM_ERROR = 17;
export const SIM_MISSING = 18;
export const NOT_REGISTERED = 19;
export const NO_ROUTE = 20;
export const BROKER_SILENT = 21;
export const BROKER_REFUSED = 22;
export const CONNECTION_LOST = 23;
export const BUDGET = 24;
export const SETTINGS = 25;
export const BROKER_GARBLED = 26;
export const CRASHED = 27;
export const RESTARTED = 28;
export const ENERGY = 29;
export const UNTRUSTED = 30;
// of classifiers
export const MODEL_MISSING = 48;
export const MODEL_DAMAGED = 49;
export const MODEL_VERSION = 50;
export const MODEL_MEMORY = 51;
export const INPUT_SHAPE = 52;
export const INPUT_NAN = 53;

/** In a column of whole numbers, a fault stands in the value's place as FAULT + code; ABSENT = not sampled then. */
export const FAULT = 0x7f000000;
export const ABSENT = FAULT + 255;

/** The same in words, for the host: nothing on the device refers to it, so no bundle contains it. */
export const faultWords: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  [NAK]: ["nak", "the part did not acknowledge its address"],
  [CRC]: ["crc", "the part's checksum did not match its data"],
  [RANGE]: ["range", "the value lies outside what the part can measure"],
  [TIMEOUT]: ["timeout", "the part did not finish in time"],
  [STUCK]: ["stuck", "the part's bus or data line does not move"],
  [WRONG_PART]: ["wrong-part", "another part answers at the address"],
  [UNREADY]: ["unready", "the part says that it is not fit to measure: not calibrated, never started, clock stopped"],
  [REFUSED]: ["refused", "the part refused the request"],
  [MODEM_SILENT]: ["modem-silent", "the modem did not answer AT"],
  [MODEM_ERROR]: ["modem-error", "the modem refused a command"],
  [SIM_MISSING]: ["sim-missing", "the SIM is not ready"],
  [NOT_REGISTERED]: ["not-registered", "no network accepted the modem within its limit"],
  [NO_ROUTE]: ["no-route", "the broker could not be reached"],
  [BROKER_SILENT]: ["broker-silent", "the broker did not answer within its limit"],
  [BROKER_REFUSED]: ["broker-refused", "the broker refused the connection"],
  [CONNECTION_LOST]: ["connection-lost", "the connection closed before everything was confirmed"],
  [BUDGET]: ["budget", "the wake's limit of awake time was reached"],
  [SETTINGS]: ["settings", "the device's settings are missing or incomplete"],
  [BROKER_GARBLED]: ["broker-garbled", "what the broker sent is not MQTT 3.1.1"],
  [CRASHED]: ["crashed", "the firmware's own code threw an error"],
  [RESTARTED]: ["restarted", "the chip restarted before it was done: watchdog, brown-out or reset"],
  [ENERGY]: ["energy", "the wake's limit of energy was reached"],
  [UNTRUSTED]: ["untrusted", "the broker could not prove over TLS who it is, or the device's clock is wrong"],
  [MODEL_MISSING]: ["model-missing", "the model's file is not in Storage"],
  [MODEL_DAMAGED]: ["model-damaged", "the model's checksum did not match its bytes"],
  [MODEL_VERSION]: [
    "model-version",
    "the model was made for another version, or for other operators than the firmware has",
  ],
  [MODEL_MEMORY]: ["model-memory", "there is not enough memory left for the model's values"],
  [INPUT_SHAPE]: ["input-shape", "the classifier was given more or fewer values than it takes"],
  [INPUT_NAN]: ["input-nan", "the classifier was given a value that is no number"],
};
