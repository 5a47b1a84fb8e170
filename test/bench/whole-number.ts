import { InvalidArgumentError } from "commander";

/** An option's value. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError("It must be a whole number from 1 to 9999.");
  }
  return Number(text);
}
