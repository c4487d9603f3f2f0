/** A site whose meter pushes: by its site file and configuration, from a store on disk, to a head-end that listens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { decodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import { WrapperReader } from "#protocol/dlms/wrapper.ts";
import { site } from "./revenue-running.ts";

test("a meter of a site tells a head-end of its intervals, as they end", async (t) => {
  const heard: { readonly client: number; readonly server: number; readonly apdu: Uint8Array }[] = [];
  const two = Promise.withResolvers<void>();
  const listener = await listenTcp(
    { host: "127.0.0.1", port: 0, maxConnections: 8, clock: new SystemClock() },
    (link) => {
      const reader = new WrapperReader();
      link.receive((bytes) => {
        reader.add(bytes);
        for (let message = reader.next(); message !== undefined; message = reader.next())
          heard.push({ client: message.destination, server: message.source, apdu: message.apdu });
        if (heard.length >= 2) two.resolve();
      });
    },
  );
  t.after(() => listener.close());
  const { running } = await site(t, {
    modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP",
    store: "store: ./data",
    listen: "{ dlms: tcp, port: 0 }, { modbus: tcp, port: 0, unit: 1 }",
    configuration: `
profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh, direction: delivered } }] }]
dlms:
  push:
    - host: 127.0.0.1
      port: ${listener.port}
      when: { every: interval }
      objects: [{ class: 8, object: 0.0.1.0.0.255 }, { class: 3, object: 1.0.1.8.0.255 }, { class: 3, object: 1.0.2.8.0.255 }]
`,
  });
  const timeout = setTimeout(() => two.reject(new Error(running.output())), 20_000);
  await two.promise;
  clearTimeout(timeout);
  const told = heard.map(({ client, server, apdu }) => {
    assert.deepEqual([client, server], [16, 1]);
    const found = decodeXdlms(apdu);
    assert.ok(found.apdu === "data-notification" && found.body.type === "structure");
    const [clock, imported, exported] = found.body.value;
    assert.ok(clock?.type === "octet-string" && clock.value.length === 12);
    // In thousandths of a Wh: more each time, and nothing goes out.
    assert.ok(imported?.type === "double-long-unsigned" && exported?.type === "double-long-unsigned");
    assert.equal(exported.value, 0);
    return { invoke: found.invoke, minute: clock.value[6] ?? NaN, imported: imported.value };
  });
  const [first, second] = told;
  assert.ok(first !== undefined && second !== undefined);
  assert.ok(second.invoke > first.invoke && second.imported > first.imported, JSON.stringify(told));
  assert.notEqual(second.minute, first.minute);
});
