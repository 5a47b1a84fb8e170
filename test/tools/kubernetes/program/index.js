const { readFileSync } = require("node:fs");
const kubernetes = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");

/** What the test wants: the kubeconfigs by region, a region that is out of reach, and what changes. */
const { regions, namespace, unreachable, password, color } = JSON.parse(process.env.PROGRAM);

for (const [region, path] of Object.entries(regions)) {
  const reachable = readFileSync(path, "utf8");
  const kubeconfig =
    region === unreachable ? reachable.replace(/(server"?: *"?https:[^:]*:)\d+/, "$11") : reachable;
  const provider = new kubernetes.Provider(region, {
    kubeconfig: pulumi.secret(kubeconfig),
    clusterIdentifier: region,
    skipUpdateUnreachable: true,
    namespace,
  });
  const space = new kubernetes.core.v1.Namespace(region, { metadata: { name: namespace } }, { provider });
  const options = { provider, dependsOn: space };
  const secret = new kubernetes.core.v1.Secret(
    region,
    { stringData: { password: pulumi.secret(password) } },
    options,
  );
  const settings = new kubernetes.core.v1.ConfigMap(
    region,
    { metadata: { name: "settings" }, data: { color, secret: secret.metadata.name } },
    options,
  );
  const patch = new kubernetes.core.v1.ConfigMapPatch(
    region,
    { metadata: { name: settings.metadata.name }, data: { patched: color } },
    options,
  );
  const manifest = (name) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;
  const old = new kubernetes.yaml.ConfigGroup(
    `${region}-old`,
    { yaml: manifest("old"), resourcePrefix: region },
    options,
  );
  const group = new kubernetes.yaml.v2.ConfigGroup(
    region,
    {
      yaml: manifest("new"),
      objs: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "hidden" }, stringData: { password } }],
    },
    options,
  );
  exports[region] = {
    secret: secret.id,
    settings: patch.data,
    old: old.getResource("v1/ConfigMap", `${region}-old`).data,
    group: group.resources.apply((resources) => resources.length),
  };
}
