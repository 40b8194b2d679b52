/** Where a driver takes more bytes or JsVars than the stock module of its part, and what it does for that. */
export const larger: Readonly<Record<string, string>> = {
  sht4x:
    "checks both CRCs and both ranges, crops humidity, tells a missing part from a stuck bus; the module does none of it",
  tcs34725:
    "gives counts of one scale whatever gain and time, checks id, valid flag and saturation, goes to sleep; the module runs on, and reads every channel wrong",
  gnss: "has a limit and a fault, drops sentences of the last time, sends the receiver to sleep; the module gives NaN before a fix",
  pn532:
    "waits without blocking, checks length, sum and code of each frame, has a limit, powers down; the module's answer is not the card's number, and the field stays on",
};

/** The same for energy. */
export const dearer: Readonly<Record<string, string>> = {
  aht20: "the module does not wait for the measurement: it reads the one before",
  tsl2561: "the module does not wait for an oscillator at the slow end of its tolerance",
  thermistor: "the mean of eight conversions instead of one",
};
