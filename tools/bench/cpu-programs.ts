/** Programs for the model of CPU time: short ones to fit it on, and others, as firmware has them, to test it on. */

const loop = (body: string, before = "", rounds = 400): string =>
  `(function(){var i,x=1,y=2,s="",o={a:1,b:2,c:{d:3}},l=[1,2,3,4,5,6,7,8],u=new Uint8Array(64);${before}for(i=0;i<${rounds};i++){${body}}})();`;

/** One kind of work each, in a loop. */
export const fitted: readonly string[] = [
  loop(""), loop("x=1"), loop("x=1;y=2;x=3;y=4"), loop("x=i"), loop("x=x+i"), loop("x=x*3+i&255"), loop("x=i*1.5"), loop("x+=i"), loop("x++"),
  loop("x=(i<<3)&255^y|1"), loop("x=i-y-x-3-4-5"), loop("x=o.a"), loop("x=o.c.d"), loop("o.a=i"), loop("o.a=o.b+o.c.d"), loop("x=l[i&7]"), loop("x=u[i&63]"),
  loop("u[i&63]=i"), loop("l[3]=i;x=l[2]"), loop("if(i<5)x=1"), loop("if(i<5)x=1;else x=2"), loop("if(i&1)x=1;else x=2"), loop("x=i&1?3:4"), loop("x=i&&y||3"),
  loop("if(i>1e9){x=1;y=2;x=o.a+o.b+o.c.d;s=s+x+y;l.push(x);u[3]=x;y=x+y;x=1;y=2;x=3}"), loop("if(i<1e9){x=1;y=2}else{x=1;y=2;x=o.a+o.b+o.c.d;s=s+x+y;l.push(x)}"),
  loop("f()", "function f(){}"), loop("f(i)", "function f(a){}"), loop("f(i,x,y)", "function f(a,b,c){}"), loop("x=f(i,y)", "function f(a,b){return a+b}"), loop("x=f(i)", "var f=a=>a+1;"),
  loop("x=o.m(i)", "o.m=function(a){return a};"), loop("f(i)", "function f(a){var b=a;let c=b;return c}"), loop("x=f()", "function g(){return 1}function f(){return g()}"),
  loop("x=function(){return i}"), loop("x=()=>i"), loop("x=(function(a){return a})(i)"), loop("x={}"), loop("x={a:1,b:i}"), loop("x=[]"), loop("x=[1,2,i]"), loop("x={alpha:1,beta:'two',gamma:[i]}"),
  loop('s="text"'), loop('s="a"+i'), loop('s=s+"x";if(s.length>40)s=""'), loop("s=`a${i}b`"), loop("x=s.length"), loop('x="abcdef"[i&3]'), loop('x="abc"===s'),
  loop("x=s.charCodeAt(3)", 's="hello world";'), loop("s=String.fromCharCode(i&255,65,66)"), loop('s="hello world".substr(2,4)'), loop('x="hello,world".indexOf(",")'), loop('x="a,b,c".split(",")'), loop('s=["a","b","c"].join("-")'), loop('s=" a ".trim()'),
  loop("x=Math.floor(i/3)"), loop("x=Math.max(i,y)"), loop("x=i.toString(16)"), loop("s=(i/7).toFixed(2)"), loop("x=parseInt('12')"), loop("x=JSON.stringify(o)"), loop("x=JSON.parse('{\"a\":1,\"b\":[1,2]}')"),
  loop("l.push(i);l.shift()"), loop("x=l.slice(2)"), loop("x=l.map(function(v){return v+1})"), loop("l.forEach(v=>{x=v})"), loop("x=l.concat([9])"), loop("x=l.indexOf(5)"), loop("x=l.slice().sort(function(a,b){return b-a})", "", 60),
  loop("x=new Uint8Array(8)"), loop("x=new Uint8Array(u.buffer,4,8)"), loop("x=E.sum(u)"), loop("x=E.CRC32(s)", 's="hello world";'), loop("x=E.toString(u)"), loop("x=E.sum(b)", "var b=new Uint8Array(500);", 60), loop("x=E.CRC32(b)", "var b=new Uint8Array(300);", 60), loop("x=E.toString(b)", "var b=new Uint8Array(200);", 60),
  loop("switch(i&3){case 0:x=1;break;case 1:x=2;break;case 2:x=3;break;default:x=4}"), loop("try{x=1}catch(e){}"), loop("try{throw 1}catch(e){x=e}"), loop("var q=i,r=q"), loop("let q=i;const r=q"),
  loop("for(var j=0;j<4;j++)x=j", "", 120), loop("var j=4;while(j--)x=j", "", 120), loop("for(var k in o)x=k", "", 120), loop("for(var k of l)x=k", "", 120), loop("x=this"), loop("x=typeof i"), loop("x=!i;y=-i"),
  loop("x=new K(i)", "function K(a){this.v=a}"), loop("x=k.m()", "class K{constructor(){this.v=1}m(){return this.v}}var k=new K();"),
]; // prettier-ignore

const repeat = (times: number, body: string): string =>
  `(function(){${body.replace("MAIN", `for(var n=0;n<${times};n++)`)}})();`;

