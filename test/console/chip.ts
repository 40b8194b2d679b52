/** What makes Espruino for Linux look like an ESP32 board at its console: sleep, radio flags, an ADC, and a modem behind a power key. */

/** The chip rests for so many milliseconds, 0 = it restarts at once; told to the server that runs the interpreter. */
export const REST = /\x1erest (\d+)\r?\n/;

export interface ChipOptions {
  /** Of the analog pins, 0 to 1. */
  readonly level?: number;
  /** The modem has found its network so long after its key. Absent: there is no modem. */
  readonly registersAfterMs?: number;
  readonly sim?: boolean;
}

/** Flags of the radios lie in a raw page that nothing else uses, as NVS on the chip: both are on at first. */
export const chip = ({ level = 0.55, registersAfterMs, sim = true }: ChipOptions = {}): string => `
var Serial2=(function(){
var modem;
var flash=require("Flash"),AT=0x31f000;
function rest(ms){print("\\x1erest "+ms);}
function flags(){return flash.read(4,AT)}
function set(i,on){var f=flags();f[i]=on?255:0;flash.erasePage(AT);flash.write(f,AT);require("Storage").erase(".bootcde");rest(0)}
global.ESP32={getState:function(){return{BLE:flags()[0]!=0,Wifi:flags()[1]!=0}},
enableBLE:function(on){set(0,on)},enableWifi:function(on){set(1,on)},deepSleep:function(us){rest(us/1000)}};
global.analogRead=function(){return ${level}};
var on=false,pressed,listener=function(){},since=0;
global.D41=41;global.D34=34;
global.pinMode=function(){};
global.digitalWrite=function(pin,high){
if(pin!=41)return;
if(high)pressed=getTime();
else if(pressed){var held=getTime()-pressed;pressed=0;
if(held>=(on?1.2:1)${registersAfterMs === undefined ? "&&false" : ""}){if(on)on=false;else setTimeout(function(){on=true;since=getTime()},1500)}}};
modem={setup:function(){},on:function(event,f){listener=f},print:function(text){
if(!on)return;
var words={"AT":"","AT+CGMM":"SIM7080G\\r\\n\\r\\n","AT+CPIN?":${sim ? '"+CPIN: READY\\r\\n\\r\\n"' : "undefined"},"AT+CEREG=4":"",
"AT+CEREG?":(getTime()-since)*1000<${registersAfterMs ?? 0}?"+CEREG: 4,2\\r\\n\\r\\n":'+CEREG: 4,1,"1A2B","01234567",9,,,"00100001","00000110"\\r\\n\\r\\n'}[text.trim()];
setTimeout(function(){listener(words===undefined?"\\r\\nERROR\\r\\n":"\\r\\n"+words+"OK\\r\\n")},20)}};
return modem;
})();
`;
