import assert from "node:assert/strict";
import { test } from "node:test";
import { crc16 } from "./crc16.ts";
import { crc32 } from "./crc32.ts";

const check = new TextEncoder().encode("123456789");

test("the CRC-16 of the catalogue's check string is 0x4B37", () => assert.equal(crc16(check), 0x4b37));

test("the CRC-16 of the serial line guide's example 02 07 is 0x1241", () => {
  // Modbus over Serial Line V1.02, appendix B: sent as 41 12.
  assert.equal(crc16(Uint8Array.of(0x02, 0x07)), 0x1241);
});

test("the CRC-32 of the catalogue's check string is 0xCBF43926", () => assert.equal(crc32(check), 0xcbf43926));

test("a CRC covers the part that it is asked for", () => {
  const padded = Uint8Array.of(9, ...check, 9);
  assert.equal(crc16(padded, 1, 10), 0x4b37);
  assert.equal(crc32(padded, 1, 10), 0xcbf43926);
});
