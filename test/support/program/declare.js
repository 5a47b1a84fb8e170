const { writeFileSync } = require("node:fs");
const { all, runtime } = require("@pulumi/pulumi");

/** By its regions one sees which engine a topology is for. */
const engineOf = ({ regions }) =>
  Object.values(regions).some(({ kubeconfig }) => kubeconfig !== undefined)
    ? require("pulumi-multi-region-postgres/cnpg").CnpgPostgres
    : require("pulumi-multi-region-postgres/local").LocalPostgres;

/** Declares topologies, from their arguments by name, and gives what the program exports of each. */
exports.declare = (topologies) => {
  const outputs = Object.fromEntries(
    Object.entries(topologies).map(([name, args]) => {
      const db = new (engineOf(args))(name, args);
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
