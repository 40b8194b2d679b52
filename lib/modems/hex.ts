/** Bytes as hex digits, the form in which AT commands carry them. */

export function toHex(bytes: string): string {
  let out = "";
  for (let i = 0; i < bytes.length; i++) out += (bytes.charCodeAt(i) + 256).toString(16).slice(1);
  return out;
}

export function fromHex(digits: string): string {
  return digits.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16)));
}
