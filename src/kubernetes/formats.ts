import { isIP } from "node:net";

/** A name of Kubernetes' without dots: of a namespace, for instance. */
export function isLabel(value: unknown): value is string {
  return isText(value, 63) && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value);
}

/** A name of Kubernetes' with dots: of a secret, for instance. */
export function isSubdomain(value: unknown): value is string {
  return (
    isText(value, 253) && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value)
  );
}

/** The key of a label, an annotation or a taint: a name, with a domain and a slash before it or without. */
export function isQualifiedName(value: unknown): value is string {
  const [name, domain, ...rest] = isText(value) ? value.split("/").reverse() : [];
  return (
    isLabelValue(name) && name !== "" && (domain === undefined || isSubdomain(domain)) && rest.length === 0
  );
}

/** The value of a label or a taint. */
export function isLabelValue(value: unknown): value is string {
  return isText(value, 63) && /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/.test(value);
}

/** A key of a secret or a ConfigMap: it becomes the name of a file. */
export function isDataKey(value: unknown): value is string {
  return isText(value, 253) && /^[-\w.]+$/.test(value) && value !== "." && !value.startsWith("..");
}

/** A CIDR block, such as `203.0.113.0/24`. */
export function isNetwork(value: unknown): value is string {
  const [address = "", bits = "", ...rest] = isText(value) ? value.split("/") : [];
  const most = isAddress(address) ? (isIP(address) === 4 ? 32 : 128) : -1;
  return /^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= most && rest.length === 0;
}

/** A DNS name or an IP address. What ends in a number alone would be taken for an address, and is none. */
export function isHost(value: unknown): value is string {
  const label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  return (
    isText(value, 253) &&
    (isAddress(value) || (new RegExp(`^${label}(\\.${label})*$`).test(value) && !/(^|\.)\d+$/.test(value)))
  );
}

/** How much a Kubernetes quantity is, such as `500m` or `10Gi`; undefined if it is none, or negative. */
export function quantityOf(value: unknown): number | undefined {
  const [, number, binary, decimal, exponent] =
    (isText(value) && /^(\d+\.?\d*|\.\d+)(?:([KMGTPE])i|([numkMGTPE])|[eE]([+-]?\d+))?$/.exec(value)) || [];
  if (number === undefined) {
    return undefined;
  }
  return binary === undefined
    ? Number(`${number}e${decimal === undefined ? (exponent ?? 0) : decimalExponents[decimal]!}`)
    : Number(number) * 1024 ** ("KMGTPE".indexOf(binary) + 1);
}

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

function isText(value: unknown, most = 1000): value is string {
  return typeof value === "string" && value.length <= most;
}

/** An address of a zone is none for anybody else. */
function isAddress(value: string): boolean {
  return isIP(value) !== 0 && !value.includes("%");
}
