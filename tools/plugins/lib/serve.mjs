// @ts-check
import { InitializationFailed, asGrpcError } from "./initialization-failed.mjs";
import { Empty, ResourceProviderService, grpc, plugin, provider } from "./protocol.mjs";
import { Monitor } from "./monitor.mjs";
import { decode, decodeMarked, encode } from "./values.mjs";

/**
 * @typedef {import("./values.mjs").Properties} Properties
 * @typedef {import("./diff.mjs").Change} Change
 * @typedef {{ property: string, reason: string }} Failure
 * @typedef {{ urn: string, id: string, state: Properties }} Existing
 *
 * @typedef {{ changes: Change[], replaces: string[], deleteBeforeReplace?: boolean, isDetailed?: boolean }} Difference
 * @typedef {{ proposedName: string, disabled: boolean }} Autonaming
 *
 * What a resource type does. Values reach the handlers without secret marks, since the engine puts those back on
 * every output that bears the name of a secret input, and a handler marks the further ones with `secret`; unless
 * the plugin accepts secrets: then it gets the marks and has to put them back itself.
 *
 * @typedef {object} ResourceType
 * @property {(request: { urn: string, olds: Properties, news: Properties, randomSeed: Uint8Array,
 *   autonaming?: Autonaming | undefined }) =>
 *   { inputs: Properties, failures: Failure[] } | Promise<{ inputs: Properties, failures: Failure[] }>} check
 * @property {(request: Existing & { news: Properties, oldInputs: Properties, ignoreChanges: string[] }) =>
 *   Difference | Promise<Difference>} diff
 * @property {(request: { urn: string, inputs: Properties, preview: boolean, timeout: number }) =>
 *   { id: string, state: Properties } | Promise<{ id: string, state: Properties }>} create
 * @property {(request: Existing & { inputs: Properties }) =>
 *   { id: string, state: Properties, inputs: Properties } | undefined |
 *   Promise<{ id: string, state: Properties, inputs: Properties } | undefined>} [read]
 * @property {((request: Existing & { news: Properties, preview: boolean, timeout: number,
 *   ignoreChanges: string[] }) => Properties | Promise<Properties>) | undefined} [update]
 * @property {(request: Existing & { timeout: number }) => void | Promise<void>} [delete]
 *
 * @typedef {object} Construction a component that the plugin is to make from other resources
 * @property {string} type
 * @property {string} name
 * @property {Properties} inputs with secret marks
 * @property {Monitor} monitor to register them with
 * @property {Omit<import("./monitor.mjs").Registration, "type" | "name" | "custom" | "inputs">} options
 *
 * @typedef {object} Plugin
 * @property {string} name
 * @property {string} version
 * @property {boolean} [acceptsSecrets]
 * @property {boolean} [autonames] as the engine is configured to
 * @property {(news: Properties) => Failure[] | Promise<Failure[]>} [checkConfig] what is wrong with its inputs
 * @property {(olds: Properties, news: Properties) => { changed: string[], replaces: string[] }} [diffConfig]
 * @property {(config: Properties) => void | Promise<void>} [configure]
 * @property {Record<string, (args: Properties) => Properties | Promise<Properties>>} [functions] by token
 * @property {(construction: Construction) => Promise<{ urn: string, state: Properties }>} [construct]
 * @property {() => void} [cancel] ends what is under way
 * @property {(token: string) => ResourceType | undefined} typeOf
 */

/** @typedef {any} Message a protobuf message, whose generated classes are untyped here */

/**
 * @param {Record<string, ResourceType>} types by token
 * @returns {Plugin["typeOf"]}
 */
export const tokenIn = (types) => (token) => (Object.hasOwn(types, token) ? types[token] : undefined);

/**
 * Serves a provider to the engine that started this process, until that engine goes away.
 * @param {Plugin} definition
 */
