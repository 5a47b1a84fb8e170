// Nothing here runs: `tsc` is the test. A line that should be refused and is not fails it.
import { output } from "@pulumi/pulumi";
import type { Endpoint } from "../../src/endpoints";
import type { AuroraNetworkArgs, AuroraPostgres, AuroraPostgresArgs } from "../../src/aurora";
import type { RegionNetwork, RegionNetworks, RegionNetworksArgs } from "../../src/network";
import type { Topology } from "../../src/topology";

type Assignable<From, To> = [From] extends [To] ? true : false;
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

declare function holds<Claim extends true>(): Claim;
declare function networks(given: RegionNetworksArgs): void;
declare function aurora(given: AuroraPostgresArgs): void;
declare const network: AuroraNetworkArgs;

// A program moves between engines, and a region's network is what a region is put into.
holds<Assignable<AuroraPostgres, Topology>>();
holds<Assignable<RegionNetwork, AuroraNetworkArgs>>();
holds<Assignable<RegionNetworks<"rome">["regions"]["rome"], AuroraNetworkArgs>>();
holds<Same<keyof RegionNetworks<"rome" | "lisbon">["regions"], "rome" | "lisbon">>();
holds<
  Assignable<
    Endpoint | undefined,
    AuroraPostgres["globalWriterEndpoint"] extends { get(): infer T } ? T : never
  >
>();

// What decides the shape of the graph is plain, and what AWS tells may be yet unknown.
const least = { primary: "rome", regions: { rome: { awsRegion: "eu-south-1", network } } };
aurora(least);
aurora({ ...least, regions: { rome: { network: { ...network, vpcId: output("vpc-1") } } } });
// @ts-expect-error a region is in a network
aurora({ ...least, regions: { rome: {} } });
// @ts-expect-error the number of instances decides what is created
aurora({ ...least, regions: { rome: { network, instances: output(1) } } });
// @ts-expect-error the AWS region decides names and order
aurora({ ...least, regions: { rome: { network, awsRegion: output("eu-south-1") } } });
// @ts-expect-error a capacity has two ends
aurora({ ...least, regions: { rome: { network, serverless: { minCapacity: 1 } } } });
// @ts-expect-error a region of this machine is none of AWS
aurora({ ...least, regions: { rome: { port: 5432 } } });
aurora({ ...least, tags: { team: output("data") }, recoveryPointSeconds: 20, profile: "shop" });
aurora({ ...least, assumeRoles: [{ roleArn: "arn:aws:iam::111122223333:role/deploy", externalId: "shop" }] });
// @ts-expect-error a misspelt property
aurora({ ...least, recoveryPoint: 20 });

networks({ regions: { rome: { awsRegion: "eu-south-1" }, lisbon: { nat: "one" } } });
// @ts-expect-error blocks are planned before anything is known
networks({ regions: { rome: { cidrBlock: output("10.0.0.0/16") } } });
// @ts-expect-error there is no such NAT
networks({ regions: { rome: { nat: "two" } } });
// @ts-expect-error a misspelt property
networks({ regions: { rome: {} }, supernets: "10.0.0.0/8" });
