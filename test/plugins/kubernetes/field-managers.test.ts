import type * as FieldManagers from "../../../tools/plugins/kubernetes/field-managers.mjs" with {
  "resolution-mode": "import",
};

const { fieldManagerOf, hasCreatedFields, takingOver } = jest.requireActual<typeof FieldManagers>(
  "../../../tools/plugins/kubernetes/field-managers.mjs",
);

const NAME = "pulumi-kubernetes-12345678";

const entry = (manager: string, operation: string, fieldsV1: object, more: object = {}) => ({
  manager,
  operation,
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1,
  ...more,
});

const object = (...managedFields: object[]) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", resourceVersion: "7", managedFields },
});

describe("the name under which fields are managed", () => {
  const annotated = { metadata: { annotations: { "pulumi.com/patchFieldManager": "mine" } } };

  test("is that of the annotation, or the one it always had, or a new one", () => {
    expect(fieldManagerOf(annotated, NAME)).toBe("mine");
    expect(fieldManagerOf({}, NAME)).toBe(NAME);
    expect(fieldManagerOf({})).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  });
});

describe("taking over", () => {
  test("makes what was created, and what kubectl applied, the manager's own", () => {
    const created = object(
      entry("pulumi-kubernetes", "Update", { "f:data": { ".": {}, "f:a": {} } }),
      entry("kubectl-client-side-apply", "Update", { "f:data": { "f:b": {} } }),
      entry("controller", "Update", { "f:status": {} }),
    );
    expect(hasCreatedFields(created)).toBe(true);
    expect(takingOver(created, NAME)).toEqual([
      {
        op: "replace",
        path: "/metadata/managedFields",
        value: [
          entry(NAME, "Apply", { "f:data": { ".": {}, "f:a": {}, "f:b": {} } }),
          entry("controller", "Update", { "f:status": {} }),
        ],
      },
      { op: "replace", path: "/metadata/resourceVersion", value: "7" },
    ]);
  });

  test("leaves nothing to do afterwards, nor where others only report", () => {
    const applied = object(
      entry(NAME, "Apply", { "f:data": {} }),
      entry("kubectl", "Update", { "f:status": {} }, { subresource: "status" }),
    );
    expect(hasCreatedFields(applied)).toBe(false);
    expect(takingOver(applied, NAME)).toBeUndefined();
  });
});