export function serve(definition) {
  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  const quit = () => process.exit(0);
  const cancel = () => server.tryShutdown(quit);
  server.addService(ResourceProviderService, service(definition, cancel));

  process.on("SIGINT", quit);
  process.on("SIGTERM", quit);
  quitWithParent(quit);

  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) {
      process.stderr.write(`cannot listen: ${error.message}\n`);
      process.exit(1);
    }
    // The engine reads exactly this line to learn where to connect.
    process.stdout.write(`${port}\n`);
  });
}

/**
 * An engine that is killed tells its plugins nothing: they only get another parent.
 * @param {() => void} quit
 */
function quitWithParent(quit) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && quit(), 500).unref();
}

/**
 * @param {Plugin} definition
 * @param {() => void} cancel
 */
function service(definition, cancel) {
  const {
    name,
    version,
    acceptsSecrets = false,
    autonames = false,
    checkConfig,
    diffConfig,
    configure,
    construct,
    functions = {},
  } = definition;
  const values = acceptsSecrets ? decodeMarked : decode;

  /** @param {Message} request */
  const typeOf = (request) => {
    const token = request.getUrn().split("::")[2].split("$").at(-1);
    const type = definition.typeOf(token);
    if (type === undefined) {
      throw new Error(
        `unknown resource type "${token}": the stand-in for the ${name} plugin does not have it`,
      );
    }
    return type;
  };
  /**
   * @param {Message} request
   * @param {Message} state
   * @returns {Existing}
   */
  const existing = (request, state) => ({
    urn: request.getUrn(),
    id: request.getId(),
    state: values(state),
  });

  return {
    getPluginInfo: unary(() => {
      const response = new plugin.PluginInfo();
      response.setVersion(version);
      return response;
    }),
    attach: unary(() => new Empty()),
    cancel: unary(() => {
      definition.cancel?.();
      setImmediate(cancel);
      return new Empty();
    }),
    checkConfig: unary(async (request) => {
      const news = values(request.getNews());
      return checked(news, (await checkConfig?.(news)) ?? []);
    }),
    diffConfig: unary((request) =>
      diffConfig === undefined
        ? differing({ changes: [], replaces: [] })
        : undetailed(diffConfig(decode(request.getOlds()), decode(request.getNews()))),
    ),
    configure: unary(async (request) => {
      await configure?.(decode(request.getArgs()));
      const response = new provider.ConfigureResponse();
      response.setSupportspreview(true);
      // Without secrets in its requests a plugin cannot leak them: the engine marks the outputs itself.
      response.setAcceptsecrets(acceptsSecrets);
      response.setSupportsAutonamingConfiguration(autonames);
      return response;
    }),
    invoke: unary(async (request) => {
      const token = request.getTok();
      const call = Object.hasOwn(functions, token) ? functions[token] : undefined;
      if (call === undefined) {
        throw new Error(`unknown function "${token}": the stand-in for the ${name} plugin does not have it`);
      }
      const response = new provider.InvokeResponse();
      response.setReturn(encode(await call(decode(request.getArgs()))));
      return response;
    }),
    construct: unary(async (request) => {
      if (construct === undefined) {
        throw new Error(
          `unknown component type "${request.getType()}": the stand-in for the ${name} plugin does not have it`,
        );
      }
      const monitor = new Monitor(request.getMonitorendpoint());
      try {
        const { urn, state } = await construct({
          type: request.getType(),
          name: request.getName(),
          inputs: decodeMarked(request.getInputs()),
          monitor,
          options: {
            parent: request.getParent(),
            dependencies: request.getDependenciesList(),
            protect: request.getProtect(),
            retainOnDelete: request.getRetainondelete(),
            aliases: request.getAliasesList(),
            providers: request.getProvidersMap().toArray(),
          },
        });
        const response = new provider.ConstructResponse();
        response.setUrn(urn);
        response.setState(encode(state));
        return response;
      } finally {
        monitor.close();
      }
    }),

    check: unary(async (request) => {
      const { inputs, failures } = await typeOf(request).check({
        urn: request.getUrn(),
        olds: values(request.getOlds()),
        news: values(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
        autonaming: autonamingOf(request.getAutonaming()),
      });
      return checked(inputs, failures);
    }),
    diff: unary(async (request) =>
      differing(
        await typeOf(request).diff({
          ...existing(request, request.getOlds()),
          news: values(request.getNews()),
          oldInputs: values(request.getOldInputs()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    create: unary(async (request) => {
      const created = await typeOf(request).create({
        urn: request.getUrn(),
        inputs: values(request.getProperties()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      const response = new provider.CreateResponse();
      response.setId(created.id);
      response.setProperties(encode(created.state));
      return response;
    }),
    read: unary(async (request) => {
      const { read } = typeOf(request);
      if (read === undefined) {
        throw new Error(`${request.getUrn()}: this type of resource can neither be read nor imported`);
      }
      const found = await read({
        ...existing(request, request.getProperties()),
        inputs: values(request.getInputs()),
      });
      const response = new provider.ReadResponse();
      if (found !== undefined) {
        response.setId(found.id);
        response.setProperties(encode(found.state));
        response.setInputs(encode(found.inputs));
      }
      return response;
    }),
    update: unary(async (request) => {
      const { update } = typeOf(request);
      if (update === undefined) {
        throw new Error(`${request.getUrn()}: this type of resource can only be replaced`);
      }
      const state = await update({
        ...existing(request, request.getOlds()),
        news: values(request.getNews()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
        ignoreChanges: request.getIgnorechangesList(),
      });
      const response = new provider.UpdateResponse();
      response.setProperties(encode(state));
      return response;
    }),
    delete: unary(async (request) => {
      await typeOf(request).delete?.({
        ...existing(request, request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new Empty();
    }),
  };
}

/**
 * @param {(request: Message) => Message | Promise<Message>} handle
 * @returns {(call: { request: Message }, reply: (error: any, response?: Message) => void) => Promise<void>}
 */
function unary(handle) {
  return async (call, reply) => {
    try {
      reply(null, await handle(call.request));
    } catch (error) {
      if (error instanceof InitializationFailed) {
        reply(asGrpcError(error));
        return;
      }
      reply({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

/**
 * @param {Properties} inputs
 * @param {Failure[]} failures
 */
function checked(inputs, failures) {
  const response = new provider.CheckResponse();
  response.setInputs(encode(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new provider.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

/**
 * @param {Message} options
 * @returns {Autonaming | undefined}
 */
function autonamingOf(options) {
  if (!options) {
    return undefined;
  }
  const { DISABLE } = provider.CheckRequest.AutonamingOptions.Mode;
  return { proposedName: options.getProposedName(), disabled: options.getMode() === DISABLE };
}

/** @param {Difference} difference */
function differing({ changes, replaces, deleteBeforeReplace = false, isDetailed = true }) {
  const { Kind } = provider.PropertyDiff;
  const kinds = { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE };
  const replacing = {
    add: Kind.ADD_REPLACE,
    delete: Kind.DELETE_REPLACE,
    update: Kind.UPDATE_REPLACE,
  };
  const response = undetailed({ changed: [...new Set(changes.map(({ path }) => rootOf(path)))], replaces });
  response.setDeletebeforereplace(deleteBeforeReplace);
  if (!isDetailed) {
    return response;
  }
  response.setHasdetaileddiff(true);
  for (const { path, kind, inputDiff = false } of changes) {
    const detail = new provider.PropertyDiff();
    const replaced = replaces.includes(path) || replaces.includes(rootOf(path));
    detail.setKind(replaced ? replacing[kind] : kinds[kind]);
    detail.setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

/** @param {{ changed: string[], replaces: string[] }} difference */
function undetailed({ changed, replaces }) {
  const { DiffChanges } = provider.DiffResponse;
  const response = new provider.DiffResponse();
  const some = changed.length > 0 || replaces.length > 0;
  response.setChanges(some ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setDiffsList(changed);
  response.setReplacesList(replaces);
  return response;
}

/** @param {string} path */
const rootOf = (path) => path.replace(/[.[].*$/s, "");
