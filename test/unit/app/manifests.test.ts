import { full, make, named, type Made } from "./component";
import { topologyOf } from "./topology";

let standard: Promise<Made> | undefined;
const whole = () => (standard ??= make({}, full()));

async function podOf(region: string) {
  return named(await whole(), `shop-${region}-deployment`).inputs.spec.template.spec;
}

describe("the pods of a RegionalApp", () => {
  it("pass the restricted Pod Security Standard, which their namespace asks for", async () => {
    const { securityContext, containers, automountServiceAccountToken } = await podOf("rome");
    expect(securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 20_000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
    });
    expect(automountServiceAccountToken).toBe(false);
    const { labels } = named(await whole(), "shop-rome-namespace").inputs.metadata;
    expect(labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
  });

  it("are of the image and program that are given", async () => {
    const [container] = (await podOf("rome")).containers;
    expect(container).toMatchObject({
      image: "registry.example.com/shop:2",
      command: ["/shop", "serve"],
      ports: [{ name: "http", containerPort: 8080 }],
      resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "128Mi" } },
    });
    expect((await podOf("rome")).imagePullSecrets).toEqual([{ name: "shop-pull-secret" }]);
  });

  it("are ready by one path and alive by another", async () => {
    const [{ readinessProbe, livenessProbe }] = (await podOf("rome")).containers;
    expect(readinessProbe.httpGet).toEqual({ path: "/healthz", port: 8080 });
    expect(livenessProbe.httpGet).toEqual({ path: "/livez", port: 8080 });
  });

  it("are not started again because the database is away, unless somebody asks for it", async () => {
    const made = await make({ healthCheck: { path: "/healthz" } });
    const [{ readinessProbe, livenessProbe }] = named(made, "shop-rome-deployment").inputs.spec.template.spec
      .containers;
    expect(readinessProbe.httpGet.path).toBe("/healthz");
    expect(livenessProbe).toMatchObject({ tcpSocket: { port: 8080 } });
    expect(livenessProbe).not.toHaveProperty("httpGet");
  });

  it("have the region's environment before everybody's", async () => {
    const { env } = (await podOf("rome")).containers[0];
    const plain = env.filter(({ value }: { value?: string }) => value !== undefined);
    expect(plain).toEqual([
      { name: "MODE", value: "own" },
      { name: "LEVEL", value: "info" },
      { name: "REGION", value: "rome" },
    ]);
  });

  it("take what is secret from Secrets, each variable from the one that has it", async () => {
    const made = await whole();
    const { env } = (await podOf("rome")).containers[0];
    const secretOf: Record<string, string> = {
      "shop-secrets": "shop-rome-secrets",
      "shop-link-db": "shop-rome-link-db",
      "shop-link-orders": "shop-rome-link-orders",
    };
    const taken = env.filter(({ valueFrom }: { valueFrom?: object }) => valueFrom !== undefined);
    for (const { name, valueFrom } of taken) {
      const { stringData } = named(made, secretOf[valueFrom.secretKeyRef.name]!).inputs;
      expect(valueFrom.secretKeyRef.key).toBe(name);
      expect(typeof stringData[name]).toBe("string");
    }
    const names = taken.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["API_KEY", "PGHOST", "DATABASE_URL_RO", "ORDERS_HOST", "ORDERS_PGPORT"]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it("hold no secret themselves", async () => {
    const { resources } = await whole();
    for (const { type, inputs } of resources.filter(({ type }) => !/Secret$|App|providers/.test(type))) {
      expect(`${type} ${JSON.stringify(inputs)}`).not.toMatch(/p@ss|s3cret|rome's/);
    }
  });

  it("have the authority's certificate where PGSSLROOTCERT says", async () => {
    const { volumes, containers } = await podOf("rome");
    const { stringData } = named(await whole(), "shop-rome-link-db").inputs;
    const mount = containers[0].volumeMounts.find(({ name }: { name: string }) => name === "link-db");
    expect(`${mount.mountPath}/ca.crt`).toBe(stringData.PGSSLROOTCERT);
    expect(stringData["ca.crt"]).toBe("the authority");
    expect(volumes).toContainEqual({
      name: "link-db",
      secret: { secretName: "shop-link-db", items: [{ key: "ca.crt", path: "ca.crt" }] },
    });
  });

  it("are replaced without one too few", async () => {
    const { strategy, progressDeadlineSeconds } = named(await whole(), "shop-rome-deployment").inputs.spec;
    expect(strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect(progressDeadlineSeconds).toBe(120);
  });
});

describe("the migration of a RegionalApp", () => {
  it("is a Job that is tried once, with the pods' environment and not their labels", async () => {
    const { job, timeoutSeconds } = named(await whole(), "shop-migration").inputs;
    expect(job.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 60 });
    expect(timeoutSeconds).toBe(60);
    const [container] = job.spec.template.spec.containers;
    expect(container.command).toEqual(["/shop", "migrate"]);
    expect(container.env).toEqual((await podOf("rome")).containers[0].env);
    const { selector } = named(await whole(), "shop-rome-service").inputs.spec;
    expect(job.spec.template.metadata.labels).not.toMatchObject(selector);
    const { podSelector } = named(await whole(), "shop-rome-policy").inputs.spec;
    expect(job.spec.template.metadata.labels).toMatchObject(podSelector.matchLabels);
  });
});

describe("the entries of a RegionalApp", () => {
  it("are a service before its pods", async () => {
    const { metadata, spec } = named(await whole(), "shop-dublin-service").inputs;
    const { labels } = named(await whole(), "shop-dublin-deployment").inputs.spec.template.metadata;
    expect(labels).toMatchObject(spec.selector);
    expect(spec).toMatchObject({
      type: "NodePort",
      ports: [{ name: "http", port: 80, targetPort: 8080, nodePort: 31_000 }],
    });
    expect(metadata.annotations["pulumi.com/skipAwait"]).toBe("true");
  });

  it("wait for a load balancer's address", async () => {
    const { metadata, spec } = named(await whole(), "shop-lisbon-service").inputs;
    expect(spec.type).toBe("LoadBalancer");
    expect(metadata.annotations).toEqual({
      "example.com/dns": "shop",
      "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}",
    });
  });

  it("are an Ingress if that is asked for", async () => {
    const { spec } = named(await whole(), "shop-rome-ingress").inputs;
    expect(spec).toEqual({
      ingressClassName: "nginx",
      tls: [{ hosts: ["shop.example.com"], secretName: "shop-tls" }],
      rules: [
        {
          host: "shop.example.com",
          http: {
            paths: [
              {
                path: "/shop",
                pathType: "Prefix",
                backend: { service: { name: "shop", port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    });
  });

  it("are a route of the Gateway API if that is asked for", async () => {
    const { spec } = named(await whole(), "shop-lisbon-route").inputs;
    expect(spec).toEqual({
      parentRefs: [{ name: "public", namespace: "gateways", sectionName: "https" }],
      hostnames: ["shop.example.com"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ name: "shop", port: 443 }],
        },
      ],
    });
  });
});

describe("the policies of a RegionalApp", () => {
  const egressOf = async (changes: Parameters<typeof make>[0]) =>
    named(await make(changes), "shop-rome-policy").inputs.spec.egress;
  const dns = {
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  };

  it("let in requests alone, and out to DNS alone where there is nothing else", async () => {
    const { spec } = named(await make(), "shop-rome-policy").inputs;
    expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
    expect(spec.ingress).toEqual([{ ports: [{ protocol: "TCP", port: 8080 }] }]);
    expect(spec.egress).toEqual([dns]);
  });

  it("let out to databases by port where they have names, and to what is added", async () => {
    const egress = [{ cidrs: ["203.0.113.0/24"], ports: [443] }, { ports: [25] }];
    expect(await egressOf({ links: { db: topologyOf("rome") }, egress })).toEqual([
      dns,
      { ports: [{ protocol: "TCP", port: 30_432 }] },
      { to: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 5432 }] },
      { to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports: [{ protocol: "TCP", port: 443 }] },
      { ports: [{ protocol: "TCP", port: 25 }] },
    ]);
  });

  it("keep a drain from taking more than one pod, unless nobody asks for it", async () => {
    const { spec } = named(await whole(), "shop-rome-budget").inputs;
    expect(spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
    const { resources } = await make({ disruptionBudget: false });
    expect(resources.some(({ name }) => name.endsWith("-budget"))).toBe(false);
  });

  it("have an autoscaler look at the processor's load", async () => {
    const { spec } = named(await whole(), "shop-lisbon-autoscaler").inputs;
    expect(spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
    expect(spec.metrics[0].resource.target).toEqual({ type: "Utilization", averageUtilization: 70 });
  });
});