/** Not fitted on. */
export const tested: Readonly<Record<string, string>> = {
  "CRC-8 of a sensor": repeat(40, "function crc(a,b){let c=255^a;for(let i=16;i;i--)8===i&&(c^=b),c=128&c?c<<1^305:c<<1;return c}var s=0;MAIN s+=crc(n,n+3);"),
  "CBOR heads": repeat(60, "var k=String.fromCharCode;function w(t){return k(t>>24&255,t>>16&255,t>>8&255,255&t)}function h(t,e){return e<24?k(t+e):e<256?k(t+24,e):e<65536?k(t+25,e>>8,255&e):k(t+26)+w(e)}function d(t){return t<0?h(32,-1-t):h(0,t)}var o='';MAIN{o+=d(n)+d(n*300)+d(-n)+d(n*70000);if(o.length>200)o=''}"),
  "lines of a modem": repeat(30, "var b='',r=[];function feed(d){var l=(b+d).split('\\n');b=l.pop();for(var x of l){var t=x.trim();if(t==='OK')r.push(0);else if(t.startsWith('+CME'))r.push(1);else if(t){var c=t.indexOf(':');if(c>0)r.push(t.slice(c+1).trim().split(',').length)}}}MAIN{feed('\\r\\n+CEREG: 5,\"1A2B\",\"01'+n);feed('\"\\r\\n\\r\\nOK\\r\\n');r=[]}"),
  "hex to bytes and back": repeat(20, "function to(t){let e='';for(let r=0;r<t.length;r++)e+=(t.charCodeAt(r)+256).toString(16).slice(1);return e}function from(t){let e='';for(let r=0;r<t.length;r+=2)e+=String.fromCharCode(parseInt(t.substr(r,2),16));return e}var s='hello sensor';MAIN s=from(to(s));"),
  "binary search in flash": repeat(40, "var f=new Uint8Array(256);f.fill(255,77);function u(a){return 255===f[a]}function find(n){let i=0,l=n;while(i<l){let m=i+l>>1;u(m)?l=m:i=m+1}return i}var r=0;MAIN r+=find(256);"),
  "state as JSON": repeat(60, "var m={id:7,page:3,released:90,offset:1700000000,failures:0,past:[1,2,3]};MAIN{m.released=n;var t=JSON.stringify([1,m.id,m.page,m.released,m.offset,m.failures].concat(m.past));var b=JSON.parse(t);m.page=b[2]}"),
  "moving mean and alarm": repeat(120, "var w=[],sum=0,al=0;function put(v){w.push(v);sum+=v;if(w.length>8)sum-=w.shift();var m=sum/w.length;if(m>27&&!al)al=1;else if(m<26&&al)al=0;return m}MAIN put(20+n%13*0.75);"),
  "closures of a session": repeat(30, "function open(p){let q=[],c,t=0;const next=()=>{if(c||!q.length)return;const f=q.shift();c=f.d;t=p(f.k)};const end=x=>{const d=c;if(!d)return;c=void 0;d(x);next()};return{ask(k,d){q.push({k:k,d:d});next()},end:end}}var z=0;MAIN{var s=open(k=>k.length);s.ask('AT',x=>{z+=x});s.ask('AT+CPIN?',x=>{z-=x});s.end(1);s.end(0)}"),
  "days and hours of a date": repeat(60, "function unix(t){let r=x=>parseInt(t.substr(x,2),10),n=r(0),u=r(3);u<3&&(n--,u+=12);return 951868800+86400*(365*n+(n>>2)+Math.floor((153*u-457)/5)+r(6)-1)+3600*r(9)+60*r(12)+r(15)}var s=0;MAIN s+=unix('26/03/1'+n%10+',12:34:56+08');"),
  "parts of a packet": repeat(40, "function g(t){return String.fromCharCode(t>>8,255&t)}function y(t){return g(t.length)+t}function O(t,e){let r=String.fromCharCode(t),n=e.length;for(;n>127;)r+=String.fromCharCode(127&n|128),n>>=7;return r+String.fromCharCode(n)+e}var s='';MAIN s=O(48,y('node/17/telemetry')+g(n)+'payload of some length');"),
  "columns of readings": repeat(6, "var v=new Int32Array(96),p=0,o='';for(var i=0;i<96;i++)v[i]=2000+i%7*3;function d(t){return t<24&&t>-25?String.fromCharCode(t<0?31-t:t):String.fromCharCode(24,255&t)}MAIN{o='';p=0;for(var i=n;i<96;i+=2){var e=v[i];o+=d(e-p);p=e}}"),
  "classes and getters": repeat(60, "class A{constructor(x){this.x=x}get d(){return this.x*2}add(v){this.x+=v;return this}}class B extends A{constructor(x){super(x);this.n=0}add(v){this.n++;return super.add(v+1)}}var b=new B(1);MAIN{b.add(n).add(2);if(b.d>1e5)b.x=0}"),
  "next wake of two jobs": repeat(60, "function due(j,l){return void 0===l?0:(Math.floor((l+1)/j.t)+1)*j.t}function next(j,d){let r=1/0;for(let n=0;n<j.length;n++)r=Math.min(r,d[n]+j[n].slack);let m=0;for(let u=0;u<j.length;u++)d[u]<=r&&(m=Math.max(m,d[u]));return m}var j=[{t:900,slack:120},{t:21600,slack:1200}],s=0;MAIN{s=next(j,[due(j[0],s),due(j[1],s)])}"),
}; // prettier-ignore
