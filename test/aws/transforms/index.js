// Every component with a transform that marks what it is shown, and notes of what it was shown.
const { appendFileSync } = require("node:fs");
const { RegionalApp } = require("pulumi-multi-region-postgres/app");
const { AuroraPostgres } = require("pulumi-multi-region-postgres/aurora");
const { CnpgPostgres } = require("pulumi-multi-region-postgres/cnpg");
const { EksRegion } = require("pulumi-multi-region-postgres/eks");
const { LocalPostgres } = require("pulumi-multi-region-postgres/local");
const { RegionNetworks } = require("pulumi-multi-region-postgres/network");
const { EndpointParameters, GlobalRouting } = require("pulumi-multi-region-postgres/routing");

const { kubeconfig, notes } = JSON.parse(process.env.PROGRAM);

/** What a user gives a component as options. */
function marking(component) {
  const mark = ({ type, name, props, opts }) => {
    appendFileSync(notes, `${JSON.stringify({ component, type, name })}\n`);
    return { props: { ...props, ...marked(type, props) }, opts };
  };
  return { transforms: [mark] };
}

function marked(type, props) {
  if (type === "kubernetes:postgresql.cnpg.io/v1:Cluster") {
    return { spec: { ...props.spec, description: "marked" } };
  }
  if (type === "kubernetes:apps/v1:Deployment") {
    const { template } = props.spec;
    const pod = { ...template.spec, priorityClassName: "marked" };
    return { spec: { ...props.spec, template: { ...template, spec: pod } } };
  }
  if (type === "aws:rds/cluster:Cluster") {
    return { backtrackWindow: 3600 };
  }
  return {};
}

const networks = new RegionNetworks(
  "net",
  { regions: { us: { awsRegion: "us-east-1" }, eu: { awsRegion: "eu-west-1" } } },
  marking("RegionNetworks"),
);
new EksRegion("eks", { network: networks.regions.us, deletionProtection: false }, marking("EksRegion"));
const aurora = new AuroraPostgres(
  "aurora",
  { primary: "us", regions: { us: { network: networks.regions.us }, eu: { network: networks.regions.eu } } },
  marking("AuroraPostgres"),
);
new EndpointParameters("parameters", { topology: aurora, path: "/shop/db" }, marking("EndpointParameters"));
const regions = { rome: { kubeconfig, context: "rome" }, lisbon: { kubeconfig, context: "lisbon" } };
const cnpg = new CnpgPostgres(
  "cnpg",
  {
    primary: "rome",
    regions: {
      rome: { ...regions.rome, host: "rome.example.com" },
      lisbon: { ...regions.lisbon, host: "lisbon.example.com" },
    },
    defaults: {
      poolers: { readWrite: {} },
      backup: { destinationPath: "s3://backups/db", schedule: "0 0 3 * * *" },
    },
    databases: { reports: {} },
    protect: false,
  },
  marking("CnpgPostgres"),
);
new RegionalApp(
  "shop",
  { regions, image: "shop:1", port: 8080, links: { db: { to: cnpg } } },
  marking("RegionalApp"),
);
new LocalPostgres(
  "local",
  { primary: "one", regions: { one: { port: 25_431 }, two: { port: 25_432 } } },
  marking("LocalPostgres"),
);
new GlobalRouting(
  "routing",
  {
    domain: "shop.example.com",
    zoneId: "Z0123456789",
    policy: "latency",
    entries: {
      us: { host: "us.example.com", awsRegion: "us-east-1" },
      eu: { host: "eu.example.com", awsRegion: "eu-west-1" },
    },
  },
  marking("GlobalRouting"),
);
