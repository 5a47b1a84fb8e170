import { loadKubeconfig } from "../../../src/kubernetes/kubeconfig";

const token = "eyJhbGciOiJSUzI1NiJ9.secret";

/** As the client library's parser: its errors quote the lines around the mistake. */
const loader = {
  loadFromFile: () => undefined,
  loadFromString: (text: string) => {
    throw Object.assign(new Error(`unexpected end of the stream:\n${text}`), { mark: { line: 4 } });
  },
};

/** What is said of a kubeconfig. */
function refusalOf(kubeconfig: string, { loadFromString } = loader): string {
  try {
    loadKubeconfig({ ...loader, loadFromString }, kubeconfig, "rome");
  } catch (error) {
    expect((error as Error).cause).toBeUndefined();
    return (error as Error).message;
  }
  return "nothing was refused";
}

describe("a kubeconfig that cannot be read", () => {
  it("is never printed, and its line is named", () => {
    const text = `apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user: {token: ${token}\n`;
    const refusal = refusalOf(text);
    expect(refusal).toMatch(/^the kubeconfig of rome cannot be read: line \d+ is no valid YAML\. /);
    expect(refusal).not.toContain(token);
  });

  it("is told apart from the path of a file that is not there", () => {
    for (const path of ["~/.kube/rome", "/nowhere/kubeconfig", "./rome.yaml", "rome.kubeconfig"]) {
      expect(refusalOf(path)).toMatch(/^the kubeconfig of rome is the path of a file that is not there/);
    }
  });

  it("is not printed where it is some other text", () => {
    const loadFromString = (text: string) => {
      throw new SyntaxError(`unexpected ${text}`);
    };
    for (const text of [token, `{"token": "${token}"`]) {
      expect(refusalOf(text, { ...loader, loadFromString })).toMatch(/it is not what kubectl takes/);
      expect(refusalOf(text, { ...loader, loadFromString })).not.toContain(token);
    }
  });
});
