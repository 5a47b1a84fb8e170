import { objectText } from "../../../src/kubernetes/objects";
import { dependenciesOf, full, has, least, make, named, valueOf, type Made } from "./component";
import { topologyOf } from "./topology";

/** What most tests look at is made once. */
let standard: Promise<Made> | undefined;
const whole = () => (standard ??= make({}, full()));

const lines = ({ resources }: Made) => resources.map(({ type, name }) => `${type} ${name}`).sort();

const common = (region: string) => [
  `kubernetes:apps/v1:Deployment shop-${region}-deployment`,
  `kubernetes:core/v1:Namespace shop-${region}-namespace`,
  `kubernetes:core/v1:Secret shop-${region}-link-db`,
  `kubernetes:core/v1:Secret shop-${region}-link-orders`,
  `kubernetes:core/v1:Secret shop-${region}-pull-secret`,
  `kubernetes:core/v1:Secret shop-${region}-secrets`,
  `kubernetes:core/v1:Service shop-${region}-service`,
  `kubernetes:core/v1:ServiceAccount shop-${region}-account`,
  `kubernetes:networking.k8s.io/v1:NetworkPolicy shop-${region}-policy`,
  `kubernetes:policy/v1:PodDisruptionBudget shop-${region}-budget`,
  `pulumi-nodejs:dynamic/multi-region-postgres:AppRollout shop-${region}-rollout`,
  `pulumi:providers:kubernetes shop-${region}`,
];

