import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notOneOf,
  notWholeNumber,
  shown,
  type Failure,
  type Unknowns,
} from "../../rules";
import { passwordReason } from "../../secrets/rules";
import type { ExternalWriterArgs, LoginArgs } from "../external-writer";
import { isCertificate } from "./formats";
import { defaultPort } from "./region";
import { isHost } from "../../kubernetes/formats";
import { missing, notSecretObject, notSecretText, objectFailures } from "../../rule-shapes";

// The compiler keeps these lists complete.
const externalWriterProperties: Record<keyof ExternalWriterArgs, true> = {
  host: true,
  port: true,
  caCertificate: true,
  sslMode: true,
  superuser: true,
  replication: true,
  authenticator: true,
};
const loginProperties: Record<keyof LoginArgs, true> = { username: true, password: true };

const path = "externalWriter";

/** What is wrong with a writer outside, and what cannot be beside one. */
export function* externalWriterFailures(args: Unknowns): Generator<Failure> {
  const writer = args[path];
  yield* objectFailures(path, writer, Object.keys(externalWriterProperties), function* (given) {
    const own = (property: keyof ExternalWriterArgs) => [at(path, property), given[property]] as const;
    yield* missing(...own("host"), host);
    yield* mismatch(...own("host"), isHost, host);
    yield* notWholeNumber(...own("port"), 1, 65_535);
    yield* missing(...own("caCertificate"), certificate);
    yield* certificateFailures(...own("caCertificate"));
    yield* notOneOf(...own("sslMode"), ["verify-full", "verify-ca"]);
    for (const login of ["superuser", "replication", "authenticator"] as const) {
      yield* missing(...own(login), "an object of username and password");
      yield* loginFailures(...own(login));
    }
  });
  if (writer !== undefined) {
    yield* companyFailures(args);
  }
}

const host = "the DNS name or the IP address by which the regions reach it";
const certificate = "a certificate in PEM";

/** It is no secret, but what stands in its place by mistake may be one. */
function* certificateFailures(propertyPath: string, given: unknown): Generator<Failure> {
  if (given !== undefined && isPlain(given) && !isCertificate(given)) {
    yield { propertyPath, reason: `must be ${certificate}` };
  }
}

function* loginFailures(loginPath: string, login: unknown): Generator<Failure> {
  if (!isRecord(login)) {
    yield* notSecretObject(loginPath, login, "username and password");
    return;
  }
  yield* objectFailures(loginPath, login, Object.keys(loginProperties), function* ({ username, password }) {
    const [usernamePath, passwordPath] = [at(loginPath, "username"), at(loginPath, "password")];
    yield* missing(usernamePath, username, "the name of a role");
    yield* notSecretText(usernamePath, username, "the name of a role");
    const reason = password === undefined ? "is missing: must be its password" : passwordReason(password);
    if (reason !== undefined) {
      yield { propertyPath: passwordPath, reason };
    }
  });
}

/** Roles and commits are the affair of whoever writes, and that is nobody here. */
function* companyFailures({ durability, roles, regions, ...args }: Unknowns): Generator<Failure> {
  if (durability === "region") {
    const reason = `must not be "region" beside ${path}, whose commits wait for no region`;
    yield { propertyPath: "durability", reason };
  }
  if (isRecord(roles) && Object.keys(roles).length > 0) {
    const reason = `must not be given beside ${path}, from which all roles come: make them there`;
    yield { propertyPath: "roles", reason };
  }
  for (const property of ["origin", "initSql"] as const) {
    if (args[property] !== undefined) {
      const reason = `must not be given beside ${path}, from which all data come`;
      yield { propertyPath: property, reason };
    }
  }
  const place = placeOf(args[path], 5432);
  for (const [name, region] of Object.entries(isRecord(regions) ? regions : {})) {
    if (place !== undefined && place === placeOf(region, defaultPort(region))) {
      const reason = `must be outside the topology, not ${shown(place)}, which is ${at("regions", name)}`;
      yield { propertyPath: at(path, "host"), reason };
    }
  }
}

function placeOf(given: unknown, otherwise: number): string | undefined {
  const { host: name, port = otherwise } = isRecord(given) ? given : {};
  return typeof name === "string" && typeof port === "number" ? `${name.toLowerCase()}:${port}` : undefined;
}
