/**
 * What the interpreter runs before the firmware, in its own dialect: every native that touches hardware or time becomes
 * a question to the simulation. Timers and watches fire when the answer to "my turn is over" says so; promises, events,
 * numbers, strings and memory stay the interpreter's own.
 *
 * Values: whole numbers and truths as they are; "s" string, "b" bytes, "d" eight bytes of a double, "f" function,
 * "D5" pin, "h" object of the host, {t, b} another typed array, {o} anything else.
 *
 * A declared parameter counts in `arguments.length` even when it was not given, so functions that ask declare none.
 */
const source = String.raw`(function (names) {
  var toHost = E.openFile("to-host", "w"), toDevice = E.openFile("to-device", "r");
  var end = E.reboot, later = setTimeout, write = print, NativeDate = Date, load = require, PinOf = Pin;
  var text = E.toString, buffer = E.toArrayBuffer, usage = process.memory, storage = require("Storage");
  var timers = {}, watches = {}, functions = [], heard = {}, own = {}, proto, high = 0, seen, loaded, dump = names.heapAt ? E.dumpVariables : undefined;
  echo(0);

  // The garbage collector runs first: what counts is what is alive. The stack is written out for a new high only.
  function measure(always) {
    var used = usage().usage;
    seen = [used, used > high ? new Error().stack : 0];
    if (used > high) high = used;
    if (dump && (always || used >= names.heapAt)) {
      if (!always) dump = undefined;
      E.dumpVariables();
    }
  }
  function ask(message) {
    var out = JSON.stringify(message), head;
    if (names.measure) {
      if (!seen) measure();
      out = "[" + JSON.stringify(seen) + "," + out + "]";
      seen = undefined;
    }
    toHost.write((100000000 + out.length) + out);
    head = toDevice.read(9);
    if (!head) end();
    return JSON.parse(toDevice.read(head - 100000000));
  }
  function wide(v) {
    for (var i = 0; i < names.wide.length; i++) if (v instanceof global[names.wide[i]]) return names.wide[i];
  }
  function pack(v) {
    var t = typeof v, n;
    if (t == "number") return v === (v | 0) ? v : "d" + text(new Float64Array([v]).buffer);
    if (t == "string") return "s" + v;
    if (t == "boolean") return v;
    if (t == "undefined" || v === null) return null;
    if (t == "function") {
      n = functions.indexOf(v);
      if (n < 0) n = functions.indexOf(0);
      if (n < 0) n = functions.length;
      functions[n] = v;
      return "f" + n;
    }
    if (v instanceof Uint8Array || v instanceof ArrayBuffer) return "b" + text(v);
    n = wide(v);
    if (n) return { t: n, b: text(new Uint8Array(v.buffer, v.byteOffset, v.byteLength)) };
    n = Array.isArray(v) ? undefined : v["\xFFh"];
    return n === undefined ? { o: v } : "h" + n;
  }
  function unpack(v) {
    if (v === null) return undefined;
    if (typeof v == "object") {
      for (var k in v.o) v.o[k] = unpack(v.o[k]);
      return v.o;
    }
    if (typeof v != "string") return v;
    var c = v[0], s = v.substr(1);
    if (c == "s") return s;
    if (c == "d") return new Float64Array(buffer(s))[0];
    if (c == "b") return new Uint8Array(buffer(s));
    if (c == "D") return new PinOf(+s);
  }
  // What listened is let go with its listeners: a program that runs for months must not fill the heap from here.
  function forget(m) {
    var at = m[1] + " " + m[3], all = heard[at];
    if (m[2] == "on") heard[at] = (all || []).concat(+m[4].substr(1));
    if (m[2] != "removeAllListeners" || !all) return;
    delete heard[at];
    all.forEach(function (n) {
      for (var k in heard) if (heard[k].indexOf(n) >= 0) return;
      functions[n] = 0;
    });
  }
  function call(message, args) {
    if (names.measure) measure();
    for (var i = 0; i < args.length; i++) message.push(pack(args[i]));
    if (message[0] == "c") forget(message);
    message = ask(message);
    if (message && message.e !== undefined) throw message.t ? new TypeError(message.e) : new Error(message.e);
    return unpack(message);
  }
  function forward(to, method) {
    if (to === "Pin") return function () { return call(["c", "" + this, method], arguments); };
    if (to === "this") return function () { return call(["c", this["\xFFh"], method], arguments); };
    return function () { return call(["c", to, method], arguments); };
  }
  function forwardAll(target, to, methods) {
    methods.forEach(function (m) { target[m] = forward(to, m); });
    return target;
  }
  function make(to, method, args, target) {
    target["\xFFh"] = call(["o", to, method], args);
    return target;
  }

  forwardAll(global, "", names.globals);
  forwardAll(E, "E", names.E);
  E.openFile = undefined;
  forwardAll(Math, "Math", ["random", "randInt"]);
  global.ESP32 = forwardAll({}, "ESP32", names.ESP32);
  forwardAll(Pin.prototype, "Pin", names.Pin);
  Object.keys(names.ports).forEach(function (type) {
    var proto = global[type].prototype;
    forwardAll(proto, "this", names[type]);
    global[type] = function () { make("", type, arguments, this); };
    global[type].prototype = proto;
    names.ports[type].forEach(function (port) { global[port]["\xFFh"] = port; });
  });
  names.absent.forEach(function (n) { global[n] = undefined; });

  ["setTimeout", "setInterval"].forEach(function (method) {
    global[method] = function (f) {
      var id = call(["s", method, typeof f == "function" || typeof f == "string"], [arguments[1]]);
      timers[id] = { f: f, a: [].slice.call(arguments, 2) };
      // as many JsVars as the interpreter's own
      if (names.measure) timers[id].m = [0, 0, 0];
      return id;
    };
  });
  ["clearTimeout", "clearInterval"].forEach(function (method) {
    var clear = forward("", method);
    global[method] = function () {
      if (arguments.length == 0) timers = {};
      else delete timers[arguments[0]];
      return clear.apply(undefined, arguments);
    };
  });
  global.setWatch = function (f, pin, options) {
    var id = call(["w", typeof f == "function" || typeof f == "string"], [pin, options]);
    if (id !== undefined) watches[id] = f;
    return id;
  };

  proto = Object.getPrototypeOf(new NativeDate(0));
  function date(a) {
    switch (a.length) {
      case 0: return new NativeDate(getTime() * 1000);
      case 1: return new NativeDate(a[0]);
      case 2: return new NativeDate(a[0], a[1]);
      case 3: return new NativeDate(a[0], a[1], a[2]);
      case 4: return new NativeDate(a[0], a[1], a[2], a[3]);
      case 5: return new NativeDate(a[0], a[1], a[2], a[3], a[4]);
      case 6: return new NativeDate(a[0], a[1], a[2], a[3], a[4], a[5]);
    }
    return new NativeDate(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
  }
  global.Date = function () {
    var made = date(arguments);
    // Calling us has set this to us; the native methods are found through the native constructor only.
    proto.constructor = NativeDate;
    return made;
  };
  Date.prototype = proto;
  Date.now = function () { return getTime() * 1000; };
  Date.parse = NativeDate.parse;

  global.print = function () {
    write.apply(null, arguments);
    ask(["p"]);
  };
  console = { log: print, info: print, warn: print, error: print, debug: print, trace: function () {} };
  process.env = names.env;

  own.Flash = forwardAll({}, "Flash", names.Flash);
  own.Storage = forwardAll({}, "Storage", names.Storage);
  ["list", "hash", "getFree", "getStats"].forEach(function (m) {
    own.Storage[m] = function () { return storage[m].apply(storage, arguments); };
  });
  ["read", "readJSON", "readArrayBuffer"].forEach(function (m) {
    own.Storage[m] = function () {
      call(["v", "Storage", m], arguments);
      return storage[m].apply(storage, arguments);
    };
  });
  own.Storage.write = function (file, data, offset, size) {
    if (typeof data == "object" && !Array.isArray(data) && !(data instanceof ArrayBuffer) && !data.buffer) data = JSON.stringify(data);
    return call(["c", "Storage", "write"], [file, data, offset, size]);
  };
  own.Storage.writeJSON = function (file, data) { return own.Storage.write(file, E.toJS(data)); };
  StorageFile.prototype = forwardAll({}, "this", names.StorageFile);
  own.Storage.open = function () { return make("Storage", "open", arguments, Object.create(StorageFile.prototype)); };

  if (names.wifi) {
    own.Wifi = forwardAll({}, "Wifi", names.Wifi);
    [["net", "connect"], ["dgram", "createSocket"]].forEach(function (m) {
      var proto = forwardAll({}, "this", names.socket);
      own[m[0]] = {};
      own[m[0]][m[1]] = function () { return make(m[0], m[1], arguments, Object.create(proto)); };
    });
  }

  global.require = function (n) {
    if (own[n]) return own[n];
    if (names.refused.indexOf(n) >= 0) return call(["c", "", "require"], [n]);
    try {
      return load(n);
    } catch (e) {
      if (e.message != 'Module "' + n + '" not found') throw e;
      var code = unpack(ask(["m", n]));
      if (code === undefined) throw e;
      Modules.addCached(n, code);
      return load(n);
    }
  };

  function report(e) {
    var heard = process["#onuncaughtException"];
    if (heard) (typeof heard == "function" ? [heard] : heard).forEach(function (f) { f.call(process, e); });
    else ask(["u", "" + e, (e && e.stack) || ""]);
  }
  function run(m) {
    var kept;
    if (m[0] == "f") return functions[m[1]].apply(m[2] === null ? undefined : global[m[2]], m[3].map(unpack));
    if (m[0] == "w") return watches[m[1]](unpack(m[2]));
    kept = timers[m[1]];
    if (typeof kept.f == "string") new Function(kept.f)();
    else kept.f.apply(undefined, kept.a);
    if (m[2] && timers[m[1]] === kept) delete timers[m[1]];
  }
  function turn() {
    later(turn, 0);
    if (dump && !loaded) measure((loaded = true));
    var m = ask(["t"]);
    while (m) {
      try {
        run(m);
      } catch (e) {
        report(e);
      }
      m = ask(["d"]);
    }
  }
  return function () {
    later(turn, 0);
    // doubles leave as views, whose prototype is the prelude's and not the firmware's
    pack(0.5);
    if (dump) measure(true);
    high = ask(["b"]);
  };
})(NAMES)`;

