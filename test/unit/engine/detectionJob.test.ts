import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseExpertsFile } from '../../../src/core/files/expertsFile.js';
import { HumanError } from '../../../src/core/humanError.js';
import { openAppended } from '../../../src/engine/appendedFile.js';
import { journalPath, runDetection } from '../../../src/engine/detectionJob.js';
import { conversation, fakeEngine, jobFor, MODEL, pairSet } from './fakeDetection.js';

let folder: string;
let out: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steermoe-job-'));
  out = join(folder, 'x.experts.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const reason = (expected: HumanError['reason']) => (error: unknown) => {
  expect(error).toBeInstanceOf(HumanError);
  expect((error as HumanError).reason).toBe(expected);
  return error as HumanError;
};

async function failing(run: Promise<unknown>, expected: HumanError['reason']): Promise<HumanError> {
  return run.then(
    () => {
      throw new Error('It should have failed.');
    },
    (error: unknown) => reason(expected)(error),
  );
}

describe('a detection', () => {
  it('writes its result, tells its progress, and leaves nothing else', async () => {
    const seen: number[] = [];
    const result = await runDetection({
      ...jobFor(out, fakeEngine()),
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    expect(result.file.pairs).toMatchObject({ file: 'x.pairs.jsonl', count: 6 });
    expect(result.statistics).toHaveLength(MODEL.moeLayers.length * MODEL.experts);
    expect(seen.at(-1)).toBe(1);
    expect(await readdir(folder)).toEqual(['x.experts.json']);
  });

  it('is the same bit for bit when it was cut off at any pair and resumed', async () => {
    await runDetection({ ...jobFor(out, fakeEngine()), routing: join(folder, 'r.jsonl') });
    const whole = await readFile(out, 'utf8');
    const routing = await readFile(join(folder, 'r.jsonl'), 'utf8');
    for (let cut = 0; cut < 6; cut++) {
      await rm(out);
      await rm(join(folder, 'r.jsonl'));
      const job = { ...jobFor(out, fakeEngine({ crashAfter: cut })), routing: join(folder, 'r.jsonl') };
      const error = await failing(runDetection(job), 'engine-crashed');
      if (cut > 0) expect(error.next).toContain(`${cut} of 6 pairs are kept`);
      const engine = fakeEngine();
      const result = await runDetection({ ...job, engine });
      expect(result.resumed).toBe(cut);
      expect(engine.asked.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5].slice(cut));
      expect(await readFile(out, 'utf8')).toBe(whole);
      expect(await readFile(join(folder, 'r.jsonl'), 'utf8')).toBe(routing);
      expect((await readdir(folder)).sort()).toEqual(['r.jsonl', 'x.experts.json']);
    }
  });

  it('does not go on with counts of another way of thinking', async () => {
    const job = { ...jobFor(out, fakeEngine({ crashAfter: 3 })), thinking: 'off' as const };
    await failing(runDetection(job), 'engine-crashed');
    const kept = await readFile(journalPath(out), 'utf8');
    const engine = fakeEngine();
    const { resumed, file } = await runDetection({ ...job, engine, thinking: 'on' });
    expect([resumed, file.options.thinking]).toEqual([0, 'on']);
    await writeFile(journalPath(out), kept);
    expect((await runDetection({ ...job, engine, thinking: undefined })).resumed).toBe(0);
    await writeFile(journalPath(out), kept);
    const same = await runDetection({ ...job, engine });
    expect([same.resumed, same.file.options]).toEqual([3, { replicates: 50, thinking: 'off' }]);
    expect(parseExpertsFile(await readFile(out, 'utf8')).options.thinking).toBe('off');
  });

  it('goes on after a line of the journal was cut off', async () => {
    await failing(runDetection(jobFor(out, fakeEngine({ crashAfter: 3 }))), 'engine-crashed');
    const text = await readFile(journalPath(out), 'utf8');
    await writeFile(journalPath(out), text.slice(0, -20));
    const { resumed } = await runDetection({ ...jobFor(out, fakeEngine({ crashAfter: 2 })) }).catch(() => ({
      resumed: -1,
    }));
    expect(resumed).toBe(-1);
    expect((await runDetection(jobFor(out, fakeEngine()))).resumed).toBe(4);
  });

  it('computes an edited pair anew and keeps the others', async () => {
    await failing(runDetection(jobFor(out, fakeEngine({ crashAfter: 4 }))), 'engine-crashed');
    const set = pairSet();
    set.pairs[1]!.a = conversation('Prompt 1', 'another answer');
    const engine = fakeEngine();
    await runDetection({ ...jobFor(out, engine), set });
    expect(engine.asked.map(({ index }) => index)).toEqual([1, 4, 5]);
  });

  it('does not use the journal of another model or other template variables', async () => {
    await failing(runDetection(jobFor(out, fakeEngine({ crashAfter: 4 }))), 'engine-crashed');
    const engine = fakeEngine();
    await runDetection({ ...jobFor(out, engine), template: { enable_thinking: false } });
    expect(engine.asked).toHaveLength(6);
    await failing(runDetection(jobFor(out, fakeEngine({ crashAfter: 4 }))), 'engine-crashed');
    const other = { ...MODEL, fingerprint: { ...MODEL.fingerprint, tensors: 'f'.repeat(64) } };
    const again = fakeEngine();
    await runDetection({ ...jobFor(out, again), model: other });
    expect(again.asked).toHaveLength(6);
  });

  it('computes a pair that stands in the file twice once, and counts it twice', async () => {
    const set = pairSet();
    set.pairs.push({ ...set.pairs[0]!, line: 9 });
    const engine = fakeEngine();
    const { file } = await runDetection({ ...jobFor(out, engine), set });
    expect(engine.asked).toHaveLength(6);
    expect(file.pairs.count).toBe(7);
  });

  it('names the line of a pair that fails and goes on with the others', async () => {
    const { file, problems } = await runDetection(jobFor(out, fakeEngine({ fails: [2] })));
    expect(problems).toEqual([{ line: 4, column: 1, message: 'Too long. Shorten it.', severity: 'error' }]);
    expect(file.pairs.count).toBe(5);
  });

  it('fails where every pair fails, and keeps the old result', async () => {
    await writeFile(out, 'old');
    await failing(runDetection(jobFor(out, fakeEngine({ fails: [0, 1, 2, 3, 4, 5] }))), 'pairs-invalid');
    expect(await readdir(folder)).toEqual(['x.experts.json']);
    expect(await readFile(out, 'utf8')).toBe('old');
  });

  it('fails on a set without pairs before it asks for anything', async () => {
    const set = { ...pairSet(), pairs: [] };
    await failing(runDetection({ ...jobFor(out, fakeEngine()), set }), 'pairs-invalid');
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps what is done when it is stopped', async () => {
    const stop = new AbortController();
    const job = {
      ...jobFor(out, fakeEngine()),
      signal: stop.signal,
      onProgress: ({ done }: { done: number }) => {
        if (done === 3) stop.abort();
      },
    };
    const error = await failing(runDetection(job), 'cancelled');
    expect(error.next).toContain('3 of 6 pairs are kept');
    expect((await runDetection(jobFor(out, fakeEngine()))).resumed).toBe(3);
  });
});

describe('a full disk', () => {
  it('stops the detection with a sentence and leaves the old result and a journal that can be resumed', async () => {
    await writeFile(out, 'old');
    let left = 3;
    const openJournal: typeof openAppended = (path, anew) => {
      const real = openAppended(path, anew);
      return {
        ...real,
        append: (text) => {
          if (left-- > 0) real.append(text);
          else {
            real.append(text.slice(0, 10));
            throw new HumanError('write-failed', `${path} cannot be written: the disk is full.`, 'Make room.');
          }
        },
      };
    };
    const engine = fakeEngine();
    const error = await failing(runDetection({ ...jobFor(out, engine), openJournal }), 'write-failed');
    expect(error.message).toContain('the disk is full');
    expect(error.next).toContain('2 of 6 pairs are kept');
    expect(engine.stopped).toBe(true);
    expect(await readFile(out, 'utf8')).toBe('old');
    const { resumed } = await runDetection(jobFor(out, fakeEngine()));
    expect(resumed).toBe(2);
    expect(await readFile(out, 'utf8')).not.toBe('old');
  });
});

describe('two detections of one file', () => {
  it('refuses the second while the first runs', async () => {
    let inside: Promise<HumanError> | undefined;
    await runDetection({
      ...jobFor(out, fakeEngine()),
      onProgress: () => {
        inside ??= failing(runDetection(jobFor(out, fakeEngine())), 'write-failed');
      },
    });
    expect((await inside!).message).toContain(`process ${process.pid}`);
    await runDetection(jobFor(out, fakeEngine()));
  });
});
