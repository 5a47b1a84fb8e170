/** What a kubeconfig is made of. */
export interface KubeconfigParts {
  readonly identifier: string;
  readonly awsRegion: string;
  readonly profile?: string;
  /** Where the Kubernetes API answers. */
  readonly endpoint: string;
  /** The certificate of its authority: PEM, in base64. */
  readonly certificateAuthority: string;
}

/** A kubeconfig without any secret: it logs in by AWS's command line, `aws eks get-token`. */
export function kubeconfigOf(parts: KubeconfigParts): string {
  const { identifier: name, awsRegion, profile, endpoint: server, certificateAuthority } = parts;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": certificateAuthority } }],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", name, "--region", awsRegion, "--output", "json"],
            ...(profile === undefined ? {} : { env: [{ name: "AWS_PROFILE", value: profile }] }),
            interactiveMode: "Never",
          },
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
