// The arguments of every topology come from the environment, by name, so that a test changes them between updates.
const { LocalPostgres } = require("pulumi-multi-region-postgres/local");

for (const [name, args] of Object.entries(JSON.parse(process.env.TOPOLOGIES))) {
  const db = new LocalPostgres(name, args);
  exports[name] = {
    regions: db.regions,
    writerEndpoint: db.writerEndpoint,
    readerEndpoints: db.readerEndpoints,
    connectionUri: db.connectionUri,
    readOnlyUris: db.readOnlyUris,
    credentials: db.credentials,
    caCertificate: db.caCertificate,
    handover: db.handover,
  };
}
