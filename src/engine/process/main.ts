/** The engine process: forked by a client, it speaks JSON-RPC over the fork's channel and ends with it. */
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
  type CancellationToken,
} from 'vscode-jsonrpc/node.js';
import { HumanError } from '../../core/humanError.js';
import * as protocol from '../../protocol/engine.js';
import * as downloads from '../../protocol/download.js';
import { download } from './download/download.js';
import { EngineServer } from './engineServer.js';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));

const notify = (sending: Promise<void>): void => {
  // A message that cannot be sent means that the client is gone, and with it this process.
  sending.catch(() => process.exit(0));
};

const server = new EngineServer({
  onLoadProgress: (fraction) => {
    notify(connection.sendNotification(protocol.loadProgress, { fraction }));
  },
  onPair: (counts) => {
    notify(connection.sendNotification(protocol.pairDone, counts));
  },
  onFailed: (failure) => {
    notify(connection.sendNotification(protocol.pairFailed, failure));
  },
  onLaneEvents: (events) => {
    notify(connection.sendNotification(protocol.laneEvents, events));
  },
  log: (level, text) => {
    notify(connection.sendNotification(protocol.log, { level, source: 'llama.cpp', text }));
  },
});

connection.onRequest(protocol.supportedBackends, () => answer(server.supportedBackends()));
connection.onRequest(protocol.startBackend, ({ backend, trial }) =>
  answer(async () => {
    await server.startBackend(backend, trial);
    return null;
  }),
);
connection.onRequest(protocol.inspectModel, ({ path }) => answer(async () => Promise.resolve(server.inspect(path))));
connection.onRequest(protocol.readMemory, ({ path }) => answer(async () => Promise.resolve(server.readMemory(path))));
connection.onRequest(protocol.loadModel, (params) => answer(server.load(params)));
connection.onRequest(protocol.unloadModel, () =>
  answer(async () => {
    server.unload();
    return Promise.resolve(null);
  }),
);
connection.onRequest(protocol.renderConversation, (params) =>
  answer(async () => Promise.resolve(server.render(params))),
);
connection.onRequest(protocol.detect, (params, token) =>
  cancellable(token, () => {
    server.cancelDetection();
  })(answer(server.detect(params))),
);
connection.onRequest(protocol.generate, ({ request, lanes }, token) =>
  cancellable(token, () => {
    server.cancelAnswer(request);
  })(answer(server.generate(request, lanes))),
);
connection.onRequest(downloads.downloadModel, (params, token) => {
  const stop = new AbortController();
  const work = download(params, stop.signal, (progress) => {
    notify(connection.sendNotification(downloads.downloadProgress, progress));
  });
  return cancellable(token, () => {
    stop.abort();
  })(answer(work));
});
connection.onRequest(protocol.ping, () => null);
connection.onRequest(protocol.report, () => answer(server.report()));

/** Turns what a request throws into an error response with a reason and a next step. */
async function answer<T>(work: Promise<T> | (() => Promise<T>)): Promise<T | ResponseError<protocol.EngineFailure>> {
  try {
    return await (typeof work === 'function' ? work() : work);
  } catch (error) {
    const human =
      error instanceof HumanError
        ? error
        : new HumanError(
            'engine-failed',
            `The engine met an error that it did not expect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
            'Please report it with the engine log.',
          );
    return new ResponseError(1, human.message, { reason: human.reason, next: human.next });
  }
}

function cancellable(token: CancellationToken, cancel: () => void): <T>(work: Promise<T>) => Promise<T> {
  const subscription = token.onCancellationRequested(cancel);
  return (work) =>
    work.finally(() => {
      subscription.dispose();
    });
}

// The channel is the only life line: no client, no engine. A running step is cut short, or the exit would wait for it.
process.on('disconnect', () => {
  server.unload();
  process.exit(0);
});
// Ctrl+C in a terminal reaches the whole group; the client decides when the engine ends.
process.on('SIGINT', () => undefined);
connection.listen();
