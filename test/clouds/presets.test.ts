/** Cloud presets against the examples that vendors publish, and against their formulas where they publish none. */
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { connectionOf, presets, sharedAccessSignature } from "../../tools/clouds/presets.ts";

describe("vendors' examples", () => {
  test("Alibaba: the signature of its documentation, over the same text in the same order", () => {
    // the documented example signs with SHA-1 and a time stamp; ours without: the text's order is what can go wrong
    const documented = createHmac("sha1", "secret")
      .update("clientId12345deviceNamedeviceproductKeypktimestamp789")
      .digest("hex");
    expect(documented.toUpperCase()).toBe("FAFD82A3D602B37FB0FA8B7892F24A477F851A14");
    const own = connectionOf("alibaba", { productKey: "pk", deviceName: "device", deviceSecret: "secret", region: "cn-shanghai" }); // prettier-ignore
    expect(own).toMatchObject({
      broker: "pk.iot-as-mqtt.cn-shanghai.aliyuncs.com",
      clientId: "pk.device|securemode=3,signmethod=hmacsha256|",
      user: "device&pk",
      password: createHmac("sha256", "secret").update("clientIdpk.devicedeviceNamedeviceproductKeypk").digest("hex").toUpperCase(),
    }); // prettier-ignore
  });

  test("Azure: the signature of its SDK's test", () => {
    expect(sharedAccessSignature("uri", "cGFzc3dvcmQ=", 12345)).toBe(
      "SharedAccessSignature sr=uri&sig=kcWxXAK2OAaAoq2oCkaGzX2NMqDB8nCyNuq2fPYCDhk%3D&se=12345",
    );
    const key = Buffer.from("0123456789abcdef0123456789abcdef").toString("base64");
    expect(connectionOf("azure", { hub: "myhub", deviceId: "dev1", key, expires: "2030-01-01" })).toMatchObject({
      clientId: "dev1",
      user: "myhub.azure-devices.net/dev1/?api-version=2021-04-12",
      password:
        "SharedAccessSignature sr=myhub.azure-devices.net%2Fdevices%2Fdev1&sig=MLMb9mfGGKt00TL7mIqeMsK%2F9ViHgXLyY2kJs%2FBSm%2FM%3D&se=1893456000",
    });
  });
});

describe("vendors' formulas, worked out independently", () => {
  test("Huawei", () => {
    // formats: secret 0123456789abcdef at 2018072417 gives 1029ba42…; ours has another, fixed, time stamp
    expect(createHmac("sha256", "2018072417").update("0123456789abcdef").digest("hex")).toBe(
      "1029ba4232b3e84e4f100b7290dd0b67f40c0fde89a981aafb4ee7594e9a160f",
    );
    const own = connectionOf("huawei", { host: "x.example", deviceId: "d", secret: "0123456789abcdef" });
    expect(own.clientId).toBe("d_0_0_2020010100");
    expect(own.password).toBe(createHmac("sha256", "2020010100").update("0123456789abcdef").digest("hex"));
  });

  test("Tencent", () => {
    const psk = "MDEyMzQ1Njc4OWFiY2RlZg==";
    const own = connectionOf("tencent", { productId: "PRODUCTID0", deviceName: "dev1", psk, expires: "2030-01-01" });
    expect(own.user).toBe("PRODUCTID0dev1;12010126;HIBER;1893456000");
    const sign = (user: string) => createHmac("sha256", "0123456789abcdef").update(user).digest("hex");
    expect(sign("PRODUCTID0dev1;12010126;ABCDE;1893456000")).toBe(
      "084fdbba7ea56da11f2f19c7695795b394120487057053a57423297bf7bff19f",
    );
    expect(own.password).toBe(`${sign(own.user!)};hmacsha256`);
  });

  test("Baidu", () => {
    expect(connectionOf("baidu", { coreId: "core1", deviceKey: "dev1", deviceSecret: "secret123" })).toMatchObject({
      user: "thingidp@core1|dev1|0|SHA256",
      password: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });
});

test.each(Object.keys(presets))("%s names each parameter that is missing, and no secret", (cloud) => {
  const { needs, defaults = {} } = presets[cloud]!;
  const all = Object.fromEntries(
    Object.keys(needs).map((name) => [name, name === "expires" ? "2030-01-01" : "c2VjcmV0"]),
  );
  expect(connectionOf(cloud, all).broker).not.toBe("");
  for (const name of Object.keys(needs)) {
    const rest = Object.fromEntries(Object.entries(all).filter(([other]) => other !== name));
    if (Object.hasOwn(defaults, name)) expect(connectionOf(cloud, rest).broker).not.toBe("");
    else expect(() => connectionOf(cloud, rest)).toThrow(`${name} is missing`);
  }
  expect(() => connectionOf(cloud, { ...all, colour: "c2VjcmV0" })).toThrow("unknown parameter colour");
});

test("an unknown cloud is refused with the known ones", () => {
  expect(() => connectionOf("nimbus", {})).toThrow('unknown cloud "nimbus"');
});
