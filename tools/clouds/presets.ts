/**
 * What the brokers of the large clouds ask of a device: host, client id, user, password, topics and limits, worked out on the
 * laptop, so that the device carries nothing but the finished words. Every preset says how far it was checked.
 */
import { createHash, createHmac } from "node:crypto";
import { UserError } from "../errors.ts";

/** Settings for the device, and what a firmware for that cloud must keep to. */
export interface Connection {
  readonly broker: string;
  readonly port: number;
  /** Whether that port speaks TLS only: through a modem or build without TLS it cannot be reached. */
  readonly tls: boolean;
  readonly clientId: string;
  readonly user?: string;
  readonly password?: string;
  /** Where telemetry as raw bytes goes, and where commands come from. */
  readonly telemetryTopic: string;
  readonly commandTopic: string;
  readonly maximumPayloadBytes?: number;
  readonly keepAliveSeconds?: readonly [least: number, most: number];
}

export interface Preset {
  readonly title: string;
  /** Parameters, with what they are. */
  readonly needs: Readonly<Record<string, string>>;
  /** Parameters that have a value when none is given. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** `example`: the vendor publishes one and this reproduces it. `formula`: only the vendor's description was at hand. */
  readonly checked: "example" | "formula" | "unverified";
  readonly source: string;
  connect(given: Readonly<Record<string, string>>): Connection;
}

const hmac = (method: string, key: string | Buffer, text: string): Buffer =>
  createHmac(method, key).update(text).digest();
const base64 = (text: string): Buffer => Buffer.from(text, "base64");
/** RFC 3986: encodeURIComponent leaves these five. */
const uri = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

/** Unix seconds at which a password expires, from a date. */
function expiry(date: string): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  if (Number.isNaN(ms))
    throw new UserError("not a date", { where: `expires: ${date}`, fix: "write it as 2030-12-31 (UTC)" });
  return ms / 1000;
}

const EXPIRES = "date until which the password is good: 2035-01-01";

