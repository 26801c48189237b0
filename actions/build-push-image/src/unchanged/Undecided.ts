/**
 * It cannot be decided safely whether two builds would give the same image. No error of anybody's:
 * the build is made, and the summary says why.
 */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}
