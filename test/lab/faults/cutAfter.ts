import { Transform } from 'node:stream';

/**
 * Lets so many bytes through, then calls `onCut` once they have been handed on, and holds back the
 * rest for ever. A stream that is shorter is cut at its end: the fault comes all the same.
 */
export function cutAfter(bytes: number, onCut: () => void): Transform {
  let left = bytes;
  let done = false;
  const cut = () => {
    if (done) return;
    done = true;
    onCut();
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (part.length > 0) this.push(part);
      if (left === 0) setImmediate(cut);
      if (!done && left > 0) callback();
    },
    flush() {
      setImmediate(cut);
    },
  });
}

/** Calls `onBytes` with the size of each chunk that passes. */
export function count(onBytes: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      onBytes(chunk.length);
      callback(null, chunk);
    },
  });
}
