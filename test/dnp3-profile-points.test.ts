/** Points out of device profiles: whatever stands around them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { configurations } from "#product/jemstar/configurations.ts";
import { isDeviceProfile, ProfileError, profilePoints } from "#headend/dnp3-device-profile.ts";

const profile = `<?xml version="1.0"?>
<!-- <dataPoints> of no account -->
<dnp:DNP3DeviceProfileDocument xmlns:dnp="http://www.dnp3.org/DNP3/DeviceProfile/Jan2010">
  <dnp:referenceDevice><dnp:database>
    <dnp:analogInputPoints><dnp:dataPoints>
      <dnp:analogInput><dnp:index>3</dnp:index><dnp:name>Bus &amp; line&#x2126; &amp;#60;</dnp:name><dnp:description>kV</dnp:description>
        <dnp:scaleFactor>0.01</dnp:scaleFactor><dnp:scaleOffset>-5</dnp:scaleOffset><dnp:units>kV</dnp:units>
        <dnp:dnpData><dnp:name>inner</dnp:name></dnp:dnpData></dnp:analogInput>
      <dnp:analogInput><dnp:index>none</dnp:index><dnp:name>no number</dnp:name></dnp:analogInput>
    </dnp:dataPoints></dnp:analogInputPoints>
    <dnp:counterPoints><dnp:dataPoints><dnp:counter><dnp:index>0</dnp:index><dnp:name>Energy</dnp:name></dnp:counter></dnp:dataPoints></dnp:counterPoints>
  </dnp:database></dnp:referenceDevice>
</dnp:DNP3DeviceProfileDocument>`;

test("a profile names its points, with their units and what they are scaled by", () => {
  assert.ok(isDeviceProfile(profile));
  assert.deepEqual(
    profilePoints("m.xml", profile).map(({ kind, index, name, label, unit, factor, offset }) => [
      kind,
      index,
      name,
      label,
      unit,
      factor,
      offset,
    ]),
    [
      ["analog", 3, "Bus & line\u2126 &#60;", "kV", "kV", 0.01, -5],
      ["counter", 0, "Energy", "", "", 1, 0],
      ["frozen counter", 0, "frozen Energy", "", "", 1, 0],
    ],
  );
});

test("analogs are read in the variation that the profile names, with their flags", () => {
  const device = { name: "m", serial: "1", firmware: "1", modelNumber: "JSII-09I6020-1B/2A/3A-DIO-NTP-ML" };
  for (const [named, read] of [
    [1, 1],
    [2, 2],
    [3, 1],
    [4, 2],
    [5, 5],
  ]) {
    const text = `dnp3: { variations: { analog: ${named} }, analogs: [{ measure: { quantity: V, phase: a }, scaling16: 10 }] }`;
    const points = profilePoints("m.xml", configurations.dnp3Profile("m", text, device));
    assert.deepEqual(
      points.flatMap(({ kind, variation, factor }) => (kind === "analog" ? [[variation, factor]] : [])),
      [[read, { 1: 0.001, 2: 0.1, 5: 1 }[read ?? 0]]],
    );
  }
  const ofOthers = profilePoints("m.xml", profile).map(({ kind, variation }) => [kind, variation]);
  assert.deepEqual(ofOthers, [
    ["analog", 1],
    ["counter", 1],
    ["frozen counter", 1],
  ]);
});

test("what is no profile is said", () => {
  assert.equal(isDeviceProfile("dnp3: {}"), false);
  for (const wrong of ["<a></b>", "<a>", "<a></a>"])
    assert.throws(
      () => profilePoints("m.xml", wrong),
      (error) => error instanceof ProfileError && error.message.startsWith("m.xml: "),
      wrong,
    );
});

test("a JEMStar's own profile names the points that it has", () => {
  const order = configurations.usualOrder;
  const device = { name: "m", serial: "1", firmware: "1", modelNumber: "JSII-09I6020-1B/2A/3A-DIO-NTP-ML" };
  const points = profilePoints("m.xml", configurations.dnp3Profile("m", "", device));
  const facts = configurations.dnp3Points("m", "", order);
  const counts = (all: readonly { readonly kind: string }[]): unknown =>
    Object.fromEntries([...Map.groupBy(all, ({ kind }) => kind)].map(([kind, own]) => [kind, own.length]));
  assert.deepEqual(counts(points), counts(facts));
});
