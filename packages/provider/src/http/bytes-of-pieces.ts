/** Pieces of byte text as the bytes they stand for: each is written where it belongs, none is joined before. */
export const bytesOfPieces = (pieces: readonly string[]): Uint8Array => {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const piece of pieces) at += bytes.write(piece, at, "latin1");
  return bytes;
};
