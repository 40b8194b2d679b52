/**
 * What an ESP32 build of Espruino 2v29 defines, from the interpreter's own tables for the boards ESP32, ESP32C3 and
 * ESP32S3: names that exist on some of them only are here too, since firmware tests for those.
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Everything in the global scope. */
export const GLOBALS: ReadonlySet<string> = new Set([
  ...words(`
    Array ArrayBuffer ArrayBufferView Bluetooth DataView Date E ESP32 Error Float32Array Float64Array Function Graphics
    HIGH I2C I2C1 I2C2 Infinity Int16Array Int32Array Int8Array InternalError JSON LED LED1 LOW LoopbackA LoopbackB
    Math Modules NRF NaN Number Object OneWire Pin Promise ReferenceError RegExp SPI SPI1 SPI2 Serial Serial1 Serial2
    Serial3 Server Socket StorageFile String SyntaxError TypeError Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray Waveform Boolean BTN BTN1
    analogRead analogWrite atob btoa changeInterval clearInterval clearTimeout clearWatch console decodeURIComponent
    digitalPulse digitalRead digitalWrite dump echo edit encodeURIComponent eval exports getPinMode getSerial getTime
    global globalThis isFinite isNaN load module parseFloat parseInt peek16 peek32 peek8 pinMode poke16 poke32 poke8
    print process require reset save setBusyIndicator setDeepSleep setInterval setSleepIndicator setTime setTimeout
    setWatch shiftOut trace undefined`),
  ...Array.from({ length: 49 }, (_, pin) => `D${pin}`),
]);

/** Members of the global objects whose members are all known. */
export const STATICS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    Array: "isArray",
    ArrayBuffer: "",
    Date: "now parse",
    E: `CRC32 FFT HSBtoRGB asUTF8 asm clip compiledC connectSDRCard convolve decodeUTF8 defrag dumpFragmentation
      dumpFreeList dumpLockedVars dumpStr dumpVariables emit enableWatchdog fromUTF8 getAddressOf getAnalogVRef getClock
      getConsole getErrorFlags getFlags getPowerUsage getSizeOf getTemperature hwRand isUTF8 kickWatchdog lockConsole
      lookupNoCase mapInPlace memoryArea memoryMap nativeCall on openFile pipe reboot removeAllListeners removeListener
      reverseByte setBootCode setClock setConsole setDST setFlags setPassword setTimeZone showMenu srand
      stopEventPropagation sum toArrayBuffer toFlatString toJS toString toUint8Array unmountSD variance`,
    ESP32: `deepSleep deepSleepExt0 deepSleepExt1 enableBLE enableWifi getState getWakeupCause getWakeupPin lightSleep
      reboot setAtten setBLE_Debug setOTAValid`,
    JSON: "parse stringify",
    Math: `E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil clip cos exp floor log max min pow
      randInt random round sin sqrt tan wrap`,
    Modules: "addCached getCached removeAllCached removeCached",
    Number: "MAX_VALUE MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY",
    Object: `assign create defineProperties defineProperty entries fromEntries getOwnPropertyDescriptor
      getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf keys setPrototypeOf values`,
    Promise: "all reject resolve",
    String: "fromCharCode",
    console: "debug error info log trace warn",
    process: "env memory on removeAllListeners removeListener version",
  }).map(([name, members]) => [name, words(`${members} prototype`)] as const),
);

/** Methods of other JavaScript engines that no object of Espruino has. */
export const MISSING_METHODS: ReadonlyMap<string, string> = new Map([
  ["at", "use an index: list[list.length - 1]"],
  ["codePointAt", "use charCodeAt"],
  ["copyWithin", "use set(subarray(…), …)"],
  ["finally", "use then(done, done)"],
  ["findLast", "loop from the end"],
  ["findLastIndex", "loop from the end"],
  ["flat", "use [].concat.apply([], lists)"],
  ["flatMap", "use map, then [].concat.apply([], lists)"],
  ["localeCompare", "compare with < and >"],
  ["matchAll", "call exec in a loop"],
  ["normalize", "keep text in one form"],
  ["reduceRight", "reverse a copy, or loop from the end"],
  ["search", "use exec, or indexOf"],
  ["toExponential", "scale the number yourself"],
  ["toPrecision", "use toFixed"],
  ["toReversed", "use slice().reverse()"],
  ["toSorted", "use slice().sort()"],
  ["toSpliced", "splice a copy"],
  ["trimEnd", "use trim"],
  ["trimStart", "use trim"],
]);
