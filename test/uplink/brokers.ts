/** Real brokers for tests: aedes in this process, and mosquitto as a program where the environment variable MOSQUITTO asks for it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { Aedes } from "aedes";
import { generate } from "selfsigned";

export interface TestBroker {
  readonly port: number;
  readonly tlsPort: number;
  /** PEM of the certificate at `tlsPort`, for localhost and by nobody's authority. */
  readonly certificate: string;
  /** Ends it in good order, sessions kept where it can, and starts it again at the same ports. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The one login that is not refused; without any it is let in as well. */
export const LOGIN = { user: "node", password: "s3cret" };

export const brokers: Readonly<Record<string, (() => Promise<TestBroker>) | undefined>> = {
  aedes: startAedes,
  mosquitto: process.env["MOSQUITTO"] ? startMosquitto : undefined,
};
if (!brokers["mosquitto"]) console.log("mosquitto is not tried: set MOSQUITTO to 1, or to the path of the program");

const certified = async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  return { key, cert };
};

const listening = async (server: Server, port = 0): Promise<number> => {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};

async function startAedes(): Promise<TestBroker> {
  const { key, cert } = await certified();
  const life = async (port?: number, tlsPort?: number) => {
    const broker = new Aedes();
    await broker.listen();
    broker.authenticate = (_client, user, password, done) => {
      const good = user === undefined || (user === LOGIN.user && String(password) === LOGIN.password);
      if (good) return done(null, true);
      done(Object.assign(new Error("refused"), { returnCode: 5 }), null);
    };
    const sockets = new Set<Socket>();
    const servers = [createServer(broker.handle), createTlsServer({ key, cert }, broker.handle)] as const;
    for (const server of servers) server.on("connection", (socket) => void sockets.add(socket));
    const ports = [await listening(servers[0], port), await listening(servers[1], tlsPort)] as const;
    const end = async (): Promise<void> => {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => broker.close(resolve));
    };
    return { ports, end };
  };
  let current = await life();
  const [port, tlsPort] = current.ports;
  return {
    ...{ port, tlsPort, certificate: cert },
    stop: () => current.end(),
    async restart() {
      await current.end();
      current = await life(port, tlsPort);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  return port;
}

async function startMosquitto(): Promise<TestBroker> {
  const asked = process.env["MOSQUITTO"]!;
  const folder = mkdtempSync(join(tmpdir(), "hibernode-mosquitto-"));
  const { key, cert } = await certified();
  const [port, tlsPort] = [await freePort(), await freePort()];
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  // format of mosquitto_passwd: PBKDF2 with SHA-512, 101 rounds
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(LOGIN.password, salt, 101, 64, "sha512");
  const passwords = file("passwords", `${LOGIN.user}:$7$101$${salt.toString("base64")}$${hash.toString("base64")}\n`);
  const config = file(
    "mosquitto.conf",
    [
      `listener ${port} 127.0.0.1`,
      `listener ${tlsPort} 127.0.0.1`,
      `certfile ${file("cert.pem", cert)}`,
      `keyfile ${file("key.pem", key)}`,
      "allow_anonymous true",
      `password_file ${passwords}`,
      "persistence true",
      `persistence_location ${folder}/`,
      ...(process.getuid?.() === 0 ? ["user root"] : []),
      "",
    ].join("\n"),
  );
  const life = async (): Promise<ChildProcess> => {
    const child = spawn(asked === "1" ? "mosquitto" : asked, ["-c", config], { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr!.on("data", (text: Buffer) => appendFileSync(join(folder, "log"), text));
    for (;;) {
      const socket = connect(port, "127.0.0.1");
      const up = await new Promise((resolve) => socket.once("connect", () => resolve(true)).once("error", () => resolve(false))); // prettier-ignore
      socket.destroy();
      if (up) return child;
      if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}: see ${folder}/log`);
      await new Promise((wait) => setTimeout(wait, 20));
    }
  };
  let child = await life();
  const end = async (): Promise<void> => {
    child.kill("SIGTERM");
    await once(child, "close");
  };
  return {
    ...{ port, tlsPort, certificate: cert },
    async restart() {
      await end();
      child = await life();
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true });
    },
  };
}
