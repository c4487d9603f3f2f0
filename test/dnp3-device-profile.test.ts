/**
 * The device profile of DNP3 that a configuration makes. The schema of the DNP Users Group may not be passed on, and is not here: what
 * it has is held by the names and the order of the documents that are public.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { configurations } from "#product/jemstar/configurations.ts";
import { implementedObjects } from "#protocol/dnp3/outstation/implemented.ts";
import { run } from "./cli-run.ts";
import { DNP_MODEL } from "./dnp3-meter.ts";

const device = { name: "substation-7", serial: "261200001", firmware: "1.019", modelNumber: DNP_MODEL };
const profileOf = (text: string, port?: string): string =>
  configurations.dnp3Profile("jem.yaml", text, { ...device, port });

interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** Reads XML of elements and texts; throws where it is not well formed. */
function elements(xml: string): Element {
  const root: Element = { name: "", children: [], text: "" };
  const open = [root];
  const [declaration = ""] = /^<\?xml version="1.0" encoding="UTF-8"\?>\n/.exec(xml) ?? [];
  assert.notEqual(declaration, "");
  for (const [, end, name = "", empty, text = ""] of xml
    .slice(declaration.length)
    .matchAll(/<(\/?)([A-Za-z0-9]+)(?: [a-zA-Z]+="[^"<]*")*(\/?)>([^<]*)/g)) {
    const last = open.at(-1);
    assert.ok(last !== undefined);
    if (end === "/") assert.equal(open.pop()?.name, name);
    else {
      const element = { name, children: [], text: "" };
      last.children.push(element);
      if (empty !== "/") open.push(element);
    }
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += text.trim();
  }
  assert.equal(open.length, 1, "every element ends");
  const [document] = root.children;
  assert.ok(document !== undefined && root.children.length === 1);
  return document;
}

function at(element: Element, path: string): Element {
  let found = element;
  for (const name of path.split("/")) {
    const next = found.children.find((one) => one.name === name);
    assert.ok(next !== undefined, `${path}: no ${name}`);
    found = next;
  }
  return found;
}

const names = ({ children }: Element): readonly string[] => children.map(({ name }) => name);
const CONFIGURATION = "referenceDevice/configuration";
/** The first word, or value, of what is set now. */
const now = (document: Element, path: string): string => {
  const [first] = at(document, `${CONFIGURATION}/${path}/currentValue`).children;
  return first?.text === "" ? first.name : (first?.text ?? "");
};

/** Names of sections in the order in which schema 2.10 has them, of those that a profile of an outstation has. */
const sections: readonly [path: string, order: readonly string[]][] = [
  ["documentHeader", ["documentName", "documentDescription"]],
  ["referenceDevice", ["configuration", "database", "implementationTable", "dataPointsList"]],
  [
    CONFIGURATION,
    [
      "deviceConfig",
      "networkConfig",
      "linkConfig",
      "applConfig",
      "outstationConfig",
      "unsolicitedConfig",
      "outstationPerformance",
      "securityConfig",
    ],
  ],
  [
    `${CONFIGURATION}/deviceConfig`,
    [
      "deviceFunction",
      "vendorName",
      "deviceName",
      "hardwareVersion",
      "softwareVersion",
      "documentVersionNumber",
      "dnpLevelSupported",
      "supportedFunctionBlocks",
      "notableAdditions",
      "configurationMethods",
      "connectionsSupported",
    ],
  ],
  [
    `${CONFIGURATION}/linkConfig`,
    [
      "dataLinkAddress",
      "sourceAddressValidation",
      "expectedSourceAddress",
      "selfAddressSupport",
      "sendsConfirmedUserDataFrames",
      "linkLayerConfirmTimeout",
      "maxDataLinkRetries",
      "maxTransmittedFrameSize",
      "maxReceivedFrameSize",
    ],
  ],
  [
    "referenceDevice/database/counterGroup/configuration",
    [
      "defaultCounterStaticVariation",
      "defaultCounterEventVariation",
      "counterClass0ResponseMode",
      "counterEventReportingMode",
      "defaultFrozenCounterStaticVariation",
      "defaultFrozenCounterEventVariation",
      "frozenCounterClass0ResponseMode",
      "frozenCounterEventReportingMode",
      "counterRollOver",
      "countersFrozen",
      "eventBufferPerObjectGroup",
      "frozenEventBufferPerObjectGroup",
      "reportValueChangeCounterEvents",
    ],
  ],
  ["referenceDevice/dataPointsList", ["binaryInputPoints", "binaryOutputPoints", "counterPoints", "analogInputPoints"]],
  [
    "referenceDevice/dataPointsList/counterPoints/dataPoints/counter",
    [
      "index",
      "name",
      "description",
      "countersIncludedInClass0",
      "counterEventClass",
      "frozenCounterExists",
      "frozenCountersIncludedInClass0",
      "frozenCounterEventClass",
      "counterRollOver",
    ],
  ],
  [
    "referenceDevice/dataPointsList/analogInputPoints/dataPoints/analogInput",
    ["index", "name", "description", "changeEventClass", "includedInClass0Response", "scaleFactor", "units"],
  ],
];

test("a profile is well formed, of schema 2.10, and has its sections in order", () => {
  const text = profileOf("");
  assert.match(
    text,
    /<DNP3DeviceProfileDocument schemaVersion="2\.10\.00" xmlns="http:\/\/www\.dnp3\.org\/DNP3\/DeviceProfile\/November2014">/,
  );
  const document = elements(text);
  for (const [path, order] of sections) assert.deepEqual(names(at(document, path)), order, path);
  // Every parameter has what it can be, and what it is; a name and an address only the latter.
  for (const { name, children } of at(document, `${CONFIGURATION}/linkConfig`).children)
    assert.deepEqual(
      children.map((one) => one.name),
      ["capabilities", "currentValue"],
      name,
    );
});

test("a profile of the factory's configuration says Appendix A's Protocol Setup, and that there is no secure authentication", () => {
  const document = elements(profileOf(""));
  const said = (path: string): string => now(document, path);
  assert.deepEqual(
    [
      said("deviceConfig/softwareVersion"),
      said("deviceConfig/hardwareVersion"),
      said("networkConfig/portName"),
      said("networkConfig/tcpListenPort"),
      said("linkConfig/dataLinkAddress"),
      said("linkConfig/sourceAddressValidation"),
      said("linkConfig/selfAddressSupport"),
      said("linkConfig/sendsConfirmedUserDataFrames"),
      said("linkConfig/maxDataLinkRetries"),
      said("applConfig/maxTransmittedFragmentSize"),
      said("outstationConfig/applicationLayerConfirmTimeout"),
      said("unsolicitedConfig/supportsUnsolicitedReporting"),
      said("securityConfig/secureAuthenticationSupported"),
    ],
    [
      "1.019",
      DNP_MODEL,
      "ethernet 1",
      "20000",
      "1",
      "never",
      "no",
      "never",
      "none",
      "2048",
      "1000",
      "off",
      "notSupported",
    ],
  );
  const needs = at(document, `${CONFIGURATION}/outstationPerformance/outstationSetsIIN14/currentValue`);
  assert.deepEqual(
    needs.children.map(({ name, text }) => [name, text]),
    [
      ["atStartup", ""],
      ["afterLastTimeSync", "3600"],
    ],
  );
  const points = at(document, "referenceDevice/dataPointsList");
  const count = (list: string): number => at(points, `${list}/dataPoints`).children.length;
  assert.deepEqual(
    ["binaryInputPoints", "binaryOutputPoints", "counterPoints", "analogInputPoints"].map(count),
    [13, 6, 4, 10],
  );
  const [first] = at(points, "counterPoints/dataPoints").children;
  assert.deepEqual(
    first?.children.map(({ text }) => text),
    ["0", "kWhr Delivered", "register 2, Wh.import in kWh", "always", "none", "true", "never", "one", "999999999"],
  );
  const last = at(points, "analogInputPoints/dataPoints").children[9];
  assert.deepEqual(
    last?.children.map(({ text }) => text),
    ["9", "VA.b", "secondary; times 1000 of 32 bits, times 1 of 16 bits", "none", "always", "0.001", "VA"],
  );
});

test("what is configured otherwise is said otherwise", () => {
  const document = elements(
    profileOf(
      `
communications: { port3: { protocol: dnp3, address: 9, baud: 19200 } }
dnp3:
  master: 100
  link: { confirm: always, retries: 7, timeoutMs: 2000 }
  writeTimeHours: 0
  class0: both
  counterDigits: 6
  allowRegisterPresets: true
  events: { frozen: { class: 2 }, analog: { enabled: true, variation: 5 } }
  unsolicited: { master: 100, retries: 5 }
  counters: [{ register: 1 }, { register: 2, scaling: 10 }, { register: 107 }]
  binaries: [{ input: 7 }, { trigger: 1 }]
  analogs: []
`,
      "serial 3",
    ),
  );
  const said = (path: string): string => now(document, path);
  assert.deepEqual(
    [
      said("serialConfig/baudRate"),
      said("serialConfig/interCharacterTimeout"),
      said("linkConfig/dataLinkAddress"),
      said("linkConfig/sourceAddressValidation"),
      said("linkConfig/expectedSourceAddress"),
      said("linkConfig/sendsConfirmedUserDataFrames"),
      said("linkConfig/linkLayerConfirmTimeout"),
      said("linkConfig/maxDataLinkRetries"),
      said("unsolicitedConfig/supportsUnsolicitedReporting"),
      said("unsolicitedConfig/maxUnsolicitedRetries"),
    ],
    ["19200", "1000", "9", "alwaysSingleAddress", "100", "always", "2000", "7", "on", "5"],
  );
  assert.deepEqual(names(at(document, `${CONFIGURATION}/outstationPerformance/outstationSetsIIN14/currentValue`)), [
    "atStartup",
  ]);
  const points = at(document, "referenceDevice/dataPointsList");
  assert.deepEqual(names(points), ["binaryInputPoints", "binaryOutputPoints", "counterPoints"]);
  assert.deepEqual(
    at(points, "counterPoints/dataPoints").children.map(({ children }) => children.slice(-5).map(({ text }) => text)),
    [
      ["none", "true", "always", "two", "4294967295"],
      ["none", "true", "always", "two", "999999"],
      ["none", "true", "always", "two", "4294967295"],
    ],
  );
  assert.deepEqual(
    at(points, "binaryInputPoints/dataPoints").children.map(({ children }) => children[1]?.text),
    ["input 7", "trigger 1"],
  );
});

test("what a point is scaled by, and where it begins at zero, is so in the variation that the profile names", () => {
  const facts = (analog: number, counter: number, digits: number | "any"): readonly unknown[] => {
    const document = elements(
      profileOf(`
dnp3:
  variations: { analog: ${analog}, counter: ${counter} }
  counterDigits: ${digits}
  events: { analog: { enabled: true } }
  counters: [{ register: 2 }, { register: 1 }]
  analogs: [{ measure: { quantity: V, phase: a }, scaling: 1000, scaling16: 10, deadband: 500 }]
`),
    );
    const points = at(document, "referenceDevice/dataPointsList");
    const [volts] = at(points, "analogInputPoints/dataPoints").children;
    const of = ["scaleFactor", "dnpData/deadband"].map((path) => (volts === undefined ? "" : at(volts, path).text));
    const last = at(points, "counterPoints/dataPoints").children.map((one) => at(one, "counterRollOver").text);
    return [...of, ...last];
  };
  // Half a volt, of thousandths, of tenths, of volts. Energies, and the time in seconds beside them.
  for (const analog of [1, 3]) assert.deepEqual(facts(analog, 5, "any"), ["0.001", "500", "999999999", "4294967295"]);
  for (const analog of [2, 4]) assert.deepEqual(facts(analog, 6, "any"), ["0.1", "5", "65535", "65535"]);
  assert.deepEqual(facts(5, 2, 4), ["1", "0.5", "9999", "65535"]);
  assert.deepEqual(facts(5, 1, 4), ["1", "0.5", "9999", "4294967295"]);
});

test("names that people have given are texts, whatever is in them", () => {
  const text = profileOf(
    `registers: { normal: [{ id: 2, label: '<kWh> & "so\\u0001"', type: consumption, measure: { quantity: Wh } }] }`,
  );
  const [counter] = at(elements(text), "referenceDevice/dataPointsList/counterPoints/dataPoints").children;
  assert.match(counter?.children[1]?.text ?? "", /^&lt;kWh&gt; &amp; &quot;so/);
});

/** [group, variation, function] of the rows of a profile. */
function rowsOf(text: string): readonly string[] {
  return at(elements(text), "referenceDevice/implementationTable/table")
    .children.filter(({ name }) => name === "supportedVariation")
    .map((row) => ["objectGroup", "variation", "request/functionCode"].map((path) => at(row, path).text).join(" "));
}

test("the implementation table is what the outstation answers, as far as the configuration lets it", () => {
  const all = implementedObjects.flatMap(({ group, variation, takes }) =>
    [...takes.keys()].map((code) => `${group} ${variation} ${code}`),
  );
  const full = "dnp3: { allowRegisterPresets: true, unsolicited: { master: 1 } }";
  assert.deepEqual(rowsOf(profileOf(full)), all);
  const isOf =
    (...codes: readonly number[]) =>
    (row: string): boolean =>
      codes.includes(Number(row.split(" ")[2]));
  assert.deepEqual(
    rowsOf(profileOf("")),
    all.filter((row) => !isOf(9, 10, 20, 21)(row)),
  );
  assert.deepEqual(
    rowsOf(profileOf("dnp3: { allowFreeze: false, allowTimeSet: false }")),
    all.filter((row) => !isOf(7, 8, 9, 10, 20, 21)(row) && !/^50 \d 2$/.test(row)),
  );
});

test("a port that the meter has not, or that has no DNP3, is refused in words", () => {
  assert.throws(
    () => profileOf("", "optical"),
    /port: expected one of ethernet 1, serial 3, serial 4, modem; found optical/,
  );
  assert.throws(
    () => configurations.dnp3Profile("x", "", { ...device, modelNumber: "JSII-09I6020" }),
    /this meter has no port for DNP3/,
  );
});

test("of a meter that runs it says where its listeners are, and nothing of a network that it does not know", () => {
  const at = (...reached: NonNullable<Parameters<typeof configurations.dnp3Profile>[2]["reached"]>): string =>
    configurations.dnp3Profile("x", "", { ...device, reached });
  const tls = at({ over: "tls", host: "0.0.0.0", number: 19_998 });
  assert.equal(now(elements(tls), "networkConfig/tcpListenPort"), "19998");
  assert.match(tls, /It listens over TLS \(IEC 62351-3\), TCP port 19998/);
  assert.doesNotMatch(tls, /ipAddress|subnetMask/);
  const udp = at({ over: "udp", host: "192.0.2.7", number: 20_001 });
  assert.match(udp, /It listens over UDP port 20001/);
  assert.doesNotMatch(udp, /tcpListenPort/);
  assert.match(udp, /<address>192\.0\.2\.7</);
  const serial = elements(at({ over: "serial", line: 1, baud: 1200, parity: "even" }));
  assert.deepEqual(
    ["portName", "baudRate"].map((name) => now(serial, `serialConfig/${name}`)),
    ["serial 4", "1200"],
  );
  assert.match(at({ over: "serial", line: 0, baud: 9600, parity: "none" }), /8 data bits, 1 stop bit, no parity/);
  assert.match(at({ over: "serial", line: 1, baud: 1200, parity: "even" }), /8 data bits, 1 stop bit, even parity/);
  assert.throws(() => at(), /port: DNP3 is not enabled on ethernet 1/);
  const enabled = "communications: { port3: { protocol: dnp3 } }";
  assert.match(configurations.dnp3Profile("x", enabled, { ...device, reached: [] }), /serial 3/);
});

test("a listener that the configuration bars is none: nobody is answered there", () => {
  const of = (configuration: string, port?: string): string =>
    configurations.dnp3Profile("x", configuration, {
      ...device,
      port,
      reached: [
        { over: "tcp", host: "192.0.2.7", number: 20_001 },
        { over: "serial", line: 0, baud: 9600, parity: "none" },
      ],
    });
  assert.match(of(""), /It listens over TCP port 20001/);
  const disabled = "communications: { ethernet1: { dnp3: { use: disabled } } }";
  const serial = of(disabled);
  assert.equal(now(elements(serial), "serialConfig/portName"), "serial 3");
  assert.doesNotMatch(serial, /It listens/);
  const bars = "a listener of this meter has it there, and its configuration bars it; expected";
  assert.throws(() => of(disabled, "ethernet 1"), new RegExp(`not enabled on ethernet 1: ${bars} serial 3$`));
  const neither = "communications: { ethernet1: { dnp3: { use: disabled } }, port3: { protocol: modbus } }";
  assert.throws(
    () => of(neither, "serial 3"),
    new RegExp(`not enabled on serial 3: ${bars} a configuration that does`),
  );
});

test("the command prints what a file makes", async () => {
  const printed = await run("config", "device-profile", "factory", "--model-number", DNP_MODEL, "--port", "serial 4");
  assert.equal(printed.status, 0, printed.err);
  assert.equal(now(elements(printed.out), "serialConfig/portName"), "serial 4");
  const wrong = await run("config", "device-profile", "factory", "--port", "optical");
  assert.deepEqual([wrong.status, /port: expected one of/.test(wrong.err)], [2, true]);
});
