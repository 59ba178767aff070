import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { chat } from './commands/chat.js';
import { check } from './commands/check.js';
import { demo } from './commands/demo.js';
import { detect } from './commands/detect.js';
import { info } from './commands/info.js';
import { measure } from './commands/measure.js';
import { models, modelsCatalog, modelsGet } from './commands/models.js';
import { plan } from './commands/plan.js';
import { render } from './commands/render.js';
import { EXIT } from './exitCode.js';
import { packageFile } from './packageFile.js';
import { numberIn, wholeNumber } from './numbers.js';
import { withMachineOptions, withThinkingOption } from './options.js';
import { withTowardOptions } from './planOptions.js';
import type { Run, Surroundings } from './surroundings.js';

const AFTER_HELP = `
MODEL is the path of a GGUF, the name of a model that "steermoe models" lists, or "demo" for the one that comes along.
Results go to stdout, progress and errors to stderr. With --json, stdout is one JSON document.

Exit codes: 0 done; 1 the input has problems (a file, a pair, a plan, the model); 2 wrong usage;
3 the engine, the disk or the machine failed; 130 stopped by Ctrl+C (what detection finished is kept).
`;

const CONTEXT = 'cells of the cache; 0: what the model was trained for, at most 8192';

const UNSIGNED = 2 ** 32 - 1;

/** Runs one command line; resolves to the exit code, or rejects with what `errorLine` turns into words. */
export async function runProgram(args: readonly string[], around: Surroundings): Promise<number> {
  let code: number = EXIT.done;
  const act =
    <A extends unknown[]>(run: Run<A>) =>
    async (...given: A): Promise<void> => {
      code = await run(around, ...given);
    };
  const program = new Command('steermoe')
    .description('Finds the experts of a Mixture-of-Experts LLM that carry a behaviour, and switches them on or off.')
    .addHelpText('after', AFTER_HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        around.terminal.out.write(text);
      },
      writeErr: (text) => {
        around.terminal.err.write(
          text.replace(/^error: (.)/, (_, first: string) => `steermoe: ${first.toUpperCase()}`),
        );
      },
    })
    .version(version(), '-V, --version')
    .enablePositionalOptions()
    .showHelpAfterError('Run "steermoe --help" or "steermoe COMMAND --help" for how to use it.');

  program
    .command('info')
    .description('what a model is: architecture, MoE layers, experts, context, template, size')
    .argument('<model>', 'a GGUF, the name of a model, or "demo"')
    .option('--context <n>', CONTEXT, wholeNumber(0), 0)
    .option('--json', 'print one JSON document')
    .action(act(info));

  const known = program
    .command('models')
    .description('the models on this computer: downloads, LM Studio, Ollama, llama.cpp and Hugging Face caches')
    .option('--json', 'print one JSON document')
    .enablePositionalOptions()
    .action(act(models));

  known
    .command('catalog')
    .description('Mixture-of-Experts models that are worth downloading, with what they need')
    .option('--json', 'print one JSON document')
    .action(act(modelsCatalog));

  known
    .command('get')
    .description('downloads a model, checks it, and prints where it lies')
    .argument('<uri>', 'hf:user/repo:quant, hf:user/repo/file.gguf, or the address of a GGUF')
    .option('--dir <folder>', 'another folder than that of all downloads')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nStopped by Ctrl+C, it keeps what came and goes on from there when it is run again.')
    .action(act(modelsGet));

  program
    .command('check')
    .description('problems of pairs files, lists of experts and steering plans, as file:line:column: message')
    .argument('<file...>', '*.pairs.jsonl, *.csv, *.experts.json, *.steering.json')
    .option('--json', 'print one JSON document')
    .action(act(check));

  withMachineOptions(
    withThinkingOption(program.command('render'))
      .description('a pair as the model reads it: after the chat template, what is compared between \u27e6 and \u27e7')
      .argument('<pairs>', 'a pairs file')
      .requiredOption('--model <model>', 'a GGUF, or "demo"')
      .option('--pair <n>', 'the number of the pair in the file, from 1', wholeNumber(1), 1)
      .option('--json', 'print one JSON document'),
  ).action(act(render));

  withMachineOptions(
    withThinkingOption(program.command('detect'))
      .description('counts which experts the two sides of pairs select, and ranks all experts by risk difference')
      .argument('<pairs>', 'a pairs file')
      .requiredOption('--model <model>', 'a GGUF, the name of a model, or "demo"')
      .option('--out <file>', 'where the list of experts goes (beside the pairs, as *.experts.json)')
      .option('--routing <file>', 'also write the selected experts of every target token, a JSON line a side of a pair')
      .option('--limit <n>', 'use the first n pairs only', wholeNumber(1))
      .option('--json', 'print one JSON document'),
  )
    .addHelpText('after', '\nStopped by Ctrl+C or a crash, it goes on from where it was when it is run again.')
    .action(act(detect));

  withTowardOptions(
    program
      .command('plan')
      .description('makes a steering plan from a list of experts')
      .argument('<experts>', 'a *.experts.json of detect'),
  )
    .requiredOption('--out <file>', 'where the plan goes, a *.steering.json')
    .option('--json', 'print one JSON document')
    .action(act(plan));

  withMachineOptions(
    withTowardOptions(
      withThinkingOption(program.command('chat'))
        .description('one answer of the model, steered or not')
        .argument('<prompt>', 'what to say to the model; - reads it from stdin')
        .requiredOption('--model <model>', 'a GGUF, the name of a model, or "demo"')
        .option('--plan <file>', 'a *.steering.json')
        .option('--experts <file>', 'a *.experts.json, with --toward, --on and --off'),
    )
      .option('--compare', 'answer both unsteered and steered')
      .option('--system <text>', 'a system prompt')
      .option('--max-tokens <n>', 'longest answer', wholeNumber(1), 512)
      .option('--temperature <t>', '0 takes the most likely token', numberIn(0, 100), 0.8)
      .option('--top-k <n>', '0: all tokens', wholeNumber(0, 2 ** 31 - 1), 40)
      .option('--top-p <p>', '1: all tokens', numberIn(0, 1), 0.95)
      .option('--min-p <p>', '0: all tokens', numberIn(0, 1), 0.05)
      .option('--seed <s>', 'makes an answer repeatable; chance where not given', wholeNumber(0, UNSIGNED))
      .option('--context <n>', CONTEXT, wholeNumber(0), 0)
      .option('--json', 'print one JSON document'),
  ).action(act(chat));

  const show = withMachineOptions(
    program
      .command('demo')
      .description('the whole way with the demo model: detect, rank, draw, steer, and measure what it did')
      .option('--from <folder>', 'another folder that is laid out like media/demo'),
  )
    .enablePositionalOptions()
    .action(act(demo));

  withMachineOptions(
    show
      .command('measure')
      .description('measures every behaviour of the demo model in every condition on all held-out prompts')
      .option('--from <folder>', 'another folder that is laid out like media/demo')
      .option('--prompts <n>', 'use the first n held-out prompts only', wholeNumber(1))
      .option('--out <file>', 'write the measurement there, as JSON')
      .option('--sets <n>', 'random sets of experts as controls', wholeNumber(1, 100), 5)
      .option('--json', 'print one JSON document'),
  ).action(act(measure));

  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  return code;
}

function version(): string {
  try {
    const manifest = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version?: string };
    return manifest.version ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
