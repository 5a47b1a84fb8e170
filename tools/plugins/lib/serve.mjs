// @ts-check
import { Empty, ResourceProviderService, grpc, plugin, provider } from "./protocol.mjs";
import { decode, encode } from "./values.mjs";

/**
 * @typedef {import("./values.mjs").Properties} Properties
 * @typedef {import("./diff.mjs").Change} Change
 * @typedef {{ property: string, reason: string }} Failure
 * @typedef {{ urn: string, id: string, state: Properties }} Existing
 *
 * What a resource type does. Values reach the handlers without secret marks: the engine puts those back on
 * every output that bears the name of a secret input, and a handler marks the further ones with `secret`.
 *
 * @typedef {object} ResourceType
 * @property {(request: { urn: string, olds: Properties, news: Properties }) =>
 *   { inputs: Properties, failures: Failure[] } | Promise<{ inputs: Properties, failures: Failure[] }>} check
 * @property {(request: Existing & { news: Properties, oldInputs: Properties }) =>
 *   { changes: Change[], replaces: string[] } | Promise<{ changes: Change[], replaces: string[] }>} diff
 * @property {(request: { urn: string, inputs: Properties, preview: boolean, timeout: number }) =>
 *   { id: string, state: Properties } | Promise<{ id: string, state: Properties }>} create
 * @property {(request: Existing & { inputs: Properties }) =>
 *   { id: string, state: Properties, inputs: Properties } | undefined |
 *   Promise<{ id: string, state: Properties, inputs: Properties } | undefined>} [read]
 * @property {(request: Existing & { news: Properties, preview: boolean, timeout: number }) =>
 *   Properties | Promise<Properties>} [update]
 * @property {(request: Existing & { timeout: number }) => void | Promise<void>} [delete]
 *
 * @typedef {object} Plugin
 * @property {string} name
 * @property {string} version
 * @property {(config: Properties) => void | Promise<void>} [configure]
 * @property {Record<string, ResourceType>} resources by type token
 */

/** @typedef {any} Message a protobuf message, whose generated classes are untyped here */

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
function service({ name, version, configure, resources }, cancel) {
  /** @param {Message} request */
  const typeOf = (request) => {
    const token = request.getUrn().split("::")[2].split("$").at(-1);
    if (!Object.hasOwn(resources, token)) {
      throw new Error(
        `unknown resource type "${token}": the stand-in for the ${name} plugin does not have it`,
      );
    }
    return resources[token];
  };

  return {
    getPluginInfo: unary(() => {
      const response = new plugin.PluginInfo();
      response.setVersion(version);
      return response;
    }),
    attach: unary(() => new Empty()),
    cancel: unary(() => {
      setImmediate(cancel);
      return new Empty();
    }),
    checkConfig: unary((request) => checked(decode(request.getNews()), [])),
    diffConfig: unary(() => differing({ changes: [], replaces: [] })),
    configure: unary(async (request) => {
      await configure?.(decode(request.getArgs()));
      const response = new provider.ConfigureResponse();
      response.setSupportspreview(true);
      // Without secrets in its requests a plugin cannot leak them: the engine marks the outputs itself.
      response.setAcceptsecrets(false);
      return response;
    }),
    invoke: unary((request) => {
      throw new Error(
        `unknown function "${request.getTok()}": the stand-in for the ${name} plugin does not have it`,
      );
    }),

    check: unary(async (request) => {
      const { inputs, failures } = await typeOf(request).check({
        urn: request.getUrn(),
        olds: decode(request.getOlds()),
        news: decode(request.getNews()),
      });
      return checked(inputs, failures);
    }),
    diff: unary(async (request) =>
      differing(
        await typeOf(request).diff({
          ...existing(request, request.getOlds()),
          news: decode(request.getNews()),
          oldInputs: decode(request.getOldInputs()),
        }),
      ),
    ),
    create: unary(async (request) => {
      const created = await typeOf(request).create({
        urn: request.getUrn(),
        inputs: decode(request.getProperties()),
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
        inputs: decode(request.getInputs()),
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
        news: decode(request.getNews()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
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
      reply({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

/**
 * @param {Message} request
 * @param {Message} state
 * @returns {Existing}
 */
function existing(request, state) {
  return { urn: request.getUrn(), id: request.getId(), state: decode(state) };
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

/** @param {{ changes: Change[], replaces: string[] }} result */
function differing({ changes, replaces }) {
  const { Kind } = provider.PropertyDiff;
  const kinds = { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE };
  const replacing = {
    add: Kind.ADD_REPLACE,
    delete: Kind.DELETE_REPLACE,
    update: Kind.UPDATE_REPLACE,
  };
  const { DiffChanges } = provider.DiffResponse;
  const response = new provider.DiffResponse();
  response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setDiffsList([...new Set(changes.map(({ path }) => rootOf(path)))]);
  response.setReplacesList(replaces);
  response.setHasdetaileddiff(true);
  for (const { path, kind } of changes) {
    const detail = new provider.PropertyDiff();
    detail.setKind(replaces.includes(rootOf(path)) ? replacing[kind] : kinds[kind]);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

/** @param {string} path */
const rootOf = (path) => path.split(/[.[]/, 1)[0];
