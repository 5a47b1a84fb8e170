const { readFileSync } = require("node:fs");
const kubernetes = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");

/** What the test wants: the kubeconfigs by region, the provider's options, and what changes. */
const { regions, namespace, image, replicas, unreachable } = JSON.parse(process.env.PROGRAM);

for (const [region, path] of Object.entries(regions)) {
  const provider = new kubernetes.Provider(region, {
    kubeconfig: pulumi.secret(readFileSync(path, "utf8")),
    clusterIdentifier: region,
    ...unreachable,
  });
  const space = new kubernetes.core.v1.Namespace(region, { metadata: { name: namespace } }, { provider });
  const options = { provider, dependsOn: space };
  const secret = new kubernetes.core.v1.Secret(
    `${region}-owner`,
    {
      metadata: { name: "owner", namespace },
      type: "kubernetes.io/basic-auth",
      stringData: { username: "app", password: pulumi.secret("correct-horse") },
    },
    options,
  );
  const labels = { app: "app" };
  const deployment = new kubernetes.apps.v1.Deployment(
    `${region}-app`,
    {
      metadata: { name: "app", namespace },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{ name: "app", image, env: [{ name: "REGION", value: region }] }],
          },
        },
      },
    },
    options,
  );
  const cluster = new kubernetes.apiextensions.CustomResource(
    `${region}-db`,
    {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Cluster",
      metadata: {
        name: "db",
        namespace,
        annotations: { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "300" },
      },
      spec: {
        instances: 1,
        storage: { size: "1Gi" },
        bootstrap: { initdb: { database: "app", owner: "app", secret: { name: secret.metadata.name } } },
      },
    },
    options,
  );
  exports[region] = { replicas: deployment.status.readyReplicas, cluster: cluster.id };
}
