/** An extension of a database. */
export interface ExtensionArgs {
  /**
   * Its version. Another one updates the extension.
   *
   * @default the image's
   */
  version?: string;

  /**
   * The schema that its objects are in: one that is there, or is among `schemas`.
   *
   * @default what the extension says, or else `public`
   */
  schema?: string;
}

/** A schema of a database. */
export interface SchemaArgs {
  /**
   * The role that owns it.
   *
   * @default the superuser
   */
  owner?: string;
}

/**
 * A database. The operator of the region that writes makes it and what is in it, within half a minute, and tells in
 * the status of the `Database` if it cannot. Nothing is dropped that is taken out of here.
 */
export interface ManagedDatabaseArgs {
  /**
   * The role that owns it: the application's, or one of `roles`. That of the application's own database is
   * `database.owner`.
   *
   * @default the application's owner
   */
  owner?: string;

  /**
   * Its schemas, by name.
   *
   * @default {}
   */
  schemas?: Record<string, SchemaArgs>;

  /**
   * Its extensions, by name, made in this order. Those that need a library need `sharedPreloadLibraries` too.
   *
   * @default {}
   */
  extensions?: Record<string, ExtensionArgs>;
}
