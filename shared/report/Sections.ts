import { Buffer } from 'node:buffer';
import { blocks, Markdown, md } from './Markdown.ts';

/** Blocks below each other, within a number of bytes. What does not fit is not begun. */
export class Sections {
  readonly #blocks: Markdown[] = [];
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** How many bytes the next block may take. */
  get left(): number {
    return this.#left;
  }

  /** @returns whether it had room */
  add(block: Markdown | undefined): boolean {
    if (block === undefined) return true;
    const bytes = Buffer.byteLength(block.text) + 2;
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    this.#blocks.push(block);
    return true;
  }

  /** Those of many that fit into a share of what is left; the others are counted. */
  addSome(all: readonly Markdown[], share: number): void {
    const least = this.#left * (1 - share);
    let shown = 0;
    while (shown < all.length && this.#left > least && this.add(all[shown])) shown++;
    if (shown < all.length) this.add(md`…and ${all.length - shown} more of these.`);
  }

  /** Content that is folded away under a title. */
  fold(title: Markdown, content: Markdown): boolean {
    return this.add(
      blocks(new Markdown(`<details><summary>${title.text}</summary>`), content, md`</details>`),
    );
  }

  end(): Markdown {
    return blocks(...this.#blocks);
  }
}
