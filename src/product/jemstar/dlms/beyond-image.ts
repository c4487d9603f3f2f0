/**
 * Firmware of a virtual JEMStar over DLMS (IC 18). There is no code to run: an image is its name, "register 0.0.81" of a board and its version, in a
 * line, anything, and at its end the CRC-32 of all before it, high byte first, which is its signature. To activate it is the command
 * `firmware`, of those who may.
 */
import { crc32 } from "#wire/crc32.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { ImageTransfer, type Image, type ImageInfo } from "#protocol/dlms/cosem/image-transfer.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { limits } from "#quantity/limits.ts";
import type { BeyondParts } from "./beyond-settings.ts";
import { resultOf } from "./outcomes.ts";

const NAME = "0.0.44.0.0.255";
/** So that a block goes over HDLC with fields of 128 bytes and without segmentation, and an image of 1 MiB is 16,384 of them. */
const BLOCK = 64;
const SIGNATURE = 4;

interface Firmware {
  readonly board: string;
  readonly version: string;
}

/** What an image's first line names. */
function firmwareOf(text: string): Firmware | undefined {
  const [, board, version] = /^([a-z]{1,20}) (\d{1,3}\.\d{1,3}\.\d{1,3})$/i.exec(text) ?? [];
  return board === undefined || version === undefined ? undefined : { board, version };
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function firstLine(bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0a);
  return ascii(bytes.subarray(0, Math.max(0, Math.min(end, 40))));
}

/** What an image is of; what is wrong with it, in words. */
export function firmwareIn(bytes: Uint8Array): Firmware | { readonly wrong: string } {
  const content = bytes.length - SIGNATURE;
  const firmware = content < 0 ? undefined : firmwareOf(firstLine(bytes));
  if (firmware === undefined)
    return {
      wrong: 'expected a file of firmware, which begins with its board and version in a line, like "register 0.0.81"',
    };
  const [said, sum] = [new DataView(bytes.buffer, bytes.byteOffset).getUint32(content), crc32(bytes, 0, content)];
  if (said === sum) return firmware;
  const hex = (value: number): string => value.toString(16).padStart(8, "0");
  return {
    wrong: `damaged: its last four bytes are ${hex(said)}; expected the CRC-32 of all before them, ${hex(sum)}`,
  };
}

export function verified({ identifier, bytes }: Image): ImageInfo | undefined {
  if ("wrong" in firmwareIn(bytes) || ascii(identifier) !== firstLine(bytes)) return undefined;
  return { size: bytes.length, identification: identifier, signature: bytes.slice(bytes.length - SIGNATURE) };
}

/** Of a meter, whatever port it comes by, and whatever is configured meanwhile. */
export function imageTransferOf(surface: MeterSurface): ImageTransfer {
  return new ImageTransfer({
    blockSize: BLOCK,
    most: limits.dlms.imageBytes,
    verify: verified,
    may: ({ session }) => surface.permits("firmware", session) === undefined,
    activate(image, { session }) {
      const firmware = firmwareOf(ascii(image.identifier));
      return firmware === undefined
        ? "other-reason"
        : resultOf(surface.obey({ command: "firmware", ...firmware }, session));
    },
  });
}

export function imageObjects({ image, full }: BeyondParts): readonly CosemObject[] {
  return image === undefined ? [] : [image.object(NAME, full)];
}
