/** A build context holds what no archive of it would, or its .dockerignore cannot be read as BuildKit does. */
export class NotListable extends Error {
  override readonly name = 'NotListable';
}