export const presets: Readonly<Record<string, Preset>> = {
  alibaba: {
    title: "Alibaba Cloud IoT",
    needs: {
      productKey: "product key",
      deviceName: "device name",
      deviceSecret: "device secret",
      region: "region, for instance cn-shanghai",
    },
    checked: "example",
    source: "alibabacloud.com, MQTT-TCP connections; aliyun/iotkit-embedded dev_sign_mqtt.c",
    connect({ productKey, deviceName, deviceSecret, region }) {
      const cid = `${productKey}.${deviceName}`;
      const text = `clientId${cid}deviceName${deviceName}productKey${productKey}`;
      return {
        broker: `${productKey}.iot-as-mqtt.${region}.aliyuncs.com`,
        port: 1883,
        tls: false,
        clientId: `${cid}|securemode=3,signmethod=hmacsha256|`,
        user: `${deviceName}&${productKey}`,
        password: hmac("sha256", deviceSecret!, text).toString("hex").toUpperCase(),
        telemetryTopic: `/${productKey}/${deviceName}/user/telemetry`,
        commandTopic: `/${productKey}/${deviceName}/user/command`,
        maximumPayloadBytes: 262_144,
        keepAliveSeconds: [30, 1200],
      };
    },
  },
  huawei: {
    title: "Huawei IoTDA",
    needs: { host: "host of the instance's device access", deviceId: "device id", secret: "device secret" },
    checked: "formula",
    source: "huaweicloud-iot-device-sdk-c mqtt_base.c; api-iothub iot_06_v5_3009",
    connect({ host, deviceId, secret }) {
      // sign type 0: the platform does not compare the time stamp, so that a password lasts
      const stamp = "2020010100";
      return {
        broker: host!,
        port: 1883,
        tls: false,
        clientId: `${deviceId}_0_0_${stamp}`,
        user: deviceId!,
        password: hmac("sha256", stamp, secret!).toString("hex"),
        telemetryTopic: `$oc/devices/${deviceId}/sys/messages/up`,
        commandTopic: `$oc/devices/${deviceId}/sys/messages/down`,
        maximumPayloadBytes: 1_048_576,
        keepAliveSeconds: [30, 1200],
      };
    },
  },
  tencent: {
    title: "Tencent IoT Hub",
    needs: { productId: "product id", deviceName: "device name", psk: "device key, Base64", expires: EXPIRES },
    defaults: { expires: "2099-12-31" },
    checked: "formula",
    source: "tencentcloud-iot-explorer-sdk-embedded-c mqtt_client_connect.c; product/1105/41464",
    connect({ productId, deviceName, psk, expires }) {
      const clientId = `${productId}${deviceName}`;
      const user = `${clientId};12010126;HIBER;${expiry(expires!)}`;
      return {
        broker: `${productId}.iotcloud.tencentdevices.com`,
        port: 1883,
        tls: false,
        clientId,
        user,
        password: `${hmac("sha256", base64(psk!), user).toString("hex")};hmacsha256`,
        telemetryTopic: `${productId}/${deviceName}/telemetry`,
        commandTopic: `${productId}/${deviceName}/command`,
        maximumPayloadBytes: 16_384,
        keepAliveSeconds: [0, 900],
      };
    },
  },
  baidu: {
    title: "Baidu IoT Core",
    needs: { coreId: "id of the IoT Core", deviceKey: "device key", deviceSecret: "device secret" },
    checked: "formula",
    source: "Baidu device SDK SignatureGenerator.java; limits unverified",
    connect: ({ coreId, deviceKey, deviceSecret }) => ({
      broker: `${coreId}.iot.gz.baidubce.com`,
      port: 1883,
      tls: false,
      clientId: deviceKey!,
      user: `thingidp@${coreId}|${deviceKey}|0|SHA256`,
      password: createHash("sha256").update(`${deviceKey}&0&SHA256${deviceSecret}`).digest("hex"),
      telemetryTopic: `$iot/${deviceKey}/user/telemetry`,
      commandTopic: `$iot/${deviceKey}/user/command`,
    }),
  },
  azure: {
    title: "Azure IoT Hub",
    needs: { hub: "name of the hub", deviceId: "device id", key: "device key, Base64", expires: EXPIRES },
    checked: "example",
    source: "azure-iot-sdk-node shared_access_signature.ts and its tests; limits unverified",
    connect({ hub, deviceId, key, expires }) {
      const host = `${hub}.azure-devices.net`;
      return {
        broker: host,
        port: 8883,
        tls: true,
        clientId: deviceId!,
        user: `${host}/${deviceId}/?api-version=2021-04-12`,
        password: sharedAccessSignature(`${host}/devices/${deviceId}`, key!, expiry(expires!)),
        telemetryTopic: `devices/${deviceId}/messages/events/$.ct=application%2Fcbor`,
        commandTopic: `devices/${deviceId}/messages/devicebound/#`,
        maximumPayloadBytes: 262_144,
        keepAliveSeconds: [0, 1177],
      };
    },
  },
  aws: {
    title: "AWS IoT",
    needs: { endpoint: "endpoint, …-ats.iot.REGION.amazonaws.com", thing: "name of the thing" },
    checked: "unverified",
    source: "from general knowledge; needs a client certificate in the modem",
    connect: ({ endpoint, thing }) => ({
      broker: endpoint!,
      port: 8883,
      tls: true,
      clientId: thing!,
      telemetryTopic: `hibernode/${thing}/telemetry`,
      commandTopic: `hibernode/${thing}/command`,
      maximumPayloadBytes: 131_072,
      keepAliveSeconds: [30, 1200],
    }),
  },
};

/** Azure's password for a resource. @param key Base64  @param expires Unix seconds */
export function sharedAccessSignature(resource: string, key: string, expires: number): string {
  const encoded = uri(resource);
  const signature = hmac("sha256", base64(key), `${encoded}\n${expires}`).toString("base64");
  return `SharedAccessSignature sr=${encoded}&sig=${uri(signature)}&se=${expires}`;
}

/** @throws UserError that names the cloud or the parameter that is missing or unknown; never a value */
export function connectionOf(cloud: string, given: Readonly<Record<string, string>>): Connection {
  const preset = Object.hasOwn(presets, cloud) ? presets[cloud] : undefined;
  if (!preset)
    throw new UserError(`unknown cloud "${cloud}"`, {
      where: "cloud",
      fix: `one of ${Object.keys(presets).join(", ")}`,
    });
  const all = { ...preset.defaults, ...given };
  for (const [name, what] of Object.entries(preset.needs))
    if (!all[name]) throw new UserError(`${name} is missing`, { where: cloud, fix: `give ${name}: ${what}` });
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(preset.needs, name));
  if (unknown !== undefined)
    throw new UserError(`unknown parameter ${unknown}`, {
      where: cloud,
      fix: `it takes ${Object.keys(preset.needs).join(", ")}`,
    });
  return preset.connect(all);
}
