// Nothing here runs: `tsc` is the test. A line that should be refused and is not fails it.
import { output } from "@pulumi/pulumi";
import type { AuroraPostgres } from "../../src/aurora";
import type { EksNetworkArgs, EksRegion, EksRegionArgs } from "../../src/eks";
import type { CnpgRegionArgs } from "../../src/cnpg";
import type { RegionNetwork } from "../../src/network";
import type {
  DatabaseRecordsArgs,
  EndpointParametersArgs,
  GlobalRoutingArgs,
  RoutingRecordsArgs,
} from "../../src/routing";
import type { Topology } from "../../src/topology";

type Assignable<From, To> = [From] extends [To] ? true : false;

declare function holds<Claim extends true>(): Claim;
declare function eks(given: EksRegionArgs): void;
declare function routing(given: GlobalRoutingArgs): void;

// A region's network is what a cluster is put into, and a cluster what a region of any engine is put into.
holds<Assignable<RegionNetwork, EksNetworkArgs>>();
holds<Assignable<EksRegion["kubeconfig"], CnpgRegionArgs["kubeconfig"]>>();

// Any engine's endpoints can be published, and the records of one DNS are those of the other.
holds<Assignable<Topology, DatabaseRecordsArgs["topology"]>>();
holds<Assignable<Topology, EndpointParametersArgs["topology"]>>();
holds<Assignable<AuroraPostgres, EndpointParametersArgs["topology"]>>();
holds<Assignable<GlobalRoutingArgs, RoutingRecordsArgs>>();

// What decides the shape of the graph is plain, and what AWS tells may be yet unknown.
const network = { awsRegion: "eu-south-1", vpcId: output("vpc-1"), privateSubnetIds: output(["a", "b"]) };
eks({ network });
// @ts-expect-error the AWS region decides names
eks({ network: { ...network, awsRegion: output("eu-south-1") } });
// @ts-expect-error whether the API is public is decided before the deployment
eks({ network, publicAccessCidrBlocks: output(["203.0.113.0/24"]) });

const entries = { rome: { awsRegion: "eu-south-1", host: output("rome.example.net") } };
const least = { domain: "shop.example.com", zoneId: output("Z1"), policy: "latency" as const, entries };
routing(least);
routing({ ...least, healthCheck: false });
// @ts-expect-error whether there is a record is decided before the deployment
routing({ ...least, entries: { rome: { host: "a", stopped: output(true) } } });
// @ts-expect-error Route 53 has other policies, which say nothing of regions
routing({ ...least, policy: "multivalue" });
// @ts-expect-error these are not continents
routing({ ...least, entries: { rome: { host: "a", locations: [{ continent: "EUROPE" }] } } });
