import * as pulumi from "@pulumi/pulumi";
import { connectionStrings, type ConnectionStrings } from "./connection-strings";
import { libpqUri, parseLibpqUri, type Connection, type Endpoint } from "./endpoints";
import type { Credential } from "./topology";

/** A connection string of which the servers and the login are known later. Secret, whatever they are. */
export function secretUri(
  endpoints: readonly pulumi.Output<Endpoint>[] | pulumi.Output<Endpoint[]>,
  login: pulumi.Input<Credential>,
  settings: Omit<Connection, "endpoints" | keyof Credential>,
): pulumi.Output<string> {
  return pulumi.secret(
    pulumi
      .all([pulumi.Output.isInstance(endpoints) ? endpoints : pulumi.all([...endpoints]), login])
      .apply(([servers, credential]) => libpqUri({ endpoints: servers, ...credential, ...settings })),
  );
}

/** One of these as each family of client libraries takes it. */
export function stringsOf(connectionUri: pulumi.Output<string>): pulumi.Output<ConnectionStrings> {
  return connectionUri.apply((uri) => connectionStrings(parseLibpqUri(uri)));
}
