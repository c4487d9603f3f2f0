/**
 * Image transfer: firmware in blocks, which is checked as a whole and then activated (Blue Book 4.4.6, class_id 18, version 0). The image is in
 * memory only, and one at a time; whoever begins another begins anew.
 */
import {
  array,
  boolean,
  doubleLongUnsigned,
  enumerated,
  octets,
  structure,
  type Data,
} from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import type { ActionResult, Asker, CosemObject, Method } from "./object.ts";
import { membersOf, wholeOf } from "./read-data.ts";

/** image_transfer_status. */
export const imageStates = {
  "not initiated": 0,
  initiated: 1,
  "verification initiated": 2,
  "verification successful": 3,
  "verification failed": 4,
  "activation initiated": 5,
  "activation successful": 6,
  "activation failed": 7,
} as const;
type ImageState = keyof typeof imageStates;

export interface Image {
  readonly identifier: Uint8Array;
  readonly bytes: Uint8Array;
}

/** What is to be activated: image_to_activate_info. */
export interface ImageInfo {
  readonly size: number;
  readonly identification: Uint8Array;
  readonly signature: Uint8Array;
}

export interface ImageTransferOptions {
  readonly blockSize: number;
  /** Bytes that an image may have. */
  readonly most: number;
  /** Undefined of an image that is none. */
  readonly verify: (image: Image) => ImageInfo | undefined;
  readonly activate: (image: Image, asker: Asker) => ActionResult;
  readonly may: (asker: Asker) => boolean;
}

interface Incoming extends Image {
  /** Of each block, whether it is there. */
  readonly there: boolean[];
}

export class ImageTransfer {
  readonly #with: ImageTransferOptions;
  #state: ImageState = "not initiated";
  #image: Incoming | undefined;
  #info: ImageInfo | undefined;

  constructor(options: ImageTransferOptions) {
    this.#with = options;
  }

  /** Enabled it can be told; else it shows its state only. */
  object(logicalName: LogicalName, enabled: boolean): CosemObject {
    const { blockSize, may } = this.#with;
    const method = (id: number, name: string, invoke: Method["invoke"]): Method => ({ id, name, access: may, invoke });
    return {
      classId: 18,
      version: 0,
      logicalName,
      attributes: [
        readAttribute(2, "image_block_size", () => doubleLongUnsigned(blockSize)),
        readAttribute(3, "image_transferred_blocks_status", () => ({
          type: "bit-string",
          value: this.#image?.there ?? [],
        })),
        readAttribute(4, "image_first_not_transferred_block_number", () => doubleLongUnsigned(this.#firstMissing)),
        readAttribute(5, "image_transfer_enabled", () => boolean(enabled)),
        readAttribute(6, "image_transfer_status", () => enumerated(imageStates[this.#state])),
        readAttribute(7, "image_to_activate_info", () => this.#toActivate),
      ],
      methods: enabled
        ? [
            method(1, "image_transfer_initiate", (_asker, parameters) => this.#initiate(parameters)),
            method(2, "image_block_transfer", (_asker, parameters) => this.#block(parameters)),
            method(3, "image_verify", () => this.#verify()),
            method(4, "image_activate", (asker) => this.#activate(asker)),
          ]
        : [],
    };
  }

  /** The number behind the last one when all are there. */
  get #firstMissing(): number {
    const { there = [] } = this.#image ?? {};
    const missing = there.indexOf(false);
    return missing < 0 ? there.length : missing;
  }

  get #toActivate(): Data {
    if (this.#info === undefined) return array([]);
    const { size, identification, signature } = this.#info;
    return array([structure(doubleLongUnsigned(size), octets(identification), octets(signature))]);
  }

  #initiate(parameters: Data): ActionResult {
    const [identifier, size] = membersOf(parameters, 2) ?? [];
    const bytes = size === undefined ? undefined : wholeOf(size);
    if (identifier?.type !== "octet-string" || bytes === undefined) return "type-unmatched";
    const { most, blockSize } = this.#with;
    if (bytes < 1 || bytes > most || identifier.value.length > LONGEST_IDENTIFIER) return "scope-of-access-violated";
    this.#image = {
      identifier: identifier.value.slice(),
      bytes: new Uint8Array(bytes),
      there: Array.from({ length: Math.ceil(bytes / blockSize) }, () => false),
    };
    this.#info = undefined;
    this.#state = "initiated";
    return "success";
  }

  /** Blocks come in any order, and again where an answer was lost; all but the last are whole. */
  #block(parameters: Data): ActionResult {
    const [number, value] = membersOf(parameters, 2) ?? [];
    const place = number === undefined ? undefined : wholeOf(number);
    if (place === undefined || value?.type !== "octet-string") return "type-unmatched";
    const image = this.#image;
    if (image === undefined || this.#state === "verification successful") return "temporary-failure";
    const at = place * this.#with.blockSize;
    if (place >= image.there.length) return "scope-of-access-violated";
    if (value.value.length !== Math.min(this.#with.blockSize, image.bytes.length - at)) return "type-unmatched";
    image.bytes.set(value.value, at);
    image.there[place] = true;
    this.#state = "initiated";
    return "success";
  }

  #verify(): ActionResult {
    const image = this.#image;
    if (image === undefined || image.there.includes(false)) return "temporary-failure";
    this.#info = this.#with.verify(image);
    this.#state = this.#info === undefined ? "verification failed" : "verification successful";
    return this.#info === undefined ? "other-reason" : "success";
  }

  /** What was not verified is verified first. */
  #activate(asker: Asker): ActionResult {
    const image = this.#image;
    if (image === undefined) return "temporary-failure";
    if (this.#info === undefined) {
      const verified = this.#verify();
      if (verified !== "success") return verified;
    }
    const done = this.#with.activate(image, asker);
    this.#state = done === "success" ? "activation successful" : "activation failed";
    if (done === "success") this.#image = this.#info = undefined;
    return done;
  }
}

/** Octets of a name. */
const LONGEST_IDENTIFIER = 64;
