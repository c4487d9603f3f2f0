/** What answers a command over HTTP may be anybody: it is taken in up to a size and a time, and believed in nothing. */
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { limits } from "#quantity/limits.ts";
import { requestJson } from "./http.ts";

async function answering(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("an answer that goes on for ever is given up at its bound, and the connection with it", async (t) => {
  let sent = 0;
  let gone = (): void => {};
  const left = new Promise<void>((resolve) => (gone = resolve));
  const url = await answering(t, (_request, response) => {
    const chunk = Buffer.alloc(1 << 20, "a");
    const more = (): void => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      sent += chunk.length;
    };
    response.on("drain", more);
    response.on("close", gone);
    response.write('"');
    more();
  });
  await assert.rejects(requestJson(url), /answers with more than \d+ bytes/);
  await left;
  // What lay in the buffers of both sides when it was let go of.
  assert.ok(sent < limits.reader.answerBytes + (1 << 25), String(sent));
});

test("an answer that comes byte by byte is waited for no longer than any", async (t) => {
  const url = await answering(t, (_request, response) => {
    response.write("[");
    const trickle = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(trickle));
  });
  await assert.rejects(requestJson(url, { timeoutMs: 200 }), /did not answer in full within 0.2 s/);
});

test("nobody is led elsewhere with what he shows", async (t) => {
  const asked: string[] = [];
  const other = await answering(t, (request, response) => {
    asked.push(request.url ?? "");
    response.end("{}");
  });
  for (const status of [301, 302, 307, 308]) {
    const url = await answering(t, (_request, response) => response.writeHead(status, { Location: other }).end("{}"));
    await assert.rejects(
      requestJson(url, { token: "secret" }),
      new RegExp(`leads elsewhere \\(HTTP status ${status}\\)`),
    );
  }
  assert.deepEqual(asked, []);
});

test("what is no JSON, or lies in itself without end, is said to be that", async (t) => {
  const say = (text: string): Promise<string> => answering(t, (_request, response) => response.end(text));
  await assert.rejects(requestJson(await say("<html>")), /something that is no JSON: <html>/);
  await assert.rejects(requestJson(await say("[".repeat(1_000_000))), /at most 64 lists and objects within each other/);
  const { status, value } = await requestJson(await say('{"a":["é"]}'));
  assert.deepEqual([status, value], [200, { a: ["é"] }]);
});
