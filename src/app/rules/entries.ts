import { isIP } from "node:net";
import { annotationsFailures } from "../../kubernetes/cluster-rules";
import { isHost, isLabel, isSubdomain } from "../../kubernetes/formats";
import { listFailures, missing, objectFailures } from "../../rule-shapes";
import { at, mismatch, notOneOf, notWholeNumber, type Failure } from "../../rules";
import type { GatewayArgs, IngressArgs, WebServiceArgs } from "../entry-args";

// The compiler keeps these lists complete.
const serviceProperties: Record<keyof WebServiceArgs, true> = {
  type: true,
  port: true,
  nodePort: true,
  annotations: true,
};
const ingressProperties: Record<keyof IngressArgs, true> = {
  host: true,
  path: true,
  className: true,
  tlsSecret: true,
  annotations: true,
};
const gatewayProperties: Record<keyof GatewayArgs, true> = {
  name: true,
  namespace: true,
  sectionName: true,
  hostnames: true,
  path: true,
};

export function serviceFailures(path: string, service: unknown): Generator<Failure> {
  return objectFailures(path, service, Object.keys(serviceProperties), function* (given) {
    const own = (property: keyof WebServiceArgs) => [at(path, property), given[property]] as const;
    yield* notOneOf(...own("type"), ["ClusterIP", "NodePort", "LoadBalancer"]);
    yield* notWholeNumber(...own("port"), 1, 65_535);
    yield* notWholeNumber(...own("nodePort"), 1, 65_535);
    if (given["nodePort"] !== undefined && given["type"] !== "NodePort") {
      yield { propertyPath: at(path, "nodePort"), reason: 'must not be given unless type is "NodePort"' };
    }
    yield* annotationsFailures(...own("annotations"));
  });
}

export function ingressFailures(path: string, ingress: unknown): Generator<Failure> {
  return objectFailures(path, ingress, Object.keys(ingressProperties), function* (given) {
    const own = (property: keyof IngressArgs) => [at(path, property), given[property]] as const;
    yield* missing(...own("host"), aName);
    yield* mismatch(...own("host"), isName, aName);
    yield* pathFailures(...own("path"));
    yield* mismatch(...own("className"), isSubdomain, "the name of a class of Ingress");
    yield* mismatch(...own("tlsSecret"), isSubdomain, "the name of a Secret");
    yield* annotationsFailures(...own("annotations"));
  });
}

export function gatewayFailures(path: string, gateway: unknown): Generator<Failure> {
  return objectFailures(path, gateway, Object.keys(gatewayProperties), function* (given) {
    const own = (property: keyof GatewayArgs) => [at(path, property), given[property]] as const;
    yield* missing(...own("name"), "the name of a Gateway");
    yield* mismatch(...own("name"), isSubdomain, "the name of a Gateway");
    yield* mismatch(...own("namespace"), isLabel, "the name of a namespace");
    yield* mismatch(...own("sectionName"), isSubdomain, "the name of a listener");
    yield* listFailures(...own("hostnames"), "DNS names", (item, name) =>
      mismatch(item, name, isName, aName),
    );
    yield* pathFailures(...own("path"));
  });
}

const aName = "a DNS name such as shop.example.com";

/** Kubernetes routes by names alone, and takes `*` for the first part of one. */
function isName(value: unknown): boolean {
  const name = typeof value === "string" ? value.replace(/^\*\./, "") : value;
  return isHost(name) && isIP(name) === 0 && name === name.toLowerCase();
}

/** Refuses all but a path of a URL. */
export function pathFailures(path: string, value: unknown): Generator<Failure> {
  const isPath = (given: unknown) => typeof given === "string" && /^\/[\x21-\x7e]*$/.test(given);
  return mismatch(path, value, isPath, "a path such as /healthz");
}
