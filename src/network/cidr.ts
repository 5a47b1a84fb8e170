import { Address4 } from "ip-address";

/** A block of IPv4 addresses. */
export interface Block {
  /** The first address, as a number. */
  readonly start: number;
  /** How many bits all addresses have alike. */
  readonly prefix: number;
}

/** Reads what is written as AWS wants it: four numbers without leading zeroes, and no bit set behind the prefix. */
export function parseBlock(text: string): Block | undefined {
  if (!Address4.isValid(text)) {
    return undefined;
  }
  const address = new Address4(text);
  const block = { start: Number(address.startAddress().bigInt()), prefix: address.subnetMask };
  return formatBlock(block) === text ? block : undefined;
}

/** Reads a block that is known to be one. */
export function blockOf(text: string): Block {
  const block = parseBlock(text);
  if (block === undefined) {
    throw new Error(`${text} is not a CIDR block`);
  }
  return block;
}

export function formatBlock({ start, prefix }: Block): string {
  const bytes = [24, 16, 8, 0].map((place) => Math.floor(start / 2 ** place) % 256);
  return `${bytes.join(".")}/${prefix}`;
}

/** How many addresses a block of this prefix holds. Powers, since shifts end at 31 bits. */
export function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** Of the blocks of this prefix in `parent`, the one of this number, from 0. */
export function nthBlock(parent: Block, prefix: number, number: number): Block {
  return { start: parent.start + number * sizeOf(prefix), prefix };
}

export function overlap(one: Block, other: Block): boolean {
  return one.start < endOf(other) && other.start < endOf(one);
}

export function contains(outer: Block, inner: Block): boolean {
  return outer.start <= inner.start && endOf(inner) <= endOf(outer);
}

function endOf({ start, prefix }: Block): number {
  return start + sizeOf(prefix);
}
