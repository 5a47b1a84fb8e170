/** An object without some of its properties. */
export function without<T extends object, K extends keyof T>(value: T, ...properties: K[]): Omit<T, K> {
  const left = Object.entries(value).filter(([property]) => !properties.includes(property as K));
  return Object.fromEntries(left) as Omit<T, K>;
}
