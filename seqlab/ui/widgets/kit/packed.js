// Messages of bytes of ``pack`` in seqlab/figures/film.py: the length of a header, the header as JSON, then arrays.
// @ts-check

/**
 * One array of a message, as its header describes it; places and lengths count numbers or bytes as the reader wants.
 * @typedef {{ name: string, kind?: string, offset: number, length: number, [more: string]: any }} About
 */

/**
 * Read a message; ``kindOf`` says of which type an array is.
 * @param {Uint8Array} bytes
 * @param {(about: About) => new (body: ArrayBuffer, offset: number, length: number) => any} kindOf
 * @returns {{ header: any, arrays: Array<About & { values: any }> }}
 */
export function unpacked(bytes, kindOf) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const body = bytes.slice(4 + length).buffer; // a copy: the bytes may start anywhere in a larger message
  const arrays = header.arrays.map((/** @type {About} */ about) => {
    const Kind = kindOf(about);
    return { ...about, values: new Kind(body, about.offset, about.length) };
  });
  return { header, arrays };
}

/** A number from its code of 16 bits, spread evenly over a range; NaN where there was none.
 * @param {number} code @param {number[]} range */
export function decoded(code, [low, high]) {
  return code === LOST ? NaN : low + ((code + 32767) / 65534) * (high - low);
}

/** The code of a number that is none. */
export const LOST = -32768;
