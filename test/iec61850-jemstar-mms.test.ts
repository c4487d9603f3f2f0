/** A JEMStar II over MMS, as a client finds it that knows nothing of it: by names, types and values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TypeDescription } from "#protocol/iec61850/mms/data.ts";
import type { Request, Response } from "#protocol/iec61850/mms/services.ts";
import type { AccessResult } from "#protocol/iec61850/mms/variable-access.ts";
import { IEC_MODEL, iedMeter } from "./iec61850-meter.ts";
import { serving, type TestClient } from "./mms-serving.ts";

function answerTo<Service extends Response["service"]>(
  client: TestClient,
  request: Request & { readonly service: Service },
): Response & { readonly service: Service } {
  const answer = client.request(request);
  assert.ok(answer.kind === "response" && answer.response.service === request.service, JSON.stringify(answer));
  return answer.response as Response & { readonly service: Service };
}

function namesOf(client: TestClient, domain: string, objectClass: number): readonly string[] {
  const all: string[] = [];
  for (let more = true; more;) {
    const request = {
      service: "getNameList",
      scope: "domain",
      domain,
      objectClass,
      continueAfter: all.at(-1),
    } as const;
    const { names, moreFollows } = answerTo(client, request);
    all.push(...names);
    more = moreFollows;
  }
  return all;
}

/** Why a value is not of a type; undefined where it is. */
function misfit(type: TypeDescription, value: AccessResult, name: string): string | undefined {
  if (value.kind !== type.kind) return `${name}: ${value.kind} for ${type.kind}`;
  if (type.kind === "structure" && value.kind === "structure") {
    if (value.items.length !== type.fields.length) return `${name}: ${value.items.length} for ${type.fields.length}`;
    for (const [k, field] of type.fields.entries()) {
      const item = value.items[k];
      const wrong = item === undefined ? name : misfit(field.type, item, `${name}$${field.name}`);
      if (wrong !== undefined) return wrong;
    }
  }
  if (type.kind === "array" && value.kind === "array") {
    if (value.items.length !== type.count) return `${name}: ${value.items.length} for ${type.count}`;
    return value.items.map((item, k) => misfit(type.of, item, `${name}(${k})`)).find((wrong) => wrong !== undefined);
  }
  return undefined;
}

const listens = "communications: { ethernet1: { iec61850: { use: enabled } } }";

for (const [what, options] of [
  ["of edition 2.1", { configuration: listens }],
  ["of edition 1", { configuration: `${listens}\niec61850: { edition: "1" }` }],
  [
    "with a power quality engine",
    { configuration: listens, modelNumber: IEC_MODEL.replace("-NTP", "").concat("-PQ3") },
  ],
] as const) {
  test(`all that a meter ${what} has can be read, and is of the type that it is said to be`, async (t) => {
    const meter = iedMeter(t, options);
    meter.pass(1);
    const client = await serving(meter.host).client();
    const { names: domains } = answerTo(client, { service: "getNameList", scope: "vmd", objectClass: 9 });
    let read = 0;
    for (const domain of domains) {
      for (const item of namesOf(client, domain, 0)) {
        const name = { scope: "domain", domain, item } as const;
        const { type } = answerTo(client, { service: "getVariableAccessAttributes", name });
        const access = { kind: "variables", variables: [{ kind: "name", name }] } as const;
        const [value] = answerTo(client, { service: "read", withSpecification: false, access }).results;
        assert.ok(value !== undefined && value.kind !== "failure", item);
        assert.equal(misfit(type, value, item), undefined);
        read++;
      }
      for (const item of namesOf(client, domain, 2)) {
        const access = { kind: "list", name: { scope: "domain", domain, item } } as const;
        const { results } = answerTo(client, { service: "read", withSpecification: false, access });
        assert.ok(results.length > 0 && results.length <= 50, item);
        assert.deepEqual(
          results.filter(({ kind }) => kind === "failure"),
          [],
        );
      }
    }
    assert.ok(read > 1000, `${read} read`);
  });
}

test("a measurement over MMS is the meter's, in single precision", async (t) => {
  const meter = iedMeter(t, { configuration: listens });
  meter.host.image();
  meter.pass(1);
  const client = await serving(meter.host).client();
  const value = client.read("MMXU1$MX$TotW$mag$f");
  // 377.6 + 363 + 744 W.
  assert.ok(value?.kind === "float" && Math.abs(value.value - 1484.6) < 0.001, JSON.stringify(value));
  assert.deepEqual(client.read("MMXU1$MX$TotW$q"), { kind: "bits", octets: Uint8Array.of(0, 0), length: 13 });
});
