import { objectStoreSpec, scheduledBackupSpec } from "../../../src/cnpg/manifests/backup-spec";
import { planTopology } from "../../../src/cnpg/plan";

describe("an object store", () => {
  const keys = { accessKeyId: "ID", secretAccessKey: "KEY", region: "REGION" };

  it("has its credentials from keys of a secret", () => {
    expect(
      objectStoreSpec({
        destinationPath: "s3://backups/db",
        endpointUrl: "https://minio.example.com",
        endpointCa: { secret: "store", key: "ca.crt" },
        credentials: { secret: "store", keys },
        retention: "30d",
        walCompression: "zstd",
        dataCompression: "gzip",
      }),
    ).toEqual({
      configuration: {
        destinationPath: "s3://backups/db",
        endpointURL: "https://minio.example.com",
        endpointCA: { name: "store", key: "ca.crt" },
        s3Credentials: {
          accessKeyId: { name: "store", key: "ID" },
          secretAccessKey: { name: "store", key: "KEY" },
          region: { name: "store", key: "REGION" },
        },
        wal: { compression: "zstd" },
        data: { compression: "gzip" },
      },
      retentionPolicy: "30d",
    });
  });

  it.each([
    ["s3://backups", "s3Credentials", "inheritFromIAMRole"],
    ["gs://backups", "googleCredentials", "gkeEnvironment"],
    ["https://me.blob.core.windows.net/backups", "azureCredentials", "inheritFromAzureAD"],
  ])("has those of its pod for %s where none are given", (destinationPath, field, inherited) => {
    expect(objectStoreSpec({ destinationPath })).toEqual({
      configuration: { destinationPath, [field]: { [inherited]: true } },
    });
  });
});

it("backs up a region's own cluster by the plugin", () => {
  const { primary } = planTopology("db", {
    primary: "rome",
    regions: { rome: { kubeconfig: "rome.yaml", host: "rome.example.com" } },
  });
  expect(scheduledBackupSpec(primary, "0 0 3 * * *")).toEqual({
    schedule: "0 0 3 * * *",
    cluster: { name: "db-rome" },
    method: "plugin",
    pluginConfiguration: { name: "barman-cloud.cloudnative-pg.io" },
  });
});
