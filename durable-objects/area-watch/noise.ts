// How much a watcher may say. Nothing it says is read: `ping` is answered by the runtime itself, all else is ignored, and
// who says too much has to go, so that nobody keeps the object from telling the others. Has no clock.

/** Characters or bytes of one message. */
const MESSAGE_SIZE_MAX = 256;

/** Messages of one watcher between two looks at the area. */
const MESSAGES_MAX = 20;

export class Noise {
  readonly #heard = new Map<object, number>();

  /** Counts a message; whether it was one too many, or too large. */
  isTooMuch(watcher: object, message: string | ArrayBuffer): boolean {
    const size = typeof message === "string" ? message.length : message.byteLength;
    const heard = (this.#heard.get(watcher) ?? 0) + 1;
    this.#heard.set(watcher, heard);
    return size > MESSAGE_SIZE_MAX || heard > MESSAGES_MAX;
  }

  forget(): void {
    this.#heard.clear();
  }
}
