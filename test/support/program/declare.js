const { writeFileSync } = require("node:fs");
const { all, runtime } = require("@pulumi/pulumi");
const { LocalPostgres } = require("pulumi-multi-region-postgres/local");

/** Declares topologies, from their arguments by name, and gives what the program exports of each. */
exports.declare = (topologies) => {
  const outputs = Object.fromEntries(
    Object.entries(topologies).map(([name, args]) => {
      const db = new LocalPostgres(name, args);
      const { regions, writerEndpoint, readerEndpoints, connectionUri, readOnlyUris } = db;
      const { credentials, caCertificate, handover } = db;
      return [
        name,
        {
          regions,
          writerEndpoint,
          readerEndpoints,
          connectionUri,
          readOnlyUris,
          credentials,
          caCertificate,
          handover,
        },
      ];
    }),
  );
  const file = process.env.OUTPUTS_FILE;
  if (file !== undefined && !runtime.isDryRun()) {
    all(outputs).apply((values) => writeFileSync(file, JSON.stringify(values)));
  }
  return outputs;
};
