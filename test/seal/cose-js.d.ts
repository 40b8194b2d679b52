declare module "cose-js" {
  const cose: {
    readonly encrypt: { read(message: Buffer, key: Buffer): Promise<Uint8Array> };
    readonly mac: { read(message: Buffer, key: Buffer): Promise<Uint8Array> };
  };
  export default cose;
}