describe("RegionalApp", () => {
  it("registers everything under names that are frozen", async () => {
    expect(lines(await whole())).toEqual(
      [
        ...["dublin", "lisbon", "rome"].flatMap(common),
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler shop-lisbon-autoscaler",
        "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute shop-lisbon-route",
        "kubernetes:networking.k8s.io/v1:Ingress shop-rome-ingress",
        "multi-region-postgres:index:RegionalApp shop",
        "pulumi-nodejs:dynamic/multi-region-postgres:AppMigration shop-migration",
        "pulumi-nodejs:dynamic/multi-region-postgres:AppObjects shop-objects",
      ].sort(),
    );
  });

  it("names nothing by role, order or number", async () => {
    const args = full();
    const links = { db: topologyOf("lisbon"), orders: { to: topologyOf("lisbon"), prefix: "O_" } };
    const turned = Object.fromEntries(Object.entries(args.regions).reverse());
    const other = await make({ regions: turned, links, order: ["dublin", "rome", "lisbon"] }, args);
    expect(lines(other)).toEqual(lines(await whole()));
  });

  it("brings a version from region to region, each after the one before, and the first after the migration", async () => {
    const made = await whole();
    const before = async (region: string) =>
      (await dependenciesOf(named(made, `shop-${region}-deployment`))).filter(
        (name) => name.endsWith("-rollout") || name.endsWith("-migration"),
      );
    expect(await before("lisbon")).toEqual(["shop-migration"]);
    expect(await before("rome")).toEqual(["shop-lisbon-rollout"]);
    expect(await before("dublin")).toEqual(["shop-rome-rollout"]);
    expect(await dependenciesOf(named(made, "shop-dublin-rollout"))).toEqual(["shop-dublin-deployment"]);
  });

  it("migrates after all that the pod needs in whichever region", async () => {
    const before = await dependenciesOf(named(await whole(), "shop-migration"));
    for (const region of ["dublin", "lisbon", "rome"]) {
      expect(before).toContain(`shop-${region}-link-db`);
      expect(before).toContain(`shop-${region}-policy`);
    }
    expect(before.some((name) => name.endsWith("-deployment"))).toBe(false);
  });

  it("tells each rollout what the regions before it have come to", async () => {
    const { inputs } = named(await whole(), "shop-rome-rollout");
    expect(Object.keys(inputs.finished)).toEqual(["lisbon"]);
    expect(inputs).toMatchObject({ app: "shop", region: "rome", deadlineSeconds: 120, putBack: true });
    expect(inputs.regions).toEqual({
      dublin: expect.objectContaining({ isLost: false, replicas: 0 }),
      lisbon: {
        isLost: false,
        access: { region: "lisbon", kubeconfig: "lisbon's", context: "", namespace: "shop" },
      },
      rome: {
        isLost: false,
        replicas: 3,
        access: { region: "rome", kubeconfig: "rome's", context: "admin", namespace: "shop" },
      },
    });
  });

  it("calls what all regions have alike one version, and tells their releases apart", async () => {
    const made = await whole();
    const rollouts = ["dublin", "lisbon", "rome"].map(
      (region) => named(made, `shop-${region}-rollout`).inputs,
    );
    expect(new Set(rollouts.map(({ version }) => version)).size).toBe(1);
    expect(new Set(rollouts.map(({ release }) => release)).size).toBe(3);
    for (const region of ["dublin", "lisbon", "rome"]) {
      const { template } = named(made, `shop-${region}-deployment`).inputs.spec;
      expect(template.metadata.annotations["multi-region-postgres/release"]).toBe(
        named(made, `shop-${region}-rollout`).inputs.release,
      );
    }
  });

  it("gives the same release to what is the same, and another to what is not", async () => {
    const releaseOf = async (changes: Parameters<typeof make>[0]) =>
      named(await make(changes), "shop-rome-rollout").inputs.release as string;
    const links = (writer: string, hosts: "all" | "writer", url: "libpq" | "singleHost" = "libpq") => ({
      links: { db: { to: topologyOf(writer), hosts, url } },
    });
    const release = await releaseOf({});
    expect(await releaseOf({ replicas: 5, putBack: true })).toBe(release);
    expect(await releaseOf({ image: "shop:2" })).not.toBe(release);
    expect(await releaseOf({ secrets: { KEY: "one" } })).not.toBe(
      await releaseOf({ secrets: { KEY: "two" } }),
    );
    // A handover replaces no pod, unless the writer alone is named.
    expect(await releaseOf(links("rome", "all"))).toBe(await releaseOf(links("lisbon", "all")));
    expect(await releaseOf(links("rome", "writer"))).not.toBe(await releaseOf(links("lisbon", "writer")));
    const one = (writer: string) => links(writer, "all", "singleHost");
    expect(await releaseOf(one("rome"))).not.toBe(await releaseOf(one("lisbon")));
  });

  it("has no pods where it is stopped, and no autoscaler", async () => {
    const regions = { ...full().regions };
    regions["lisbon"] = { ...regions["lisbon"]!, stopped: true };
    const made = await make({ regions }, full());
    expect(named(made, "shop-dublin-deployment").inputs.spec.replicas).toBe(0);
    expect(named(made, "shop-lisbon-deployment").inputs.spec.replicas).toBe(0);
    expect(has(made, "shop-lisbon-autoscaler")).toBe(false);
    expect(has(made, "shop-lisbon-service")).toBe(true);
    expect(made.app.regions["lisbon"]!.running).toBe(false);
  });

  it("leaves the number of pods to an autoscaler", async () => {
    expect(named(await whole(), "shop-lisbon-deployment").inputs.spec).not.toHaveProperty("replicas");
  });

  it("runs where the writer is that it follows", async () => {
    for (const writer of ["rome", "lisbon"]) {
      const made = await make({ follow: "writer", links: { db: topologyOf(writer) } });
      for (const region of ["dublin", "lisbon", "rome"]) {
        expect(made.app.regions[region]!.running).toBe(region === writer);
        expect(named(made, `shop-${region}-deployment`).inputs.spec.replicas).toBe(region === writer ? 2 : 0);
      }
    }
  });

  it("migrates where the writer is, or else where it comes first", async () => {
    const migration = { command: ["/migrate"] };
    const where = async (changes: Parameters<typeof make>[0]) =>
      named(await make({ migration, ...changes }), "shop-migration").inputs.region as string;
    expect(await where({ links: { db: topologyOf("lisbon") } })).toBe("lisbon");
    expect(await where({ links: { db: topologyOf("bern", ["bern", "rome"]) } })).toBe("dublin");
    expect(await where({ order: ["rome"] })).toBe("rome");
    expect(await where({ links: { db: topologyOf("lisbon") }, lost: ["lisbon"] })).toBe("dublin");
  });

  it("knows a migration by image and command, wherever the writer is", async () => {
    const fingerprintOf = async (changes: Parameters<typeof make>[0]) =>
      named(await make({ migration: { command: ["/migrate"] }, ...changes }), "shop-migration").inputs
        .fingerprint as string;
    const fingerprint = await fingerprintOf({ links: { db: topologyOf("rome") } });
    expect(await fingerprintOf({ links: { db: topologyOf("lisbon") }, env: { MODE: "other" } })).toBe(
      fingerprint,
    );
    expect(await fingerprintOf({ image: "shop:2" })).not.toBe(fingerprint);
    expect(await fingerprintOf({ migration: { command: ["/migrate", "--all"] } })).not.toBe(fingerprint);
  });

  it("contacts nobody in a region that is lost, and keeps what it has", async () => {
    const made = await make({ lost: ["lisbon"] });
    const { inputs } = named(made, "shop-lisbon");
    expect(inputs).toMatchObject({ skipUpdateUnreachable: "true", upsertExistingObjects: "true" });
    // A refresh would drop the region from the state.
    expect(inputs).not.toHaveProperty("deleteUnreachable");
    expect(inputs.kubeconfig).toContain("https://127.0.0.1:1");
    const kept = { ignoreChanges: ["*"], retainOnDelete: true };
    const ofLisbon = made.resources.filter(
      ({ type, name }) => type.startsWith("kubernetes:") && name.startsWith("shop-lisbon-"),
    );
    expect(ofLisbon.length).toBeGreaterThan(4);
    for (const { options } of ofLisbon) {
      expect(options).toMatchObject(kept);
    }
    expect(named(made, "shop-rome-rollout").inputs.regions.lisbon.isLost).toBe(true);
  });

  it("gives what a program wants to know of each region", async () => {
    const { app } = await whole();
    expect(Object.keys(app.regions)).toEqual(["dublin", "lisbon", "rome"]);
    const { rome, lisbon, dublin } = app.regions;
    expect(rome).toMatchObject({ running: true, service: "shop", url: "https://shop.example.com/shop" });
    expect(await valueOf(rome!.namespace)).toBe("shop");
    expect(await valueOf(rome!.image)).toBe("shop-rome-rollout's image");
    expect(await valueOf(lisbon!.address!)).toBe("shop-lisbon-service.elb.example.com");
    expect(dublin).not.toHaveProperty("address");
    expect(dublin).not.toHaveProperty("url");
  });

  it("looks for each of its objects before it creates one", async () => {
    const made = await whole();
    const objects = named(made, "shop-objects").inputs.objects as Record<string, string[]>;
    for (const region of ["dublin", "lisbon", "rome"]) {
      const created = made.resources
        .filter(({ type, name }) => type.startsWith("kubernetes:") && name.startsWith(`shop-${region}-`))
        .map(({ inputs: { apiVersion, kind, metadata } }) =>
          objectText({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace }),
        );
      expect([...objects[region]!].sort()).toEqual(created.sort());
      expect(await dependenciesOf(named(made, `shop-${region}`))).toEqual(["shop-objects"]);
    }
  });

  it("makes no namespace where there is one", async () => {
    const made = await make({ createNamespace: false, namespace: "web" });
    expect(has(made, "shop-rome-namespace")).toBe(false);
    expect(named(made, "shop-rome-deployment").inputs.metadata.namespace).toBe("web");
  });

  it("refuses bad input before anything is made", () => {
    expect(make({ port: 0 }, { ...least, order: ["paris"] })).rejects.toThrow(
      'RegionalApp "shop": 2 inputs are refused',
    );
  });
});
