import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CnpgTopology, regionArgs } from "../support/cnpg";
import { testFolder } from "../support/folder";
import { areOurs, kubectl, operatorManifest, regions, state } from "../support/regions";

const region = "bari";

// A region of its own: the others have their operator.
(areOurs ? describe : describe.skip)("the operator, installed with a topology", () => {
  const manifest = join(testFolder(), "operator.yaml");
  let topology: CnpgTopology;

  beforeAll(async () => {
    await regions("up", region);
    await writeFile(manifest, await operatorManifest());
    await kubectl(region, "delete", `--filename=${manifest}`, "--ignore-not-found");
    topology = await CnpgTopology.create({
      primary: region,
      regions: {
        [region]: {
          ...regionArgs(region),
          kubeconfig: await readFile(join(state, region, "kubeconfig"), "utf8"),
        },
      },
      defaults: { storage: { size: "1Gi" }, image: "localhost/postgresql:17" },
      operator: {
        manifest,
        pullSecret: JSON.stringify({ auths: { "example.com": { auth: "dXNlcjpwYXNz" } } }),
      },
    });
  });
  afterAll(async () => {
    await topology.dispose();
    await regions("down", region);
    await rm(manifest);
  });

  test("answers before the first Cluster is made", async () => {
    await topology.up();
    expect(await topology.field(region, ".status.phase")).toBe("Cluster in healthy state");
    const installed = (kind: string, path: string) =>
      kubectl(region, "get", kind, "--namespace=cnpg-system", `--output=jsonpath={.items[*].${path}}`);
    expect(await installed("serviceaccounts", "imagePullSecrets[*].name")).toBe("cnpg-pull-secret");
    // It ends where it does not find all kinds that it looks after.
    expect(await installed("pods", "status.containerStatuses[*].restartCount")).toBe("0");
  });

  test("is left as it is by a second update", async () => {
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("is gone with the topology", async () => {
    await topology.stack.destroy();
    const kinds = "namespaces,customresourcedefinitions,clusterroles,validatingwebhookconfigurations";
    expect(await kubectl(region, "get", kinds, "--output=name")).not.toMatch(/cnpg/);
  });
});