const words = (text: string): string[] => text.trim().split(/\s+/);

/** What is forwarded. Everything else is native. */
const forwarded = {
  globals: words(`
    changeInterval getTime setTime clearWatch pinMode getPinMode digitalRead digitalWrite digitalPulse analogRead
    analogWrite shiftOut load reset getSerial setDeepSleep setSleepIndicator setBusyIndicator save dump edit trace quit
    peek8 peek16 peek32 poke8 poke16 poke32`),
  E: words(`
    hwRand srand getTemperature getAnalogVRef enableWatchdog kickWatchdog reboot setConsole getConsole setBootCode
    memoryArea nativeCall compiledC asm setClock getPowerUsage lockConsole setPassword`),
  ESP32: words(`
    deepSleep deepSleepExt0 deepSleepExt1 lightSleep getWakeupCause getWakeupPin reboot setAtten getState enableBLE
    enableWifi setOTAValid setBLE_Debug`),
  Pin: words("read set reset write writeAtTime toggle getMode mode pulse analog pwm getInfo"),
  I2C: words("setup writeTo readFrom readReg"),
  SPI: words("setup send write send4bit send8bit"),
  OneWire: words("reset select skip write read search"),
  Serial: words(`
    setup unsetup write print println inject available read pipe on addListener prependListener removeListener
    removeAllListeners flush setConsole`),
  Flash: words("read write erasePage getPage getFree"),
  Storage: words("erase eraseAll compact optimise debug"),
  StorageFile: words("read readLine getLength write erase pipe"),
  Wifi: words("connect disconnect stopAP"),
  socket: words("write end send close on removeAllListeners"),
  wide: words(
    "Int8Array Uint8ClampedArray Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array DataView",
  ),
  refused: words("fs Wifi net dgram tls http NetworkJS TelnetServer timer heatshrink"),
};

export interface PreludeOptions {
  /** Hardware ports by class: those of the chip, and those that only the Linux program has. */
  readonly ports: Readonly<Record<string, readonly string[]>>;
  readonly absent: readonly string[];
  /** `process.env` of the chip. */
  readonly env: object;
  /** Every question says how many JsVars are in use and how deep the stack is; the garbage collector runs before each. */
  readonly measure: boolean;
  /** The chip's own radio is there. */
  readonly wifi: boolean;
  /** List all variables before the firmware, after its load, and once that many JsVars are in use. */
  readonly heapAt?: number;
}

/** The prelude's text without what no lexer needs: it is lexed at every wake. */
export function preludeText(options: PreludeOptions): string {
  const short = source.replace(/\n\s*(\/\/.*)?/g, "\n");
  return short.replace("NAMES", () => JSON.stringify({ ...forwarded, ...options }));
}
