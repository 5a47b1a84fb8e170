const { writeFileSync } = require("node:fs");
const { all, runtime } = require("@pulumi/pulumi");

/** By its arguments one sees which engine a topology is for. */
function create(name, { options: given, awsProvider, ...args }) {
  const options = awsProvider === undefined ? given : { ...given, provider: explicitAws(name, awsProvider) };
  if (args.networks !== undefined) {
    return onNetworks(name, args, options);
  }
  if (Object.values(args.regions).some(({ kubeconfig }) => kubeconfig !== undefined)) {
    const { CnpgPostgres } = require("pulumi-multi-region-postgres/cnpg");
    return new CnpgPostgres(name, args, options);
  }
  const { LocalPostgres } = require("pulumi-multi-region-postgres/local");
  return new LocalPostgres(name, args, options);
}

/** An AWS provider beside the default one, with configuration of its own. */
function explicitAws(name, args) {
  const { Provider } = require("@pulumi/aws/provider");
  return new Provider(`${name}-aws`, args);
}

/** Aurora, each region in a network of its own. */
function onNetworks(name, { networks, regions, ...args }, options) {
  const { AuroraPostgres } = require("pulumi-multi-region-postgres/aurora");
  const { RegionNetworks } = require("pulumi-multi-region-postgres/network");
  const made = new RegionNetworks(`${name}-net`, networks, options);
  const inNetworks = Object.entries(regions).map(([region, value]) => [
    region,
    { ...value, network: made.regions[region] },
  ]);
  return new AuroraPostgres(name, { ...args, regions: Object.fromEntries(inNetworks) }, options);
}

/** The application that a topology's arguments come with: it is linked to the topology as `db`. */
function createApp({ link, ...args }, db) {
  const { RegionalApp } = require("pulumi-multi-region-postgres/app");
  return new RegionalApp("shop", { ...args, links: { db: { ...link, to: db } } }).regions;
}

/** Declares topologies, from their arguments by name, and gives what the program exports of each. */
exports.declare = (topologies) => {
  const outputs = Object.fromEntries(
    Object.entries(topologies).map(([name, { app, ...args }]) => {
      const db = create(name, args);
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
          ...(app === undefined ? {} : { app: createApp(app, db) }),
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
